"""The options of a sandbox: what the public documents leave open, and how long intermediate states last.

Source: each choice is assumed; the defaults are the plain reading. A client must work with every one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from reconciler.sandbox.values.decimals import read_decimal
from reconciler.sandbox.values.errors import InvalidOption

# Intermediate states that only the clock ends: more reads than any client makes.
UNTIL_CLOCK = "clock"
ENDLESS_READS = 10**9
MAX_READS = 1000

# Percent of the total. Source: published examples (a paper account pays 0.1 %, a real one paid 0.6 %).
DEFAULT_FEE_PCT = Decimal("0.1")
MAX_FEE_PCT = Decimal(10)


class ShownLevel(StrEnum):
    """The shown value of a level that the engine moves: moved, or as requested."""

    MOVED = "moved"
    UNCHANGED = "unchanged"


class FinishedSteps(StrEnum):
    """Effect of a PATCH of take profit once a step has finished: the step is kept if echoed, or 422."""

    KEPT = "kept"
    REFUSED = "refused"


class MissingGroups(StrEnum):
    """Effect of a PATCH on a take-profit or stop-loss group that is missing in it."""

    UNCHANGED = "unchanged"
    DISABLED = "disabled"


class FeeCurrency(StrEnum):
    """Currency of the exchange's fee: always the quote currency, or the currency that an order receives."""

    QUOTE = "quote"
    RECEIVED = "received"


class UnknownTrade(StrEnum):
    """Status of the answer of GET and DELETE to an unknown id; all other endpoints answer 404."""

    DOCUMENTED = "400"
    NOT_FOUND = "404"


class CancelAnswer(StrEnum):
    """Answer of both DELETE endpoints: 200 and the entity, or 204 without a body."""

    ENTITY = "entity"
    EMPTY = "empty"


class WrongStatus(StrEnum):
    """Status of the answer to an action that the trade does not allow now; each status has its own `error`."""

    WRONG_PARAMS = "400"
    FORBIDDEN = "403"
    UNPROCESSABLE = "422"


class TrailingPercent(StrEnum):
    """The distance of a trailing stop: as the request gave it, or ignored and answered as null.

    Source: recorded answers of 2021 have null although the clients had sent a percent.
    """

    AS_SENT = "as_sent"
    NULL = "null"


class OffGrid(StrEnum):
    """Prices and units off their grid: cut, except triggers, which are kept; or refused with 422.

    Source: recorded answers for prices of steps and triggers of stops; that of units is inferred.
    """

    CUT = "cut"
    REFUSED = "refused"


class QuantoMultiplier(StrEnum):
    """The pairs whose rates name the size of a contract: linear ones whose size is not 1, all contracts, or none."""

    LINEAR = "linear"
    ALWAYS = "always"
    NEVER = "never"


class Entities(StrEnum):
    """The form of SmartTrade entities: as the documents show them, or as they were recorded in 2021."""

    DOCUMENTED = "documented"
    RECORDED = "recorded"


