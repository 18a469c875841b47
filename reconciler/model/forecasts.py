"""Forecasts: what an operation does to money and to the protection of a position, one code for each thing it does."""

from __future__ import annotations

from enum import StrEnum


class Forecast(StrEnum):
    """One thing that an operation does to money, or to the protection of a position."""

    # What an entry binds, buys or sells.
    COMMITS = "commits_total"
    COMMITS_AS_BEFORE = "commits_as_before"
    COMMITS_INSTEAD = "commits_instead"
    ENTERS_AT_ONCE = "enters_at_once"
    ENTERS_AT_MARKET = "enters_at_market"
    TAKES_OVER = "takes_over"
    FREES = "frees_total"
    FREES_FIRST = "frees_first"
    TAKES_REST_BACK = "takes_rest_back"
    BY_ITS_OWN_TRADE = "closed_by_its_own_trade"
    # What is sold or bought back of a position.
    CLOSES_AT_MARKET = "closes_at_market"
    CLOSES_NOW = "closes_now"
    CLOSES_AFTER_ENTRY = "closes_after_entry"
    CLOSES_PART_NOW = "closes_part_now"
    CLOSES_PART_AFTER_ENTRY = "closes_part_after_entry"
    PROFIT_NOW = "profit_now"
    # Averaging orders and other orders that change the size of a position.
    ADDS = "adds"
    ADDS_AT_ONCE = "adds_at_once"
    AVERAGING_FILLED = "averaging_filled"
    ADDS_AT_MARKET = "adds_at_market"
    ADDS_AT_PRICE = "adds_at_price"
    REDUCES_AT_MARKET = "reduces_at_market"
    REDUCES_AT_PRICE = "reduces_at_price"
    # What protects a position.
    KEEPS_UNPROTECTED = "keeps_unprotected"
    UNPROTECTED_NOW = "unprotected_now"
    STOP_REMOVED = "no_stop_afterwards"
    STOP_ADDED = "stop_added"
    STOP_MOVED = "stop_moved"
    STOP_ACTS_DIFFERENTLY = "stop_acts_differently"
    STOP_WATCHES = "stop_watches"
    STOP_ARMED = "stop_armed"
    STOP_ARMED_PASSED = "stop_armed_passed"
    WITHOUT_FORMER_STOP = "without_former_stop"
    TRAILING_RESTARTS = "trailing_restarts"
    BREAKEVEN_UNDONE = "breakeven_undone"
    TIMEOUT_RESTARTS = "timeout_restarts"
    STEP_TRAILING_RESTARTS = "step_trailing_restarts"
    # Take-profit steps.
    STEP_CANCELLED = "step_cancelled"
    STEPS_REMOVED = "steps_removed"
    STEPS_ADDED = "steps_added"
    STEPS_MOVED = "steps_moved"
    STEPS_ACT_DIFFERENTLY = "steps_act_differently"
    # Leverage.
    LEVERAGE = "leverage"
    NO_LEVERAGE = "no_leverage"
    LEVERAGE_CHANGED = "leverage_changed"
    LIQUIDATION_UNKNOWN = "liquidation_unknown"
    LIQUIDATION_WITHOUT_STOP = "liquidation_without_stop"
    LIQUIDATION_BEFORE_STOP = "liquidation_before_stop"
    LIQUIDATION_BEHIND_STOP = "liquidation_behind_stop"
    # What only a command by hand does.
    STEP_NAMED = "step_named"
    STOP_PASSED = "stop_passed_at_start"
    STEP_REACHED = "step_reached_at_start"
    ASKS_TO_PROCESS = "asks_to_process"
    FREES_NOW = "frees_now"
    POSITION_STAYS = "position_stays"
    NO_STOP_YET = "no_stop_yet"
    ORDERS_WAITING = "orders_waiting"
    AT_MOST = "at_most"
    ORDER_CANCELLED = "order_cancelled"
    NOTE_ADDED = "note_added"
    NOTE_REPLACED = "note_replaced"
    # Notes.
    MOVES_NO_MONEY = "moves_no_money"
    LEFT_TO_USER = "left_to_user"
