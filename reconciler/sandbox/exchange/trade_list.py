"""The list of SmartTrades: filters, order and pages.

Source: SmartTradesV2 page, list. That `finished` covers stopped trades, and `active` all that have not ended, is
assumed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from reconciler.sandbox.exchange.transaction import Transaction
from reconciler.sandbox.requests.fields import INVALID, NO_CHOICE, Fields
from reconciler.sandbox.values.instants import read_instant
from reconciler.sandbox.values.refusals import refuse_parameters
from reconciler.sandbox.values.statuses import TradeStatus

DEFAULT_PAGE_SIZE = 10
MAX_PAGE_SIZE = 100

# Far beyond any list; keeps the offset inside SQLite's integers.
MAX_PAGE = 10**9

_SUCCESSES: tuple[str, ...] = ("panic_sold", "finished", "liquidated", "settled")


class StatusFilter(StrEnum):
    """Values of `status`; the docs spell one of them in two ways."""

    ALL = "all"
    ACTIVE = "active"
    FINISHED = "finished"
    SUCCESSFULLY_FINISHED = "successfully_finished"
    SUCCESSFULLY_FINISH = "successfully_finish"
    CANCELLED = "cancelled"
    FAILED = "failed"


class OrderBy(StrEnum):
    """Values of `order_by`."""

    CREATED_AT = "created_at"
    UPDATED_AT = "updated_at"
    CLOSED_AT = "closed_at"
    STATUS = "status"
    PROFIT = "profit"
    PROFIT_PERCENTAGE = "profit_percentage"


class Direction(StrEnum):
    """Values of `order_direction`; upper case is accepted too."""

    ASC = "asc"
    DESC = "desc"

    @classmethod
    def _missing_(cls, value: object) -> Direction | None:
        return {"ASC": cls.ASC, "DESC": cls.DESC}.get(value) if isinstance(value, str) else None


class Kind(StrEnum):
    """Values of `type`."""

    SIMPLE_BUY = "simple_buy"
    SIMPLE_SELL = "simple_sell"
    SMART_SELL = "smart_sell"
    SMART_TRADE = "smart_trade"
    SMART_COVER = "smart_cover"
    SMART_BUY = "smart_buy"


_FINISHED = (*_SUCCESSES, TradeStatus.STOP_LOSS_FINISHED)
_STATUSES: dict[StatusFilter, Sequence[str]] = {
    StatusFilter.FINISHED: _FINISHED,
    StatusFilter.SUCCESSFULLY_FINISHED: _SUCCESSES,
    StatusFilter.SUCCESSFULLY_FINISH: _SUCCESSES,
    StatusFilter.CANCELLED: (TradeStatus.CANCELLED,),
    StatusFilter.FAILED: (TradeStatus.FAILED,),
}

_CLOSING_PRICE = "CASE WHEN is_long THEN quotes.bid ELSE quotes.ask END"

# Worth of what is left of a position at the price that closes it.
_LEFT = (
    "((entered_amount - closed_amount) * contract_size"
    f" * CASE WHEN is_inverse THEN 1.0 / ({_CLOSING_PRICE}) ELSE ({_CLOSING_PRICE}) END)"
)

# Profit as the entity shows it, near enough to order by.
_PROFIT = (
    "CASE WHEN entered_amount = 0 OR kind LIKE 'simple%' OR status IN ('cancelled', 'failed') THEN NULL "
    f"WHEN is_long <> is_inverse THEN closed_total + {_LEFT} * 0.999 - entered_total "
    f"ELSE entered_total - closed_total - {_LEFT} * 1.001 END"
)
_COLUMNS = {
    OrderBy.CREATED_AT: "created_at_ms",
    OrderBy.UPDATED_AT: "updated_at_ms",
    OrderBy.CLOSED_AT: "closed_at_ms",
    OrderBy.STATUS: "status",
    OrderBy.PROFIT: _PROFIT,
    OrderBy.PROFIT_PERCENTAGE: f"({_PROFIT}) / nullif(entered_total, 0)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Distortion:
    """Distortion of a page by faults on demand.

    Args:
        shift: Number of rows by which the list has moved since the page before: above zero, that many are shown again.
        cap: Maximum number of rows of the page, whatever the request says.
        tie_ms: Trades created within one step of this many milliseconds come in any order; 0 for no ties.
        seed: Decides that order.
        hides_ended: Whether trades that have ended are left out.
    """

    shift: int = 0
    cap: int = MAX_PAGE_SIZE
    tie_ms: int = 0
    seed: int = 0
    hides_ended: bool = False


NO_DISTORTION = Distortion()


class _Statement:
    """A SELECT statement for a list, built in steps."""

    def __init__(self, mode: str, user: str, now_ms: int) -> None:
        self.conditions = ["mode = ?"]
        self.values: list[object] = [mode]
        self.require("account_id IN (SELECT id FROM accounts WHERE user = ?)", user)
        self.require("id NOT IN (SELECT trade_id FROM unlisted WHERE reads_left >= 0 OR until_ms > ?)", now_ms)

    def require(self, condition: str, *values: object) -> None:
        self.conditions.append(condition)
        self.values += values


def select_trades(
    transaction: Transaction,
    parameters: Mapping[str, object],
    *,
    mode: str,
    user: str,
    distortion: Distortion = NO_DISTORTION,
) -> list[int]:
    """Return the ids of the trades on the requested page.

    Args:
        transaction: The transaction of the request.
        parameters: All parameters of the request.
        mode: Account mode of the request.
        user: Whose trades are listed.
        distortion: Distortion of the page.

    Raises:
        RequestRefused: A parameter is malformed.
    """
    fields = Fields(parameters)
    statement = _Statement(mode, user, transaction.now_ms)
    _filter_fields(statement, fields)
    _filter_status(statement, fields)
    _filter_creation(statement, fields)
    order_by = fields.choice("order_by", OrderBy) or OrderBy.STATUS
    direction = fields.choice("order_direction", Direction) or Direction.DESC
    page = _read_bounded(fields, "page", 1, MAX_PAGE)
    size = min(_read_bounded(fields, "per_page", DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE), distortion.cap)
    if fields.problems:
        raise refuse_parameters(fields.problems)
    if distortion.hides_ended:
        statement.require("is_active = 1")
    source = "trades JOIN quotes USING (pair)" if "quotes." in _COLUMNS[order_by] else "trades"
    text = (
        f"SELECT id FROM {source} WHERE {' AND '.join(statement.conditions)} "  # noqa: S608 -- constant texts only
        f"ORDER BY {_describe_order(order_by, direction, distortion)} LIMIT ? OFFSET ?"
    )
    return transaction.trades.select_ids(text, [*statement.values, size, max((page - 1) * size - distortion.shift, 0)])


def _describe_order(order_by: OrderBy, direction: Direction, distortion: Distortion) -> str:
    if distortion.tie_ms and order_by is OrderBy.CREATED_AT:
        shuffled = f"id % 10007 * {7919 + distortion.seed % 997 * 1301} % 10007"
        return f"{_COLUMNS[order_by]} / {distortion.tie_ms} {direction}, {shuffled}, id"
    return f"{_COLUMNS[order_by]} {direction}, id {direction}"


def _filter_fields(statement: _Statement, fields: Fields) -> None:
    account_id = fields.integer("account_id")
    if account_id is not None:
        statement.require("account_id = ?", account_id)
    kind = fields.choice("type", Kind)
    if kind is not None:
        statement.require("kind = ?", kind)
    for name in ("pair", "base", "quote"):
        text = fields.text(name)
        if text is not None:
            statement.require(f"{name} = ?", text)


def _filter_status(statement: _Statement, fields: Fields) -> None:
    status = fields.choice("status", StatusFilter)
    if status is StatusFilter.ACTIVE:
        statement.require("is_active = 1")
    elif status in _STATUSES:
        statuses = _STATUSES[status]
        statement.require(f"status IN ({', '.join('?' * len(statuses))})", *statuses)


def _filter_creation(statement: _Statement, fields: Fields) -> None:
    for name, condition in (("from", "created_at_ms >= ?"), ("to", "created_at_ms <= ?")):
        text = fields.text(name)
        if text is None:
            continue
        at_ms = read_instant(text)
        if at_ms is None:
            fields.report(name, INVALID)
        else:
            statement.require(condition, at_ms)


def _read_bounded(fields: Fields, name: str, default: int, largest: int) -> int:
    number = fields.integer(name)
    if number is None:
        return default
    if not 1 <= number <= largest:
        fields.report(name, NO_CHOICE)
    return number
