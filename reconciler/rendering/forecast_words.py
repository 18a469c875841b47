"""The words of forecasts."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from reconciler.model.forecasts import Forecast

_MARGIN = "[[, margin {margin:amount}]]"
_LEVERAGE = f"{_MARGIN}[[, leverage {{leverage:reason}}]]"
# Shown only of contracts whose size is not known.
_AT = "[[ at {price:bare}]]"
_ABOUT = "[[, about {worth:amount}]]"
_AT_ONCE = "[[, AT ONCE, since the price is {market:bare}]]"
_RESULT = "[[, result about {result:amount}]]"
_CLOSING = f"{{side:closes}} {{units:amount}}[[ for about {{worth:amount}}]]{_RESULT}"
_LIQUIDATION = "liquidation at about {price:round} (estimated, without maintenance margin)"

FORECAST_TEMPLATES: Mapping[StrEnum, str] = {
    Forecast.COMMITS: f"{{total:amount}}{_AT}{_LEVERAGE}",
    Forecast.COMMITS_AS_BEFORE: f"commits {{total:amount}}{_AT} as before",
    Forecast.COMMITS_INSTEAD: (
        f"commits {{total:amount}}{_AT}{_MARGIN} instead of {{before:amount}}[[ at {{price_before:bare}}]]"
    ),
    Forecast.ENTERS_AT_ONCE: f"{{side:opens}} {{units:amount}} at once{_ABOUT}{_LEVERAGE}",
    Forecast.ENTERS_AT_MARKET: f"{{side:opens}} {{units:amount}} at market now{_ABOUT}",
    Forecast.TAKES_OVER: f"takes over {{units:amount}} already held{_LEVERAGE}",
    Forecast.FREES: f"{{total:amount}}{_AT}",
    Forecast.FREES_FIRST: f"the waiting entry frees {{total:amount}}{_AT} first",
    Forecast.TAKES_REST_BACK: "the rest of the entry is cancelled first, which frees {total:amount}",
    Forecast.BY_ITS_OWN_TRADE: "a trade on own funds is opened for that and closed at once",
    Forecast.CLOSES_AT_MARKET: f"{{side:closes}} {{units:amount}} at market{_ABOUT}{_RESULT}",
    Forecast.CLOSES_UNKNOWN: "closes at market all that it holds; how much that is cannot be read: {problem}",
    Forecast.CLOSES_NOW: f"closes the position at once: {_CLOSING}",
    Forecast.CLOSES_AFTER_ENTRY: f"closes the position as soon as the entry fills: {_CLOSING}",
    Forecast.CLOSES_PART_NOW: f"closes {{share:bare}} of the position at once: {_CLOSING}",
    Forecast.CLOSES_PART_AFTER_ENTRY: f"closes {{share:bare}} of the position as soon as the entry fills: {_CLOSING}",
    Forecast.PROFIT_NOW: "profit now {profit:amount}[[ ({share:bare})]]",
    Forecast.ADDS: f"{{total:amount}} more, {{units:amount}} at {{price:bare}}{_MARGIN}",
    Forecast.ADDS_AT_ONCE: "{side:opens} {units:amount} at once[[, worth {total:amount} at most]]",
    Forecast.AVERAGING_FILLED: "{units:amount} of it are filled and stay",
    Forecast.ADDS_AT_MARKET: f"{{side:opens}} {{units:amount}} more at market{_ABOUT}",
    Forecast.ADDS_AT_PRICE: f"{{side:opens}} {{units:amount}} more at {{price:bare}}[[: {{total:amount}}]]{_AT_ONCE}",
    Forecast.REDUCES_AT_MARKET: f"{{side:closes}} {{units:amount}} of {{held:amount}} at market{_ABOUT}",
    Forecast.REDUCES_AT_PRICE: (
        f"{{side:closes}} {{units:amount}} of {{held:amount}} at {{price:bare}}[[: {{total:amount}}]]{_AT_ONCE}"
    ),
    Forecast.CONTRACT_SIZE_UNKNOWN: "the size of one contract is not known, so its worth is not shown",
    Forecast.KEEPS_UNPROTECTED: "keeps {units:amount} without steps and stop",
    Forecast.KEEPS_UNKNOWN: (
        "keeps what it holds without steps and stop; whether it holds anything cannot be read: {problem}"
    ),
    Forecast.UNPROTECTED_NOW: "the position is unprotected now",
    Forecast.STOP_REMOVED: "no stop any more[[, was at {before:bare}]]",
    Forecast.STOP_ADDED: "stop at {level:bare}, none before",
    Forecast.STOP_MOVED: "stop at {level:bare} instead of {before:bare}",
    Forecast.STOP_ACTS_DIFFERENTLY: "stop at {level:bare} acts differently",
    Forecast.STOP_WATCHES: "stop at {level:bare} watches {watched} instead of {watched_before}",
    Forecast.STOP_ARMED: "makes the stop[[ at {level:bare}]] active again",
    Forecast.STOP_ARMED_PASSED: "makes the stop[[ at {level:bare}]] active again, which the price has passed",
    Forecast.WITHOUT_FORMER_STOP: "without the stop that it had",
    Forecast.TRAILING_RESTARTS: (
        "the trailing stop starts again at {level:bare}, since an update forgets how far it has followed the price"
    ),
    Forecast.BREAKEVEN_UNDONE: "the stop, at the entry since the first step, may go back to {level:bare}",
    Forecast.TIMEOUT_RESTARTS: "the timeout of the stop, already running, starts again with {seconds:n} s",
    Forecast.STEP_TRAILING_RESTARTS: "the trailing of the step at {level:bare}, already active, starts again",
    Forecast.STEP_CANCELLED: "{share:bare} of the position, {units:amount}, gets no step",
    Forecast.STEPS_REMOVED: "no take profit any more, was at {before:list}",
    Forecast.STEPS_ADDED: "take profit at {levels:list}, none before",
    Forecast.STEPS_MOVED: "take profit at {levels:list} instead of {before:list}",
    Forecast.STEPS_ACT_DIFFERENTLY: "take profit at {levels:list} acts differently",
    Forecast.LEVERAGE: "{margin}[[ {factor:bare}]]",
    Forecast.NO_LEVERAGE: "none",
    Forecast.LEVERAGE_CHANGED: "leverage {leverage:reason} instead of {before:reason}",
    Forecast.LEVERAGE_IGNORED: "{pair} is a spot pair, which takes no leverage: {leverage:reason} is ignored",
    Forecast.LIQUIDATION_UNKNOWN: "the liquidation price is not known",
    Forecast.LIQUIDATION_WITHOUT_STOP: f"{_LIQUIDATION}, with no stop before it",
    Forecast.LIQUIDATION_BEFORE_STOP: f"{_LIQUIDATION}, before or near the stop at {{stop:round}}",
    Forecast.LIQUIDATION_BEHIND_STOP: f"{_LIQUIDATION}, behind the stop at {{stop:round}}",
    Forecast.STEP_NAMED: "step {number:n} of {trade}",
    Forecast.STOP_PASSED: "THE STOP IS PASSED at the present price and executes at once",
    Forecast.STEP_REACHED: "at the present price a take-profit step executes at once",
    Forecast.ASKS_TO_PROCESS: ("asks 3Commas to process the trade now; what that does is documented by its name only"),
    Forecast.FREES_NOW: f"frees {{total:amount}}{_AT}",
    Forecast.POSITION_STAYS: "THE POSITION STAYS, UNPROTECTED",
    Forecast.NO_STOP_YET: ("the entry still waits, and until it is filled NO STOP protects what is bought now"),
    Forecast.ORDERS_WAITING: "{count:count such order} already waiting",
    Forecast.AT_MOST: "at most {largest:exact}",
    Forecast.ORDER_CANCELLED: ("order {order_id:n} ({order_type} {side} of {units:amount}) will not be executed"),
    Forecast.NOTE_ADDED: "note `{text}`, none before",
    Forecast.NOTE_REPLACED: "note `{text}`, instead of `{before}`",
    Forecast.MOVES_NO_MONEY: "moves no money",
    Forecast.LEFT_TO_USER: "the trade continues without reconciler",
}
