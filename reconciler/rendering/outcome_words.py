"""The sentences of what applying has to say."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from reconciler.model.outcome_codes import CommandReason, OutcomeReason, SettlingReason, StaleReason

_RESOLVE = "`reconciler journal resolve {request:n} --as applied` or `--as failed`"

_STALE: Mapping[StrEnum, str] = {
    StaleReason.GONE: "{live_id:id} does not exist for this key and mode",
    StaleReason.STATUS_CHANGED: "{live_id:id} is {now} now, {before} when planned",
    StaleReason.STEPS_EDITED: "the steps of {live_id:id} were edited since the plan was made",
    StaleReason.STEPS_EXECUTED: "{live_id:id} has {now:n} executed steps now, {before:n} when planned",
    StaleReason.NOTE_EDITED: "the note of {live_id:id} was edited since the plan was made",
    StaleReason.EDITED: "{live_id:id} was edited since the plan was made: {fields:list}",
    StaleReason.EDITED_MEANWHILE: "{live_id:id} was edited while the plan was applied: {fields:list}",
    StaleReason.UNREADABLE: "a part of {live_id:id} cannot be read: {problem}; nothing is changed while that is so",
    StaleReason.FIELD_DIFFERS: "{path} is {now}, was {before}",
    StaleReason.NO_PRICE: "it executes at market, and the exchange has no price of its pair now; plan again",
    StaleReason.NO_REVIEWED_PRICE: "it executes at market, and the plan holds no prices that it was reviewed at;"
    " plan again",
    StaleReason.PRICE_NOT_POSITIVE: "it executes at market, and the {name} was {before} when planned and is {now} now",
    StaleReason.PRICE_MOVED: "it executes at market, and the {name} is {now} now, {before} when planned: {moved} %"
    " away, more than price_moved_pct {limit} allows; plan again",
    StaleReason.LIMIT_PASSED_NOW: "{name} is {now} now, and the limit is {limit}; plan again",
    StaleReason.NO_PRICE_FOR_LIMIT: "the exchange has no price of its pair now, which {name} needs; plan again",
    StaleReason.FIRES_NOW: "the price moved to {last} since the plan was made, now: {fires:list} at once; plan again",
    StaleReason.FIRES_ENTRY: "the entry",
    StaleReason.FIRES_STOP: "the stop",
    StaleReason.FIRES_OTHER: "{name}",
    StaleReason.STOP_PASSED: "the price moved to {last} and has passed the stop: nothing is added now; plan again",
    StaleReason.ORDER_EXECUTES_NOW: "the price moved to {last} since the plan was made, now the order executes at once",
    StaleReason.LAST_STEP: "no other step would stay open, and to cancel the last one would cancel the whole trade",
    StaleReason.CANCEL_NOT_OFFERED: "3Commas does not offer to cancel {live_id:id} now",
    StaleReason.CLOSE_NOT_OFFERED: "3Commas does not offer to close {live_id:id} now",
    StaleReason.STEP_NOT_OFFERED: "3Commas does not offer to cancel this step now",
    StaleReason.ORDER_NOT_OFFERED: "3Commas does not offer to cancel this order now",
    StaleReason.FUNDS_NOT_OFFERED: "3Commas does not offer to add funds to {live_id:id} now",
    StaleReason.UNCOUNTED_ORDERS: "{live_id:id} has averaging orders that were not sent from here: list those that wait"
    " in the file, too, then `reconciler import --update {trade} --adopt` counts them",
    StaleReason.COUNTED_UNLISTED: "the note of {live_id:id} counts {counted:n} averaging orders and 3Commas lists"
    " {listed:n}: it may have been sent already; plan again",
    StaleReason.ORDER_EXECUTED: "the order was executed since the plan was made; plan again",
    StaleReason.OTHER_TRADE: "{text:reason}; repair its note in 3Commas, then plan again",
    StaleReason.NAME_TAKEN: "{live_id:id} of this name is {status}; plan again",
    StaleReason.OBSTACLE: "{text:reason}; {hint:reason}",
    StaleReason.STATUS_SINCE_ASKED: "{live_id:id} is {now} now, it was {before} before",
    StaleReason.HELD_SINCE_ASKED: "{live_id:id} holds {now} {base} now, it was {before} before",
    StaleReason.RUN_AGAIN: "{change:reason}; run it again",
}
_OUTCOMES: Mapping[StrEnum, str] = {
    OutcomeReason.ERROR: "{message}",
    OutcomeReason.INTERRUPTED: "{message}, before what was sent could be confirmed; run it again",
    OutcomeReason.CREATED_INTERRUPTED: "it was created; {message}",
    OutcomeReason.FROZEN: "a freeze is in force: {freezes:semicolons}",
    OutcomeReason.FROZEN_BEFORE: "a freeze is in force: {freezes:semicolons}",
    OutcomeReason.HELD_BACK: "the plan passes {limits:list}, and this does not only lower risk, or is counted by it"
    "[[; to allow it: {options:list}]][[; frozen, too: {freezes:semicolons}]]",
    OutcomeReason.NOT_REVIEWED: "it is not part of the reviewed plan; review a new plan",
    OutcomeReason.EARLIER_FAILED: "an earlier operation of this trade did not succeed",
    OutcomeReason.UNSETTLED_BEFORE: "{reason:reason}",
    OutcomeReason.LOST_EVERY_TIME: "it was sent {tries:n} times without an answer, and by reading it had no effect; run"
    " it again later",
    OutcomeReason.IS_THAT_TRADE: "{live_id:id} is that trade",
    OutcomeReason.NOT_READ_BACK: "{live_id:id} was created but could not be read back; plan again",
    OutcomeReason.CREATE_FAILED: "{live_id:id} failed: {error}",
    OutcomeReason.CREATE_BUSY: "{live_id:id} is still {status}; plan again",
    OutcomeReason.CREATE_UNPROTECTED: "{live_id:id} is open and its stop is not active ({status}); check it now, plan"
    " again",
    OutcomeReason.CREATE_WITHOUT_MARKER: "{live_id:id} does not show the marker that it was sent",
    OutcomeReason.CREATE_UNLISTED: "lists do not show {live_id:id} yet, so it was read by its id; plan again until they"
    " do",
    OutcomeReason.ENDED: "{status}[[, profit {profit:exact}]]",
    OutcomeReason.ENDED_AS_PLANNED: "ended as planned: {end:reason}",
    OutcomeReason.ENDED_BEFORE: "it had ended before: {end:reason}",
    OutcomeReason.ENDED_WHILE_UPDATED: "it ended while it was updated: {status}",
    OutcomeReason.ENDED_MEANWHILE: "the trade has ended meanwhile: {status}",
    OutcomeReason.ENTRY_FILLED: "{live_id:id} was filled while its entry was changed: {held:exact} instead of"
    " {wanted:bare}",
    OutcomeReason.UPDATE_NOTE_EDITED: "the update was taken, but its note was edited at the same time and is left as it"
    " is; plan again",
    OutcomeReason.UPDATE_UNPROTECTED: "the update was taken, but the stop is not active ({status}); check it now, plan"
    " again",
    OutcomeReason.UPDATE_DIFFERS: "3Commas took the update but shows another {paths:list}",
    OutcomeReason.STILL_AFTER_CANCEL: "still {status} after the cancel; plan again",
    OutcomeReason.STILL_AFTER_CLOSE: "still {status} after the close; plan again",
    OutcomeReason.STATUS_AFTER_STEP: "{live_id:id} is {status} after the step was cancelled; check it now",
    OutcomeReason.STEP_STILL_THERE: "the step is still there; plan again",
    OutcomeReason.STEP_GONE_EDITED: "the step is gone, and at the same time {edits:list}; plan again",
    OutcomeReason.OTHER_STEPS_EDITED: "other steps were edited",
    OutcomeReason.NOTE_WAS_EDITED: "the note was edited",
    OutcomeReason.NOTE_DIFFERS: "3Commas shows another note than the one it was sent",
    OutcomeReason.EDITED_TOO: "at the same time {edits:list}; plan again",
    OutcomeReason.FILLED_UNPROTECTED: "{units:exact} were filled at {price} while it was cancelled, and are held"
    " without a stop",
    OutcomeReason.REST_NOT_SOLD: "its entry is cancelled, and {units:exact} are still held, without a stop:"
    "[[ {live_id:id}]] {problem}",
    OutcomeReason.SALE_UNKNOWN: "an earlier run may have opened the trade that closes it, and nobody knows yet:"
    " nothing is opened again; run it again later",
    OutcomeReason.REST_CLOSED: "its entry is cancelled, and {live_id:id} closed {units:exact}: {end:reason}",
    OutcomeReason.REST_STILL_HELD: "its entry is cancelled, and {live_id:id} holds {units:exact} without a stop and is"
    " {status}: close it again",
    OutcomeReason.ORDER_IS: "the order is {status}",
    OutcomeReason.ORDER_UNLISTED: "3Commas took it but does not list it; check the trade, then plan again",
    OutcomeReason.ORDER_UNSENT: "the order is {status}, and stays unsent",
    OutcomeReason.ORDER_STANDS_UNPROTECTED: "the order is active, but {live_id:id} is {status} and its stop {stop};"
    " check it now",
    OutcomeReason.ORDER_EXECUTED_AT_ONCE: "executed at once",
    OutcomeReason.ORDER_EXECUTED_WHILE_CANCELLED: "{units} at {price} was executed while it was cancelled, and is part"
    " of the position now; plan again",
    OutcomeReason.ORDER_STILL: "the order is still {status}; plan again",
    OutcomeReason.STATUS_AFTER_ORDER: "{live_id:id} is {status} after the order was cancelled",
    OutcomeReason.ORDER_PARTLY_FILLED: "{units} of it were filled before",
}
_COMMANDS: Mapping[StrEnum, str] = {
    CommandReason.UNREADABLE: "it was accepted, but its result cannot be read: {message}",
    CommandReason.TRADE_IS: "the trade is {status}",
    CommandReason.TRADE_FAILED: "the trade failed: {error}",
    CommandReason.ENTRY_STILL: "it was taken, and the entry is still {status}; check again",
    CommandReason.HOLDS: "holds {units:exact}[[ at {price}]]",
    CommandReason.ORDER_FAILED: "3Commas took it and the order failed; is there enough money in the account?",
    CommandReason.ORDER_WAITS: "the order waits for its price",
    CommandReason.ORDER_HIDDEN: "the order does not show yet",
    CommandReason.NOTHING_CLOSED: "it was taken, and nothing was closed; the trade is {status}",
    CommandReason.STEP_STILL_OPEN: "it was taken, and the step is still open; check again",
    CommandReason.WAS_LAST_STEP: "it was the last one: the trade is {status}",
    CommandReason.STEP_EXECUTED: "the step was executed before it could be cancelled",
    CommandReason.ORDER_STILL_THERE: "it was taken, and the order is still there; check again",
    CommandReason.EXECUTED_BEFORE_CANCEL: "{units:exact} were executed before it was cancelled",
    CommandReason.DONE_UNPROTECTED: "it was done, and the stop is not active ({status}); check it now",
    CommandReason.END_NOT_READ_BACK: "it was sent and taken, but the trade or its status could not be read back",
    CommandReason.STILL_AFTER_END: "it was taken, and the trade is still {status}; check again",
    CommandReason.STAYS_UNPROTECTED: "{units:exact} stay, without steps and stop",
    CommandReason.STAYS_UNKNOWN: "what it holds cannot be read ({problem}); if it holds anything, that stays without"
    " steps and stop",
}
_SETTLING: Mapping[StrEnum, str] = {
    SettlingReason.DELAYED: "run {run:n} sent a {kind} at {sent_at:time} whose answer was lost; a gateway may hold it"
    " back until {until:time}, so nothing is sent again before then",
    SettlingReason.DAMAGED: "request {request:n} of the journal is damaged ({damage}), so it is not known what it did;"
    f" check 3Commas, then {_RESOLVE}",
    SettlingReason.UNSETTLED: "run {run:n} sent a {kind} whose answer was lost, and {why:reason}; check 3Commas, then"
    f" {_RESOLVE}",
    SettlingReason.NO_EFFECT: "{trade}: run {run:n} sent a request ({kind}) and never got a result: it had no effect",
    SettlingReason.HAD_EFFECT: "{trade}: run {run:n} sent a request ({kind}) and never got a result: it"
    " had its effect ({live_id:id} is {status})",
    SettlingReason.UNPROVEN: "it is not proven that it does not exist: {doubt}",
    SettlingReason.MISSING: "{live_id:id} does not exist for this key and mode",
    SettlingReason.UNREADABLE: "{message}",
    SettlingReason.SETTLED: "settled by reading",
    SettlingReason.SETTLED_NO_EFFECT: "settled by reading: it had no effect",
    SettlingReason.LOST_SETTLED: "{message}; settled by reading",
    SettlingReason.LOST_NO_EFFECT: "{message}; settled by reading: it had no effect",
    SettlingReason.REFUSED: "{message}",
}
OUTCOME_TEMPLATES: Mapping[StrEnum, str] = {**_STALE, **_OUTCOMES, **_COMMANDS, **_SETTLING}
