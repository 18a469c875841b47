"""Reasons and advice in a plan: blocked trades, notices, and numbers that an exchange would refuse."""

from __future__ import annotations

from enum import StrEnum


class BlockReason(StrEnum):
    """Reason why a change that the files ask for is not made."""

    PAIR_UNKNOWN = "pair_unknown"
    CREATE_NOT_WHOLE = "create_not_whole"
    UPDATE_NOT_WHOLE = "update_not_whole"
    LIVE_STEPS_NOT_WHOLE = "live_steps_not_whole"
    PERCENT_AFTER_ENTRY = "percent_after_entry"
    CLOSE_NOT_OFFERED = "close_not_offered"
    CANCEL_NOT_OFFERED = "cancel_not_offered"
    EDIT_NOT_OFFERED = "edit_not_offered"
    CANCEL_STEP_NOT_OFFERED = "cancel_step_not_offered"
    ADD_FUNDS_NOT_OFFERED = "add_funds_not_offered"
    PARTLY_FILLED = "partly_filled"
    FILES_MISSING = "files_missing"
    POSITION_IN_NO_FILE = "position_in_no_file"
    ENTRY_DIFFERS = "entry_differs"
    ENTRY_FILLED_WHILE_CHANGED = "entry_filled_while_changed"
    LAST_STEP = "last_step"
    PARTLY_CLOSED = "partly_closed"
    STEPS_REFUSED = "steps_refused"
    UPDATES_REFUSED = "updates_refused"
    STEPS_THAT_STAY_REACHED = "steps_that_stay_reached"
    STOP_PASSED = "stop_passed"
    AVERAGING_UNCERTAIN = "averaging_uncertain"
    AVERAGING_ADDED_BY_HAND = "averaging_added_by_hand"
    AVERAGING_MISSING = "averaging_missing"
    EXCHANGE_REFUSES = "exchange_refuses"
    ACCOUNT_REFUSES = "account_refuses"
    PREVENTED = "prevented"
    PREVENTED_OPERATION = "prevented_operation"


class BlockHint(StrEnum):
    """Advice for the user about a blocked trade."""

    PLAN_LATER = "plan_later"
    CORRECT_FILE = "correct_file"
    CORRECT_PAIR = "correct_pair"
    LIST_ALL_STEPS = "list_all_steps"
    MAKE_VOLUMES_WHOLE = "make_volumes_whole"
    MAKE_LIVE_VOLUMES_WHOLE = "make_live_volumes_whole"
    CHANGE_IN_3COMMAS = "change_in_3commas"
    WRITE_PRICES = "write_prices"
    WAIT_OR_ABANDON = "wait_or_abandon"
    WAIT_UNTIL_FILLED = "wait_until_filled"
    FIND_FILES = "find_files"
    PUT_BACK = "put_back"
    ENTRY_BACK = "entry_back"
    ENTRY_BACK_AS_BEFORE = "entry_back_as_before"
    KEEP_ONE_STEP = "keep_one_step"
    KEEP_EXECUTED_STEPS = "keep_executed_steps"
    WAIT_FOR_PRICE = "wait_for_price"
    CHECK_TRADE = "check_trade"
    CHECK_ACCOUNT = "check_account"
    LIST_AVERAGING = "list_averaging"
    LOWER_COUNT = "lower_count"
    REMOVE_COUNT = "remove_count"
    ALLOW = "allow"


class NoticeReason(StrEnum):
    """Information about a trade that needs no change in the plan."""

    STOP_NOT_ACTIVE = "stop_not_active"
    STOP_GONE = "stop_gone"
    NO_STOP_IGNORED = "no_stop_ignored"
    STEP_FAILED = "step_failed"
    ENDED = "trade_ended"
    FILE_CHANGED_SINCE = "file_changed_since"
    NOTHING_FILLED = "nothing_filled"
    BUSY = "trade_busy"
    IGNORED = "ignored_fields"
    IGNORED_FIELD = "ignored_field"
    AVERAGING_ORDER = "averaging_order"
    AVERAGING_LATER = "averaging_later"
    AVERAGING_HELD = "averaging_held"
    AVERAGING_LOST = "averaging_lost"
    REFUSED_ALL_THE_SAME = "refused_all_the_same"
    OVERCOMMITTED = "overcommitted"
    PRICE_LIMIT_RAISED = "price_limit_raised"
    BASE_UNREADABLE = "base_unreadable"


class MarketReason(StrEnum):
    """Number of an order that an exchange would refuse, with the nearest number that it accepts."""

    PRICE_TOO_LOW = "price_too_low"
    PRICE_TOO_HIGH = "price_too_high"
    PRICE_OFF_TICK = "price_off_tick"
    UNITS_TOO_SMALL = "units_too_small"
    UNITS_TOO_LARGE = "units_too_large"
    UNITS_OFF_LOT = "units_off_lot"
    TOTAL_TOO_SMALL = "total_too_small"
    TOTAL_TOO_LARGE = "total_too_large"
