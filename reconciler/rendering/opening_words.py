"""The words of what keeps a trade from being opened, and of markers in the wrong trade."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from reconciler.model.opening_reasons import OpeningHint, OpeningReason

_PLACE = "account {account:n} {pair} {side} ({kind:words})"

OPENING_TEMPLATES: Mapping[StrEnum, str] = {
    OpeningReason.LIVE_NAME: "{live_id:id}[[ (still named {name})]]",
    OpeningReason.PLACE: _PLACE,
    OpeningReason.LIVE_SUMMARY: f"{_PLACE}, {{units:exact}}, {{status}}",
    OpeningReason.NAME_TWICE: "{trades:and} both carry this name",
    OpeningReason.OTHER_MARKER_BEFORE: (
        "{live_id:id} was read with the marker of {name}, and a moment later with this one"
    ),
    OpeningReason.OPENED_LATER: "{live_id:id} ({status}) has this name, too, and was opened after {older_id:id}",
    OpeningReason.OPENED_EARLIER: (
        "{live_id:id} ({status}) has this name, too, was opened before {later_id:id} and did not make way for it"
    ),
    OpeningReason.NEWER_GENERATION: "generation {generation:n} was opened already and the file says {wanted:n}",
    OpeningReason.OLDER_GENERATION_LIVE: "generation {generation:n} is still live",
    OpeningReason.UNRESOLVED_REQUEST: "{problem}",
    OpeningReason.KNOWN_UNLISTED: "the journal knows {live_id:id} as opened for it, and no list shows that trade",
    OpeningReason.KNOWN_VANISHED: (
        "the journal knows {live_id:id} as opened for it, and 3Commas does not show that trade"
    ),
    OpeningReason.KNOWN_ENDED: "{live_id:id} was opened for it and has ended[[ ({status})]]",
    OpeningReason.MARKER_REMOVED: "{live_id:id} was opened for it, and somebody removed its marker",
    OpeningReason.UNPROVEN: "it is not proven that it does not exist yet: {doubt}",
    OpeningReason.ILLEGIBLE: "a live trade may be this trade: {problem:reason}",
    OpeningReason.ILLEGIBLE_TRADE: "{live_id:id} may be this trade: {problem:reason}",
    OpeningReason.LIKE_ORPHAN: (
        "{live_id:id} of this workspace, `{name}`, is in no file and has the same account, pair and side"
    ),
    OpeningReason.OTHER_WORKSPACE: "{live_id:id} of workspace `{workspace}` has this name and this entry",
    OpeningReason.OTHER_WORKSPACE_ENDED: (
        "{live_id:id} of workspace `{workspace}` has this name and this entry and has ended"
    ),
    OpeningReason.OUTSIDE_TARGETS: "{live_id:id} of this name is live on account {account:n}, which no target names",
    OpeningReason.UNMARKED_ALIKE: "{live_id:id} carries no marker and is alike in pair, side and size",
    OpeningReason.VAGUE: (
        "{live_id:id} on the same account and pair cannot be read in part, so it may be this trade: {problem}"
    ),
    OpeningReason.ACCOUNT_OUTSIDE: "it is on account {account:n}, which the target does not name",
    OpeningReason.ENTITY_UNREADABLE: "{problem}",
    OpeningReason.MARKER_NEWER: "its marker was written by a newer reconciler",
    OpeningReason.MARKER_DAMAGED: "the marker in its note is damaged",
    OpeningReason.MISFIT_KNOWN: (
        "{live_id:id} ({live:reason}) carries its marker, and the journal knows another one as this trade:"
        " {known_id:id} ({known:reason})"
    ),
    OpeningReason.MISFIT_PLACE: (
        "{live_id:id} carries its marker and is another trade: {found:reason} instead of {wanted:reason}"
    ),
    OpeningReason.MISFIT_SIZE: (
        "{live_id:id} carries its marker and may be another trade: it entered {entered:exact} instead of {wanted:bare}"
    ),
}

OPENING_HINT_TEMPLATES: Mapping[StrEnum, str] = {
    OpeningHint.END_OTHERS: "end or release all but one of them in 3Commas, then plan again",
    OpeningHint.REPAIR_NOTE: "repair the note of that trade in 3Commas, then plan again",
    OpeningHint.PLAN_AGAIN: "check it in 3Commas, leave its note unchanged, and plan again later",
    OpeningHint.END_OR_FOREIGN: (
        "check it in 3Commas; if it is another trade, list it in reconciler.yaml: `foreign: [{live_id:n}]`;"
        " `reconciler trade show --id {live_id:n}` shows what can be read"
    ),
    OpeningHint.REPAIR_COPIED_MARKER: (
        "if somebody copied a marker into {live_id:id}, repair its note in 3Commas, then plan again"
    ),
    OpeningHint.REPAIR_COPIED_OR_RAISE: (
        "if somebody copied a marker into {live_id:id}, repair its note in 3Commas, then plan again; otherwise cancel "
        "it there and write `generation: {generation:n}` to open the trade again"
    ),
    OpeningHint.REPAIR_BOTH_NOTES: (
        "if somebody copied the marker into another trade, repair both notes in 3Commas (`reconciler journal export`"
        " has them), then plan again"
    ),
    OpeningHint.OLD_BRANCH: "is this an old branch? Set `generation: {generation:n}`",
    OpeningHint.END_OLDER_GENERATION: (
        "end it first: set `generation: {generation:n}` with `state: closed` or `state: abandoned` and apply"
    ),
    OpeningHint.APPLY_LATER: "apply again later",
    OpeningHint.MANY_UNLISTED: (
        "many trades are missing from the lists, so not all of them were read by id; plan again later"
    ),
    OpeningHint.LIST_IF_GONE: (
        "check it in 3Commas; if it does not exist any more, list it in reconciler.yaml: `foreign: [{live_id:n}]`"
    ),
    OpeningHint.RAISE_GENERATION: "to open it again raise generation to {generation:n}",
    OpeningHint.MOVED_OR_END: (
        "if it was renamed, write into {file} beside `trades:` `moved: [{{from: {former}, to: {name}}}]`;"
        " if not, end the old trade first, then plan again"
    ),
    OpeningHint.WORKSPACE_WAS_OR_FOREIGN: (
        "if the workspace was renamed, say so in reconciler.yaml: `workspace_was: [{workspace}]`;"
        " if it is another trade, list it there: `foreign: [{live_id:n}]`"
    ),
    OpeningHint.NAME_ACCOUNT_OR_FOREIGN: (
        "name the account in a target to manage it there; or end it; or, if it is left to you, list it in"
        " reconciler.yaml: `foreign: [{live_id:n}]`"
    ),
    OpeningHint.NAME_ACCOUNT: (
        "name account {account:n} in `accounts` of the target in reconciler.yaml, or use the target that names it"
    ),
    OpeningHint.RESTORE_NOTE_OR_FOREIGN: (
        "write the note back that `reconciler journal export` has; or, if it is to be left to you, take the trade out"
        " of its file, which would open it a second time, and list it in reconciler.yaml: `foreign: [{live_id:n}]`"
    ),
    OpeningHint.ADOPT_OR_FOREIGN: (
        "if it is this trade: `reconciler import {live_id:n} --adopt`;"
        " if it is not, list it in reconciler.yaml: `foreign: [{live_id:n}]`"
    ),
}
