"""A status report as JSON; `schemas/status.schema.json` describes the document."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal

from reconciler.codec.instants import write_instant
from reconciler.codec.numbers import plain
from reconciler.codec.reasons import write_amount
from reconciler.model.reasons import Amount
from reconciler.model.status import StatusReport, StatusRow, UnmanagedTrade
from reconciler.rendering.freeze_json import write_freeze
from reconciler.rendering.risk_json import write_totals, write_trade_risk

KIND = "reconciler-status"
# Readers refuse another major number and ignore unknown keys of the same one.
FORMAT_VERSION = "2.2"


def render_status_json(report: StatusReport, *, is_line: bool = False) -> str:
    """Write a report as a JSON document with a line feed at its end.

    Args:
        report: The report.
        is_line: Whether the document is written in one line.
    """
    return json.dumps(_write_report(report), indent=None if is_line else 2, ensure_ascii=False) + "\n"


def _write_report(report: StatusReport) -> dict[str, object]:
    return {
        "kind": KIND,
        "format_version": FORMAT_VERSION,
        "workspace": report.workspace,
        "target": {"name": report.target, "mode": report.mode},
        "checked_at": write_instant(report.made_at),
        "trades": [_write_row(row, report.accounts) for row in report.trades],
        "totals": [
            {"open": write_amount(Amount(total.open, quote)), "ended": write_amount(Amount(total.ended, quote))}
            for quote, total in report.totals.items()
        ],
        "risk": write_totals(report.risk),
        "requests": report.requests,
        "not_managed": [trade.live_id for trade in report.unmanaged],
        "not_managed_trades": [_write_unmanaged(trade) for trade in report.unmanaged],
        "outside": list(report.outside),
        "averaging_not_read": list(report.averaging_not_read),
        "freezes": [write_freeze(freeze) for freeze in report.freezes],
    }


def _write_unmanaged(trade: UnmanagedTrade) -> dict[str, object]:
    return {
        "live_id": trade.live_id,
        "pair": trade.pair,
        "held": _write_amount(trade.held_units, trade.base),
        "has_stop": trade.has_stop,
    }


def _write_row(row: StatusRow, accounts: Mapping[int, str]) -> dict[str, object]:
    return {
        "trade": row.trade,
        "is_in_file": row.is_in_file,
        "has_marker": row.has_marker,
        "pair": row.pair or None,
        "live_id": row.live_id,
        "phase": row.phase.value if row.phase else "not_opened",
        "status": row.status or None,
        "entered": _write_amount(row.entered_units, row.base),
        "entered_pct": _write_number(row.entered_pct),
        "steps_hit": row.steps_hit,
        "steps": row.steps,
        "profit": _write_amount(row.profit, row.quote),
        "profit_pct": _write_number(row.profit_pct),
        "price": _write_amount(row.price, row.quote),
        "stop": _write_amount(row.stop, row.quote),
        "stop_distance_pct": _write_number(row.stop_distance_pct),
        "stop_status": row.stop_status or None,
        "is_stop_lost": row.is_stop_lost,
        "next": row.next.value if row.next else None,
        "next_price": _write_amount(row.next_price, row.quote),
        "next_distance_pct": _write_number(row.next_distance_pct),
        "ended_at": write_instant(row.ended_at) if row.ended_at else None,
        "attention": [topic.value for topic in row.attention],
        "unreadable": list(row.unreadable),
        "side": row.side.value if row.side else None,
        "is_own_funds": row.is_own_funds,
        "account_id": row.account_id,
        "account": accounts.get(row.account_id) if row.account_id is not None else None,
        "held": _write_amount(row.held_units, row.base),
        "is_unprotected": row.is_unprotected,
        "is_stop_passed": row.is_stop_passed,
        "created_at": write_instant(row.created_at) if row.created_at else None,
        "risk": write_trade_risk(row.risk),
        "r_now": _write_number(row.r_now),
    }


def _write_amount(number: Decimal | None, unit: str) -> object:
    return None if number is None or not unit else write_amount(Amount(number, unit))


def _write_number(number: Decimal | None) -> str | None:
    return None if number is None else plain(number)
