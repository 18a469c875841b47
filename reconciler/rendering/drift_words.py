"""The sentences of drift: one template for every code."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from reconciler.model.drift_codes import DriftCode

DRIFT_TEMPLATES: Mapping[StrEnum, str] = {
    DriftCode.NOT_LIVE: "in the file, but not live",
    DriftCode.ABSENCE_UNPROVEN: "not live and perhaps lost: {doubt}",
    DriftCode.NO_LONGER_EXISTS: "{live_id:id} no longer exists",
    DriftCode.ENDED_WITHOUT_MARKER: "{live_id:id} has lost its marker and has ended ({status})",
    DriftCode.REPLACEMENT_MISSING: "it was cancelled to be replaced, and the new trade is not live yet",
    DriftCode.ENDED_BY_MARKET: "{status:ending}[[ ({error})]]",
    DriftCode.ENDED_BY_RECONCILER: "{status:ending} by reconciler[[ ({error})]]",
    DriftCode.ENDED_AS_ASKED: "{status:ending}, as the file asks or taken over[[ ({error})]]",
    DriftCode.STOP_REMOVED: "the position is open and its stop is gone",
    DriftCode.IGNORED_STOP_MISSING: (
        "the position is open and has no stop; its file has one, but lifecycle.ignore_changes leaves it unchanged"
    ),
    DriftCode.STOP_INACTIVE: "the position is open and its stop is not active[[ ({status})]]",
    DriftCode.STEP_INACTIVE: "take-profit step {step:n} is not active ({status})",
    DriftCode.UNREADABLE: "a part of it cannot be read, so edits and losses would not be seen: {problem}",
    DriftCode.FIELD_EDITED: "edited outside the files",
    DriftCode.NOTE_EDITED: "the text of its note was edited",
    DriftCode.FUNDS_ADDED: "funds were added: {entered:exact} were entered instead of {expected:exact}",
    DriftCode.AVERAGING_ADDED: (
        "{count:count averaging order} more than this workspace sent[[; waiting and not in the file: {waiting:list}]]"
    ),
    DriftCode.AVERAGING_CANCELLED: "averaging order {order:reason} is {status}, but the file lists it",
    DriftCode.AVERAGING_UNLISTED: "its note counts more averaging orders than 3Commas lists",
    DriftCode.AVERAGING_ORDER: "{units:exact} at {price:exact}",
    DriftCode.DUPLICATE_NAME: "{live_ids:and} have the same name",
    DriftCode.MARKER_LOST: "{live_id:id} {marker:reason}, so nothing can be applied to it",
    DriftCode.LIKELY_MARKER_LOST: "{live_id:id} {marker:reason} and is like this trade, which is not live",
    DriftCode.MARKER_ABSENT: "has no marker",
    DriftCode.MARKER_DAMAGED: "has a damaged marker",
    DriftCode.MARKER_OF_OTHER_VERSION: "has a marker of another version",
    DriftCode.MARKER_OF_OTHER_WORKSPACE: "has the marker of another workspace",
    DriftCode.OUTSIDE_TARGET: (
        "{live_id:id} is on account {account_id:n}, which this target does not name; it is left unchanged"
    ),
    DriftCode.FILE_CHANGED: "changed in the file",
    DriftCode.FILE_CHANGED_PERHAPS_EDITED: "changed in the file, and perhaps edited outside too",
    DriftCode.AVERAGING_CHANGED: "averaging orders have to be sent or cancelled",
    DriftCode.CHANGE_UNFINISHED: "a change was started and is not finished",
    DriftCode.IN_TRANSITION: "its status is {status}; it cannot be compared now",
    DriftCode.ENTRY_FILLING: "{units:exact} of its entry filled, and no stop protects them until it is filled",
    DriftCode.POSITION_ENTERED: "{units:exact} entered[[ at {price:exact}]]",
    DriftCode.STEPS_EXECUTED: "{executed:n} of {total:count step} executed",
    DriftCode.STOP_MOVED: "its stop moved from {before:exact} to {now:exact}",
    DriftCode.LEVELS_BECAME_PRICES: "levels in percent became prices",
}
