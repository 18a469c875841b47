"""The sentences of bad news and of remedies: one template for every code."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from reconciler.model.news_codes import NewsCode
from reconciler.model.remedies import Remedy

NEWS_TEMPLATES: Mapping[StrEnum, str] = {
    NewsCode.CANCELLED_OUTSIDE: "it was cancelled outside the files[[ ({error})]]",
    NewsCode.CLOSED_OUTSIDE: "it was closed outside the files[[ ({error})]]",
    NewsCode.FAILED: "it failed[[ ({error})]]",
    NewsCode.LIQUIDATED: "it was liquidated[[ ({error})]]",
    NewsCode.COINS_HELD: "it ended ({status}[[: {error}]]) with {units:exact} that no stop protects",
    NewsCode.BUSY_AND_CHANGED: "its file has changed, but nothing can be done while its status is {status}",
    NewsCode.BUSY_AND_IN_NO_FILE: "it is no longer in any file, but nothing can be done while its status is {status}",
    NewsCode.UNLISTED: (
        "3Commas does not list {live_id:id}, which the journal knows as open; read by its id, its status is {status}"
    ),
    NewsCode.UNLISTED_UNREAD: (
        "3Commas does not list {live_id:id} and many more trades that the journal knows as open"
    ),
    NewsCode.VANISHED: "{live_id:id}, which the journal knows as open, does not exist any more",
    NewsCode.WITH_REMEDY: "{found:reason}: {remedy:reason}",
}

REMEDY_TEMPLATES: Mapping[StrEnum, str] = {
    Remedy.APPLY_COMPLETES_IT: "reconciler apply completes it",
    Remedy.CHECK_AND_PLAN_LATER: "check it in 3Commas, then plan again later",
    Remedy.CHECK_UNKNOWN_STATUS: "this status is not known; check the trade in 3Commas, then plan again",
    Remedy.LIST_VANISHED: ("check it in 3Commas; if it is gone, list it in reconciler.yaml: `foreign: [{live_id:n}]`"),
    Remedy.LIST_AS_FOREIGN: "if it is another trade, list it in reconciler.yaml: `foreign: [{live_id:n}]`",
    Remedy.LIST_AS_FOREIGN_OR_RESTORE_NOTE: (
        "if it is another trade, list it in reconciler.yaml: `foreign: [{live_id:n}]`; if it is this one,"
        " write its note back in 3Commas: {note}"
    ),
    Remedy.PLAN_AGAIN_LATER: "plan again later",
    Remedy.PLAN_REACTIVATES_STOP: "reconciler plan shows how to activate it again",
    Remedy.PLAN_RESTORES_STOP: "reconciler plan shows how to set it again",
    Remedy.PLAN_SHOWS_CHECKS: "reconciler plan says what to check",
    Remedy.RAISE_OR_LIST_VANISHED: (
        "check it in 3Commas; if it is gone, raise its generation, or list it in reconciler.yaml:"
        " `foreign: [{live_id:n}]`"
    ),
    Remedy.REOPEN_OR_END_IN_FILE: (
        "raise generation to {generation:n} to open it again, or write `state: closed`, or remove it from its file"
    ),
    Remedy.RESTORE_NOTE: "write its note back in 3Commas: {note}",
    Remedy.TAKE_COINS_OVER: (
        "take them over by a trade with own funds (`skip_enter_step: true`) in a file,"
        " or list it in reconciler.yaml: `foreign: [{live_id:n}]`"
    ),
    Remedy.TAKE_COINS_OVER_OR_ABANDON: (
        "take them over by a trade with own funds (`skip_enter_step: true`) in a file,"
        " write `state: abandoned` in its file, or list it in reconciler.yaml: `foreign: [{live_id:n}]`"
    ),
}
