"""Remedies: what ends a loss or bad news, as codes; `rendering/news_words.py` has the words."""

from __future__ import annotations

from enum import StrEnum


class Remedy(StrEnum):
    """Advice for the user about a finding or a problem."""

    APPLY_COMPLETES_IT = "apply_completes_it"
    CHECK_AND_PLAN_LATER = "check_and_plan_later"
    CHECK_UNKNOWN_STATUS = "check_unknown_status"
    LIST_VANISHED = "list_vanished"
    LIST_AS_FOREIGN = "list_as_foreign"
    LIST_AS_FOREIGN_OR_RESTORE_NOTE = "list_as_foreign_or_restore_note"
    PLAN_AGAIN_LATER = "news_plan_again_later"
    PLAN_REACTIVATES_STOP = "plan_reactivates_stop"
    PLAN_RESTORES_STOP = "plan_restores_stop"
    PLAN_SHOWS_CHECKS = "plan_shows_checks"
    RAISE_OR_LIST_VANISHED = "raise_or_list_vanished"
    REOPEN_OR_END_IN_FILE = "reopen_or_end_in_file"
    RESTORE_NOTE = "restore_note"
    TAKE_COINS_OVER = "take_coins_over"
    TAKE_COINS_OVER_OR_ABANDON = "take_coins_over_or_abandon"
