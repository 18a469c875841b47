"""The words of a plan: what an operation does and why, what is blocked, what is only reported."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from reconciler.model.fires import AVERAGING_FIRES, ENTRY_FIRES, STOP_FIRES, WAITS_FOR_FALL, WAITS_FOR_RISE
from reconciler.model.operations import Action, Cause
from reconciler.model.plan_reasons import BlockHint, BlockReason, MarketReason, NoticeReason

VERBS = {
    Action.CREATE: "will be created",
    Action.REPLACE: "will be cancelled and created again",
    Action.UPDATE: "will be updated",
    Action.CANCEL: "will be cancelled",
    Action.CANCEL_STEP: "will lose a take-profit step",
    Action.CLOSE: "will be closed at market",
    Action.SET_NOTE: "will get its note rewritten",
    Action.RELEASE: "will be released",
    Action.ADD_FUNDS: "will get an averaging order",
    Action.CANCEL_AVERAGING: "will lose an averaging order",
}
# Of an operation that puts back what somebody edited.
EDITED = "DRIFT"
CLOSING_UPDATE = "will be updated and closed by that"
CAUSES = {
    Cause.OMISSION: "it is no longer in any file",
    Cause.DRIFT: "it was edited outside the files; this puts the files' values back",
    Cause.FILE_AND_DRIFT: "the file has changed, and it may have been edited outside too",
    Cause.LOSS: "its stop is not active",
    Cause.MOVED: "it has another name in the files now",
}
WAITS = {WAITS_FOR_RISE: "waits for the price to rise", WAITS_FOR_FALL: "waits for the price to fall"}
FIRES = {
    ENTRY_FIRES: "the entry executes",
    STOP_FIRES: "the stop executes",
    AVERAGING_FIRES: "the order executes",
}

BLOCK_TEMPLATES: Mapping[StrEnum, str] = {
    BlockReason.PAIR_UNKNOWN: "the exchange of account {account:n} has no pair {pair}",
    BlockReason.CREATE_NOT_WHOLE: "the take-profit volumes of a new trade must add up to 100 %",
    BlockReason.CREATE_BREAKEVEN: "a new trade with breakeven needs at least 2 take-profit steps",
    BlockReason.CREATE_TRAILING_PRICES: "while the entry trails, 3Commas takes steps and stop in percent only",
    BlockReason.UPDATE_BREAKEVEN: "an update with breakeven needs at least 2 take-profit steps",
    BlockReason.UPDATE_NOT_WHOLE: (
        "an update needs take-profit volumes of 100 %, and `unallocated` leaves some of it out"
    ),
    BlockReason.LIVE_STEPS_NOT_WHOLE: (
        "the live take-profit volumes do not add up to 100 %, so an update would be refused"
    ),
    BlockReason.PERCENT_AFTER_ENTRY: (
        "3Commas accepts levels in percent only while the entry trails, and the position is open"
    ),
    BlockReason.CLOSE_NOT_OFFERED: "3Commas does not offer to close it while {status}",
    BlockReason.RATES_UNREADABLE: "{problem}",
    BlockReason.UNREADABLE: "a part of the live trade cannot be read, so it is not compared: {problem}",
    BlockReason.CANCEL_NOT_OFFERED: "3Commas does not offer to cancel it while {status}",
    BlockReason.EDIT_NOT_OFFERED: "3Commas does not offer to edit it while {status}",
    BlockReason.CANCEL_STEP_NOT_OFFERED: "3Commas does not offer to cancel that step now",
    BlockReason.ADD_FUNDS_NOT_OFFERED: "3Commas does not offer to add funds while {status}",
    BlockReason.PARTLY_FILLED: "the entry is partly filled",
    BlockReason.FILES_MISSING: "it is in no file that was read, and plan files may be missing: {file} {doubt}",
    BlockReason.POSITION_IN_NO_FILE: "it is no longer in any file and its position is open",
    BlockReason.ENTRY_DIFFERS: "the position is open and the file has another entry",
    BlockReason.CLOSE_CUT_SHORT: (
        "its close was cut short: the rest of its entry is cancelled, and {held:exact} are still held without a stop"
    ),
    BlockReason.SALE_CUT_SHORT: (
        "its close was cut short: this trade was opened to sell what its entry had filled, and holds {held:exact}"
        " without a stop"
    ),
    BlockReason.SALE_FAILED: (
        "this trade was opened to sell what its entry had filled, and failed[[ ({error})]]: {held:exact} are still held"
        " without a stop"
    ),
    BlockReason.ENTRY_FILLED_WHILE_CHANGED: (
        "its entry was filled while it was being changed, and is not the one in the file"
    ),
    BlockReason.LAST_STEP: "the last waiting step cannot go: cancelling it would cancel the whole trade",
    BlockReason.PARTLY_CLOSED: (
        "a part of the position was closed; the steps that did it must stay as they are, and be listed"
    ),
    BlockReason.STEPS_REFUSED: (
        "a part of the position was closed, and 3Commas did not change its steps when that was tried: {message}"
    ),
    BlockReason.UPDATES_REFUSED: (
        "a part of the position was closed, and 3Commas did not change the trade when that was tried: {message}"
    ),
    BlockReason.STEPS_THAT_STAY_REACHED: (
        "no other step would stay open: the price has reached all that are to stay, and without one the whole trade"
        " would be cancelled"
    ),
    BlockReason.STOP_PASSED: "the price has passed the stop: nothing is added at {price:bare}",
    BlockReason.AVERAGING_UNCERTAIN: "{doubt}",
    BlockReason.AVERAGING_ADDED_BY_HAND: "the trade has {count:count averaging order} more than were sent from here",
    BlockReason.AVERAGING_MISSING: (
        "its note counts {counted:count averaging order} and 3Commas lists {listed:n}:"
        " one may have been sent and not be visible, so none is sent again"
    ),
    BlockReason.EXCHANGE_REFUSES: "the exchange would refuse it: {problems:semicolons}",
    BlockReason.OFF_GRID: (
        "3Commas would cut or refuse it, and the trade would not be as the file says: {problems:semicolons}"
    ),
    BlockReason.CONTRACT_ON_SPOT_ACCOUNT: "{pair} is a contract, and account {account:n}[[ ({name})]] trades spot only",
    BlockReason.SPOT_ON_CONTRACT_ACCOUNT: (
        "{pair} is a spot pair, and account {account:n}[[ ({name})]] trades contracts only"
    ),
    BlockReason.ACCOUNT_REFUSES: "account {account:n}[[ ({name})]] {problem}",
    BlockReason.PREVENTED: "{operations:semicolons}",
    BlockReason.PREVENTED_OPERATION: "`{word}` is prevented, and this {effect}: {money:semicolons}",
}

BLOCK_HINT_TEMPLATES: Mapping[StrEnum, str] = {
    BlockHint.END_OR_PLAN_LATER: (
        "plan again later; it can be closed, cancelled and released (`reconciler trade close`, `trade cancel`)"
    ),
    BlockHint.PLAN_LATER: "plan again later",
    BlockHint.CORRECT_FILE: "correct the file",
    BlockHint.CORRECT_PAIR: "correct the pair[[; did you mean {similar}?]]",
    BlockHint.OTHER_ACCOUNT: "correct the pair or the account",
    BlockHint.LIST_ALL_STEPS: "list all steps; remove one after the entry is filled",
    BlockHint.ADD_A_STEP: "add a step, or leave breakeven out",
    BlockHint.WRITE_PERCENT: "write `percent`, the distance from the entry price, in the place of each price",
    BlockHint.MAKE_VOLUMES_WHOLE: "write volumes that add up to 100; remove steps once the position is open",
    BlockHint.MAKE_LIVE_VOLUMES_WHOLE: (
        "write volumes that add up to 100 for the steps, then the rest can be changed too"
    ),
    BlockHint.CHANGE_IN_3COMMAS: (
        "after a step was executed only 3Commas itself can do this: change it there, then plan again"
    ),
    BlockHint.WRITE_PRICES: "write all steps, or the stop, as prices",
    BlockHint.WAIT_OR_ABANDON: "wait for the rest, or write `state: abandoned`",
    BlockHint.WAIT_UNTIL_FILLED: "wait until it is filled, then plan again",
    BlockHint.FIND_FILES: "{remedy}; to end the trade itself, put it into a file with `state: closed`",
    BlockHint.PUT_BACK: "put it back into a file with `state: closed`, `state: abandoned` or `state: released`",
    BlockHint.ENTRY_BACK: (
        "put the entry back; to buy or sell more write `averaging`, or run `reconciler trade add-funds`;"
        " for another position write `state: closed`, apply, then raise generation with the new entry"
    ),
    BlockHint.SELL_BY_HAND: (
        "sell them at the exchange, or take them over by a trade with own funds (`skip_enter_step: true`);"
        " then write `state: abandoned`"
    ),
    BlockHint.FINISH_CLOSE: "`reconciler trade close {name}` ends it, or `state: closed` in the file and an apply",
    BlockHint.ENTRY_BACK_AS_BEFORE: (
        "put the entry back as it was before the change; or write `state: closed`, apply, then raise generation"
    ),
    BlockHint.KEEP_ONE_STEP: "keep one waiting step; or write `state: closed` or `state: abandoned`",
    BlockHint.KEEP_EXECUTED_STEPS: (
        "keep the executed steps in the file as they are, with their volumes; change or remove only waiting ones"
    ),
    BlockHint.WAIT_FOR_PRICE: "plan again when the price has moved, or when these steps have executed",
    BlockHint.CHECK_TRADE: "plan again; if it stays so, check the trade in 3Commas",
    BlockHint.CHECK_ACCOUNT: "check the account in 3Commas",
    BlockHint.LIST_AVERAGING: (
        "list those that wait in the file, too, then `reconciler import --update {name} --adopt` counts them"
    ),
    BlockHint.LOWER_COUNT: (
        "check its orders in 3Commas; if it was not sent, change ` a{counted:n}]` in the note to ` a{listed:n}]`"
    ),
    BlockHint.REMOVE_COUNT: (
        "check its orders in 3Commas; if it was not sent, remove ` a{counted:n}` from the note and leave `]`"
    ),
    BlockHint.ALLOW: ("to allow it remove {words:code} from lifecycle.prevent in {file}; else put back what differs"),
}

NOTICE_TEMPLATES: Mapping[StrEnum, str] = {
    NoticeReason.STOP_NOT_ACTIVE: "the position is open and its stop is not active[[ ({status})]]",
    NoticeReason.STOP_GONE: "the position is open and its stop is gone",
    NoticeReason.NO_STOP_IGNORED: (
        "the position is open and has no stop; its file has one, and lifecycle.ignore_changes leaves it so"
    ),
    NoticeReason.STEP_FAILED: "take-profit step {number:n} is not active ({status})",
    NoticeReason.ENDED: "{status:ending}[[ ({error})]][[ with {held:exact} that no stop protects]]",
    NoticeReason.FILE_CHANGED_SINCE: (
        "{ended:reason}, the file has changed since; not opened: raise generation to {generation:n}"
    ),
    NoticeReason.REST_WAS_SOLD: (
        "it was closed while its entry was partly filled, and this trade was opened to sell what was filled:"
        " {ended:reason}; not opened: write `state: closed`, or raise generation to {generation:n}"
    ),
    NoticeReason.NOTHING_FILLED: "{ended:reason}, nothing was filled; not opened: raise generation to {generation:n}",
    NoticeReason.UNREADABLE: "a field cannot be read: {problem}",
    NoticeReason.BUSY: "{status}; nothing can be done now",
    NoticeReason.IGNORED: "{fields:semicolons}[[; and {more:n} more]]",
    NoticeReason.IGNORED_FIELD: "{field} {wanted} (file) / {live} (live)",
    NoticeReason.AVERAGING_ORDER: "{units:bare} at {price:bare}",
    NoticeReason.AVERAGING_LATER: (
        "{count:count averaging order} ({orders:list}; {total:amount}) can be sent once the position is open;"
        " a plan made then shows them"
    ),
    NoticeReason.AVERAGING_HELD: ("its averaging orders are left unchanged while something else about it is blocked"),
    NoticeReason.AVERAGING_LOST: (
        "averaging order {order:reason} is {status} and is not sent a second time;"
        " to have one again write another price or size"
    ),
    NoticeReason.REFUSED_ALL_THE_SAME: "{problems:semicolons}",
    NoticeReason.MAY_BE_REFUSED: "the exchange may refuse it: {problems:semicolons}",
    NoticeReason.OVERCOMMITTED: (
        "what is to be opened on account {account:n} commits {total:exact}, but the whole account is worth"
        " {worth:exact}; not all of it can be filled"
    ),
    NoticeReason.PRICE_LIMIT_RAISED: (
        "what executes at market is sent until the price has moved by more than price_moved_pct:"
        " {limit:bare} (default {default:bare})"
    ),
    NoticeReason.BASE_UNREADABLE: "the rules could not be compared: {problem}",
    NoticeReason.COMPARED_FILES: (
        "compared with {name}, without an account: prices are not known, and a trade counts as held unless its entry"
        " changes or its file is gone. This cannot be applied"
    ),
    NoticeReason.LIMITS_NOT_CHECKED: "these limits need an account or prices, and were not checked: {limits:list}",
    NoticeReason.LOCK_IN_CI: (
        "in a pipeline an apply is refused, unless RECONCILER_JOURNAL_URL names a shared journal there, or target"
        " {target} says `lock: external`"
    ),
    NoticeReason.ACKNOWLEDGED_NOTHING: "--acknowledge {given} has no effect: the plan passes no limit of this name",
    NoticeReason.ACKNOWLEDGED_OTHER: (
        "--acknowledge {given} has no effect: it does not fit this plan[[, for which it is {wanted}]]"
    ),
}

_ORDER = "{field}[[ ({share:bare})]]"
_IS = f"{_ORDER} is {{units:exact}} = {{total:exact}}"
_NEAREST = "[[{below:bare} or ]]{above:bare}"

MARKET_TEMPLATES: Mapping[StrEnum, str] = {
    MarketReason.PRICE_TOO_LOW: "{field} {price:bare} is below the smallest price {limit:bare}",
    MarketReason.PRICE_TOO_HIGH: "{field} {price:bare} is above the largest price {limit:bare}",
    MarketReason.PRICE_OFF_TICK: f"{{field}} {{price:bare}} is not a multiple of the tick {{step:bare}}: {_NEAREST}",
    MarketReason.UNITS_TOO_SMALL: "{field} {units:exact} is below the smallest order: at least {limit:bare}",
    MarketReason.UNITS_TOO_LARGE: "{field} {units:exact} is above the largest order: at most {limit:bare}",
    MarketReason.UNITS_OFF_LOT: f"{{field}} {{units:exact}} is not a multiple of the lot {{step:bare}}: {_NEAREST}",
    MarketReason.TOTAL_TOO_SMALL: f"{_IS}, below the smallest order of {{limit:exact}}: at least {{least:exact}}",
    MarketReason.TOTAL_TOO_LARGE: f"{_IS}, above the largest order of {{limit:exact}}[[: at most {{most:exact}}]]",
    MarketReason.MARKET_TOO_SMALL: (
        f"{_ORDER} {{units:exact}} is below the smallest market order: at least {{limit:bare}}"
    ),
    MarketReason.MARKET_TOO_LARGE: (
        f"{_ORDER} {{units:exact}} is above the largest market order: at most {{limit:bare}}"
    ),
    MarketReason.LEVERAGE_TOO_HIGH: (
        "leverage.value {factor:bare} is above the largest {margin} leverage: at most {limit:bare}"
    ),
    MarketReason.PRICE_BELOW_BAND: (
        "{field} {price:bare} is below {limit:round}, the lowest price of a {side} while the price is {now:round}"
    ),
    MarketReason.PRICE_ABOVE_BAND: (
        "{field} {price:bare} is above {limit:round}, the highest price of a {side} while the price is {now:round}"
    ),
}
