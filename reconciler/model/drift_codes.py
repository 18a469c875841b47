"""The sentences of drift, as codes; `rendering/drift_words.py` has the words."""

from __future__ import annotations

from enum import StrEnum


class DriftCode(StrEnum):
    """A sentence about one trade: a loss, an edit, a change in the files, progress or information."""

    # A desired trade that is not active.
    NOT_LIVE = "filed_and_not_live"
    ABSENCE_UNPROVEN = "absence_unproven"
    NO_LONGER_EXISTS = "no_longer_exists"
    ENDED_WITHOUT_MARKER = "ended_without_marker"
    REPLACEMENT_MISSING = "replacement_missing"
    ENDED_BY_MARKET = "ended_by_market"
    ENDED_BY_RECONCILER = "ended_by_reconciler"
    ENDED_AS_ASKED = "ended_as_asked"
    # The protection of an open position.
    STOP_REMOVED = "stop_removed"
    IGNORED_STOP_MISSING = "ignored_stop_missing"
    STOP_INACTIVE = "drift_stop_inactive"
    STEP_INACTIVE = "drift_step_inactive"
    UNREADABLE = "drift_live_unreadable"
    # Edits outside the files.
    FIELD_EDITED = "field_edited"
    NOTE_EDITED = "note_edited"
    FUNDS_ADDED = "funds_added_outside"
    AVERAGING_ADDED = "averaging_added_outside"
    AVERAGING_CANCELLED = "averaging_order_over"
    AVERAGING_UNLISTED = "averaging_orders_unlisted"
    AVERAGING_ORDER = "listed_averaging_order"
    # Ownership.
    DUPLICATE_NAME = "duplicate_name"
    MARKER_LOST = "marker_lost"
    LIKELY_MARKER_LOST = "likely_marker_lost"
    MARKER_ABSENT = "marker_absent"
    MARKER_DAMAGED = "marker_damaged"
    MARKER_OF_OTHER_VERSION = "marker_of_other_version"
    MARKER_OF_OTHER_WORKSPACE = "marker_of_other_workspace"
    OUTSIDE_TARGET = "outside_target"
    # Changes in the files.
    FILE_CHANGED = "file_changed"
    FILE_CHANGED_PERHAPS_EDITED = "file_changed_perhaps_edited"
    AVERAGING_CHANGED = "averaging_changed"
    CHANGE_UNFINISHED = "change_unfinished"
    # Progress.
    IN_TRANSITION = "in_transition"
    ENTRY_FILLING = "entry_filling"
    POSITION_ENTERED = "position_entered"
    STEPS_EXECUTED = "steps_executed"
    STOP_MOVED = "stop_moved_by_market"
    LEVELS_BECAME_PRICES = "levels_became_prices"