class TradingSupported(StrEnum):
    """Whether accounts say that they can trade; if not, a create is refused."""

    TRUE = "true"
    FALSE = "false"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """All options of a sandbox.

    Args:
        trailing_stop: Whether the trigger of a trailing stop is shown moved along with its level.
        trailing_percent: The distance of a trailing stop, and whether answers name it.
        off_grid: What happens to prices and units off their grid.
        quanto_multiplier: The pairs whose rates name the size of a contract.
        entities: The form of SmartTrade entities.
        trading_supported: Whether accounts say that they can trade.
        breakeven: Whether the trigger is shown moved once breakeven has moved it.
        finished_steps: Effect of a PATCH once a step has finished.
        missing_groups: Effect of a PATCH on groups that are missing in it.
        unknown_trade: Answer of GET and DELETE to an unknown id.
        cancel_answer: Answer of a DELETE.
        wrong_status: Answer to an action in the wrong status.
        fee_currency: Currency in which the fee of an order is taken.
        fee_pct: Fee of every order, in percent of its total.
        pending_reads: Number of reads that see an intermediate state; 0 ends it before the next request. Advancing the
            clock always ends it.
    """

    trailing_stop: ShownLevel = ShownLevel.UNCHANGED
    trailing_percent: TrailingPercent = TrailingPercent.NULL
    off_grid: OffGrid = OffGrid.CUT
    quanto_multiplier: QuantoMultiplier = QuantoMultiplier.LINEAR
    entities: Entities = Entities.DOCUMENTED
    trading_supported: TradingSupported = TradingSupported.TRUE
    breakeven: ShownLevel = ShownLevel.MOVED
    finished_steps: FinishedSteps = FinishedSteps.KEPT
    missing_groups: MissingGroups = MissingGroups.UNCHANGED
    unknown_trade: UnknownTrade = UnknownTrade.DOCUMENTED
    cancel_answer: CancelAnswer = CancelAnswer.ENTITY
    wrong_status: WrongStatus = WrongStatus.WRONG_PARAMS
    fee_currency: FeeCurrency = FeeCurrency.QUOTE
    fee_pct: Decimal = DEFAULT_FEE_PCT
    pending_reads: int = 0

    @property
    def fee(self) -> Decimal:
        """The fee as a share of the total."""
        return self.fee_pct / 100


# Options with a closed set of values; numbers are read separately.
_CHOICES: Mapping[str, type[StrEnum]] = {
    "trailing_stop": ShownLevel,
    "trailing_percent": TrailingPercent,
    "off_grid": OffGrid,
    "quanto_multiplier": QuantoMultiplier,
    "entities": Entities,
    "trading_supported": TradingSupported,
    "breakeven": ShownLevel,
    "finished_steps": FinishedSteps,
    "missing_groups": MissingGroups,
    "unknown_trade": UnknownTrade,
    "cancel_answer": CancelAnswer,
    "wrong_status": WrongStatus,
    "fee_currency": FeeCurrency,
}
OPTION_NAMES = (*_CHOICES, "fee_pct", "pending_reads")


def read_options(texts: Mapping[str, str]) -> Options:
    """Read options from their texts; those not named have their defaults.

    Args:
        texts: Text by name.

    Raises:
        InvalidOption: There is no option of a name, or it cannot have this text.
    """
    options = Options()
    values = {name: getattr(options, name) for name in OPTION_NAMES}
    return Options(**values | {name: _read_value(name, text) for name, text in texts.items()})


def write_options(options: Options) -> dict[str, str]:
    """Return the text of every option, by name."""
    texts = {name: str(getattr(options, name)) for name in OPTION_NAMES}
    return texts | {"pending_reads": UNTIL_CLOCK} if options.pending_reads == ENDLESS_READS else texts


def _read_value(name: str, text: str) -> object:
    if name in _CHOICES:
        words = _CHOICES[name]
        if text in list(words):
            return words(text)
        raise InvalidOption(f"{name} cannot be {text!r}: expected {' or '.join(words)}")
    number = read_decimal(text)
    if name == "fee_pct":
        if number is None or not 0 <= number <= MAX_FEE_PCT:
            raise InvalidOption(f"fee_pct cannot be {text!r}: expected percent from 0 to {MAX_FEE_PCT}")
        return number
    if name == "pending_reads":
        return _read_reads(text, number)
    raise InvalidOption(f"unknown sandbox option {name!r}: expected {', '.join(OPTION_NAMES)}")


def _read_reads(text: str, number: Decimal | None) -> int:
    if text == UNTIL_CLOCK:
        return ENDLESS_READS
    if number is None or number != number.to_integral_value() or not 0 <= number <= MAX_READS:
        raise InvalidOption(f"pending_reads cannot be {text!r}: expected {UNTIL_CLOCK} or 0 to {MAX_READS}")
    return int(number)
