"""Statement of a live trade in a file that would cause no change, or the reasons why no file can state it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from reconciler.codec.numbers import plain
from reconciler.codec.printable import clean_text
from reconciler.model.averaging import AveragingOrder
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.statuses import OrderStatus
from reconciler.model.terms import Level, Terms

_HUNDRED = Decimal(100)
# Inputs and switches that a plan file can state, as far as they can be switched on. Source: SmartTradesV2 page, entity.
_KNOWN_SWITCHES = frozenset(
    {
        "leverage",
        "position.conditional.trailing",
        "take_profit",
        "take_profit.steps[].trailing",
        "stop_loss",
        "stop_loss.conditional.trailing",
        "stop_loss.timeout",
    }
)
# Statuses of an order that is finished. Source: SmartTradesV2 page, statuses of Trades.
_SETTLED_ORDERS = frozenset(
    {
        OrderStatus.FINISHED,
        OrderStatus.CANCELLED,
        OrderStatus.FAILED,
        OrderStatus.PANIC_SOLD,
        OrderStatus.OWN_FUNDS,
        OrderStatus.INACTIVE,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The fields that a file would state about a live trade.

    Attributes:
        terms: The inputs, every level as a price or as a percentage, never both.
        unallocated_pct: Share of the position in percent that has no step.
        note: The user's text, without the marker, as one line of visible characters.
        averaging: Orders that wait to add to the position.
    """

    terms: Terms
    unallocated_pct: Decimal
    note: str
    averaging: tuple[AveragingOrder, ...] = ()


def make_statement(live: LiveTrade) -> Statement:
    """Return what a file would state so that the live trade needs no change.

    Args:
        live: The trade; neither ended nor between two states.
    """
    return make_statement_of(live, live.terms, live.reading.text)


def make_statement_of(live: LiveTrade, terms: Terms, note: str) -> Statement:
    """Return the same for terms that are not just those that the API shows.

    Args:
        live: The trade.
        terms: Its terms, with progress undone.
        note: The user's text.
    """
    is_percent = _is_entry_trailing(live)
    gone = [step.terms for step in live.steps if step.is_cancelled]
    steps = list(terms.steps)
    if terms.steps == live.terms.steps:
        for step in gone:
            steps.remove(step)
    stated = tuple(replace(step, level=_state_level(step.level, is_percent=is_percent)) for step in steps)
    stop = terms.stop_loss
    if stop is not None:
        stop = replace(stop, trigger=_state_level(stop.trigger, is_percent=is_percent))
    allocated = sum((step.volume_pct for step in stated), Decimal(0))
    return Statement(
        terms=replace(terms, steps=stated, stop_loss=stop),
        unallocated_pct=_HUNDRED - allocated if stated else Decimal(0),
        note=clean_text(note),
    )


def find_obstacles(live: LiveTrade) -> Iterator[str]:
    """Find why no file can state a live trade, as far as its entity shows; rules check the rest."""
    if live.phase is Phase.ENDED:
        ending = f"{live.status}{f', {live.error}' if live.error else ''}"
        yield f"it has ended ({ending}): a file that names it would open it again"
        return
    if live.phase is Phase.BUSY:
        yield f"it is between two states ({live.status}): try again in a moment"
        return
    for path in _find_switches("", live.entity):
        if path not in _KNOWN_SWITCHES:
            yield f"{path} is switched on, which a plan file cannot express"


def find_waiting_orders(live: LiveTrade, orders: Sequence[object]) -> Iterator[str]:
    """Find waiting orders beside entry, steps and stop that a plan file cannot state: reduced funds.

    Args:
        live: The trade.
        orders: Its Trade entities, without averaging orders.
    """
    known = {step.id for step in live.steps}
    has_entry = False
    for order in orders:
        if not isinstance(order, Mapping):
            continue
        purpose = order.get("trade_purpose")
        is_entry = purpose == "position" and not has_entry
        has_entry = has_entry or is_entry
        is_own = is_entry or purpose in ("stop_loss", "take_profit") or order.get("id") in known
        if not is_own and order.get("status") not in _SETTLED_ORDERS:
            side, amount = order.get("order_side"), order.get("initial_amount")
            price = order.get("order_price") or order.get("initial_price")
            yield (
                f"order #{order.get('id')} still waits ({side} {amount} at {price}), which a plan file cannot express:"
                " let it fill or cancel it first"
            )


def _is_entry_trailing(live: LiveTrade) -> bool:
    """Return whether levels are percentages still: they become prices when the trailing entry has filled."""
    condition = live.terms.entry.condition
    return condition is not None and condition.trailing_pct is not None and live.phase is not Phase.OPEN


def _state_level(level: Level, *, is_percent: bool) -> Level:
    if level.value is None or level.percent is None:
        return level
    return replace(level, value=None) if is_percent else replace(level, percent=None)


def _find_switches(path: str, value: object) -> Iterator[str]:
    """Find the groups that are enabled."""
    if isinstance(value, Mapping):
        if path and value.get("enabled") in (True, "true"):
            yield path
        for key, below in value.items():
            yield from _find_switches(f"{path}.{key}" if path else str(key), below)
    elif isinstance(value, list):
        for below in value:
            yield from _find_switches(f"{path}[]", below)


def describe_terms_gap(expected: Statement, found: Statement) -> str:
    """Return the name of a part in which two statements differ, for a message."""
    for name in ("account_id", "pair", "instant", "skip_enter_step", "entry", "leverage", "steps", "stop_loss"):
        if getattr(expected.terms, name) != getattr(found.terms, name):
            return {"entry": "position", "steps": "take_profit"}.get(name, name)
    if expected.unallocated_pct != found.unallocated_pct:
        return f"take_profit.unallocated ({plain(expected.unallocated_pct)})"
    return "averaging" if expected.averaging != found.averaging else "note"
