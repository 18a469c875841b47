"""Reasons that block a new trade, or that make it doubtful which live trade belongs to a file."""

from __future__ import annotations

from enum import StrEnum


class OpeningReason(StrEnum):
    """Reason why a trade may not be opened."""

    # Values of other reasons.
    LIVE_NAME = "live_name"
    PLACE = "place"
    LIVE_SUMMARY = "live_summary"
    # Other trades with this name.
    NAME_TWICE = "name_twice"
    OTHER_MARKER_BEFORE = "other_marker_before"
    OPENED_LATER = "opened_later"
    OPENED_EARLIER = "opened_earlier"
    NEWER_GENERATION = "newer_generation"
    OLDER_GENERATION_LIVE = "older_generation_live"
    # What the journal knows.
    UNRESOLVED_REQUEST = "unresolved_request"
    KNOWN_UNLISTED = "known_unlisted"
    KNOWN_VANISHED = "known_vanished"
    KNOWN_ENDED = "known_ended"
    MARKER_REMOVED = "marker_removed"
    # What is not certain.
    UNPROVEN = "unproven"
    ILLEGIBLE = "illegible"
    ILLEGIBLE_TRADE = "illegible_trade"
    # Trades that may be the one that is wanted.
    LIKE_ORPHAN = "like_orphan"
    OTHER_WORKSPACE = "other_workspace"
    OTHER_WORKSPACE_ENDED = "other_workspace_ended"
    OUTSIDE_TARGETS = "outside_targets"
    UNMARKED_ALIKE = "unmarked_alike"
    VAGUE = "partly_unreadable_there"
    # The trade itself.
    ACCOUNT_OUTSIDE = "account_outside"
    # What is wrong with a live trade that cannot be read.
    ENTITY_UNREADABLE = "entity_unreadable"
    MARKER_NEWER = "newer_marker"
    MARKER_DAMAGED = "illegible_marker"
    # A marker in a trade that is another one.
    MISFIT_KNOWN = "misfit_known"
    MISFIT_PLACE = "misfit_place"
    MISFIT_SIZE = "misfit_size"


class OpeningHint(StrEnum):
    """Advice for the user."""

    END_OTHERS = "end_others"
    REPAIR_NOTE = "repair_note"
    PLAN_AGAIN = "plan_again_if_readable"
    END_OR_FOREIGN = "end_or_foreign"
    REPAIR_COPIED_MARKER = "repair_copied_marker"
    REPAIR_COPIED_OR_RAISE = "repair_copied_marker_or_raise"
    REPAIR_BOTH_NOTES = "repair_both_notes"
    OLD_BRANCH = "old_branch"
    END_OLDER_GENERATION = "end_older_generation"
    APPLY_LATER = "apply_later"
    MANY_UNLISTED = "many_unlisted"
    LIST_IF_GONE = "list_if_gone"
    RAISE_GENERATION = "raise_generation"
    MOVED_OR_END = "moved_or_end"
    WORKSPACE_WAS_OR_FOREIGN = "workspace_was_or_foreign"
    NAME_ACCOUNT_OR_FOREIGN = "name_account_or_foreign"
    NAME_ACCOUNT = "name_account"
    RESTORE_NOTE_OR_FOREIGN = "restore_note_or_foreign"
    ADOPT_OR_FOREIGN = "adopt_or_foreign"
