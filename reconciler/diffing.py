"""Stage 6, DIFF: what differs between a spec and its live trade, progress told apart.

Progress is what the market or the server did to a trade that stands as asked for: it is undone in thought before the
comparison, so it never shows as a difference. Everything else is compared by plain equality; DeepDiff is called only to
explain a difference that is known to exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from reconciler.model.body import write_body
from reconciler.model.live import LiveStep, LiveTrade, Phase, Rates
from reconciler.model.marker import exits_digest
from reconciler.model.numbers import truncate
from reconciler.model.plan import FieldChange
from reconciler.model.terms import Entry, Level, Side, Step, StopLoss, Terms

# How far a level that the server computed from percent may be from our own computation, as a share of the price: the
# average entry price that counts may include a commission that the entity does not show. Assumed.
_PERCENT_LEVEL_TOLERANCE = Decimal("0.002")
_HUNDRED = Decimal(100)
_ZERO = Decimal(0)

# Inputs that an update cannot change. Source: SmartTradesV2 page, update smart trade, parameters.
_FIXED_PATHS = frozenset({"account_id", "pair", "instant", "skip_enter_step", "position.type", "position.order_type"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What differs, by the part of the trade that an operation can change.

    Attributes:
        live: The live inputs with progress undone: what the changes start from.
        entry: Changes of account, pair, kind and position; only where the entry can still be compared.
        leverage: Changes of the leverage.
        steps: Changes of the take-profit steps.
        stop: Changes of the stop loss.
        dropped: Open live steps that the file lists no more, where it is otherwise as live; else empty.
    """

    live: Terms
    entry: tuple[FieldChange, ...]
    leverage: tuple[FieldChange, ...]
    steps: tuple[FieldChange, ...]
    stop: tuple[FieldChange, ...]
    dropped: tuple[LiveStep, ...]

    @property
    def all(self) -> tuple[FieldChange, ...]:
        """All changes."""
        return self.entry + self.leverage + self.steps + self.stop

    @property
    def needs_replacing(self) -> bool:
        """Whether an update cannot do it."""
        return any(change.path in _FIXED_PATHS for change in self.entry)


def compare(live: LiveTrade, spec: Terms, rates: Rates | None = None) -> Difference:
    """What differs between a live trade and the terms that a file states.

    Args:
        live: The trade; not ended.
        spec: What the file states.
        rates: Limits of the pair for lot and tick rounding; without them no rounding is assumed.
    """
    stated = state_as_filed(live, spec, rates)
    if stated == spec:
        return Difference(live=stated, entry=(), leverage=(), steps=(), stop=(), dropped=())
    changes = explain(stated, spec)
    steps = tuple(change for change in changes if change.path.startswith("take_profit"))
    return Difference(
        live=stated,
        entry=tuple(
            change for change in changes if not change.path.startswith(("leverage", "take_profit", "stop_loss"))
        ),
        leverage=tuple(change for change in changes if change.path.startswith("leverage")),
        steps=steps,
        stop=tuple(change for change in changes if change.path.startswith("stop_loss")),
        dropped=_find_dropped(live, spec, rates) if steps else (),
    )


def state_as_filed(live: LiveTrade, spec: Terms, rates: Rates | None = None) -> Terms:
    """The live inputs, with everything that is progress or rounding put back to what the file states."""
    terms = live.terms
    price_step, lot_step = (rates.price_step, rates.lot_step) if rates else (_ZERO, _ZERO)
    return replace(
        terms,
        entry=_settle_entry(live, spec.entry, price_step, lot_step),
        leverage=spec.leverage if _was_leverage_ignored(live, spec) else terms.leverage,
        steps=_settle_steps(live, spec, price_step),
        stop_loss=_settle_stop(live, spec.stop_loss, price_step),
    )


def explain(before: Terms, after: Terms) -> tuple[FieldChange, ...]:
    """The inputs that differ between two terms, in the order of the body."""
    from deepdiff import DeepDiff

    old, new = write_body(before), write_body(after)
    tree = DeepDiff(old, new, view="tree", zip_ordered_iterables=True)
    changes: dict[str, FieldChange] = {}
    for nodes in tree.values():
        for node in nodes:
            path = _join(node.path(output_format="list"))
            was, becomes = dict(_leaves(path, _present(node.t1))), dict(_leaves(path, _present(node.t2)))
            for leaf in was | becomes:
                changes[leaf] = FieldChange(path=leaf, before=was.get(leaf), after=becomes.get(leaf))
    order = {path: place for place, path in enumerate(dict([*_leaves("", old), *_leaves("", new)]))}
    return tuple(sorted(changes.values(), key=lambda change: order[change.path]))


def _settle_entry(live: LiveTrade, wanted: Entry, price_step: Decimal, lot_step: Decimal) -> Entry:
    """The live entry, or the file's where it cannot be compared any more.

    After the entry the API shows the held units and the average price instead of what was asked for; whether the file
    changed then is told by the marker's digest.
    """
    if live.phase is Phase.OPEN:
        return wanted
    entry = live.terms.entry
    if _is_rounded(entry.units, wanted.units, lot_step):
        entry = replace(entry, units=wanted.units)
    if entry.price is not None and wanted.price is not None and _is_rounded(entry.price, wanted.price, price_step):
        entry = replace(entry, price=wanted.price)
    return entry


def _was_leverage_ignored(live: LiveTrade, spec: Terms) -> bool:
    """Whether the API dropped a leverage that was applied, as it does on spot markets.

    Source: create smart trade, published response to a create with leverage on a spot account.
    """
    marker = live.reading.marker
    return (
        spec.leverage is not None
        and live.terms.leverage is None
        and marker is not None
        and marker.exits.target == exits_digest(spec)
    )


def _settle_steps(live: LiveTrade, spec: Terms, price_step: Decimal) -> tuple[Step, ...]:
    """The live steps; those of the file where they differ only in order or by executed steps that it left out."""
    wanted = list(spec.steps)
    settled: list[Step] = []
    has_extra = False
    for step in live.steps:
        same = next((other for other in wanted if _is_same_step(live, step, other, price_step)), None)
        if same is not None:
            wanted.remove(same)
        elif not step.is_finished:
            has_extra = True
        settled.append(same or step.terms)
    return tuple(settled) if wanted or has_extra else spec.steps


def _is_same_step(live: LiveTrade, step: LiveStep, wanted: Step, price_step: Decimal) -> bool:
    found = step.terms
    return found == wanted or (
        (found.order_type, found.volume_pct, found.trailing_pct)
        == (wanted.order_type, wanted.volume_pct, wanted.trailing_pct)
        and _is_same_level(live, found.level, wanted.level, price_step, is_gain=True)
    )


def _settle_stop(live: LiveTrade, wanted: StopLoss | None, price_step: Decimal) -> StopLoss | None:
    stop = live.terms.stop_loss
    if stop is None or wanted is None or stop == wanted:
        return stop
    if _is_same_level(live, stop.trigger, wanted.trigger, price_step, is_gain=False) or _has_moved(live, stop, wanted):
        stop = replace(stop, trigger=wanted.trigger)
    if (
        stop.limit_price is not None
        and wanted.limit_price is not None
        and _is_rounded(stop.limit_price, wanted.limit_price, price_step)
    ):
        stop = replace(stop, limit_price=wanted.limit_price)
    return stop


def _has_moved(live: LiveTrade, stop: StopLoss, wanted: StopLoss) -> bool:
    """Whether a trailing or breakeven stop was moved by the server in the direction that protects more."""
    if (
        stop.trigger.value is None
        or wanted.trigger.value is None
        or stop.trigger.price_type != wanted.trigger.price_type
    ):
        return False
    gain = stop.trigger.value - wanted.trigger.value
    is_better = gain > 0 if live.terms.entry.side is Side.BUY else gain < 0
    has_trailed = stop.trailing_pct is not None and stop.trailing_pct == wanted.trailing_pct
    had_breakeven = stop.breakeven and wanted.breakeven and any(step.is_finished for step in live.steps)
    return is_better and (has_trailed or (had_breakeven and _is_near(stop.trigger.value, live.average_price)))


def _is_same_level(live: LiveTrade, found: Level, wanted: Level, price_step: Decimal, *, is_gain: bool) -> bool:
    """Whether a level is the wanted one, rounded, or computed by the server from the wanted percent."""
    if found.price_type != wanted.price_type:
        return False
    if found.value is not None and wanted.value is not None:
        return _is_rounded(found.value, wanted.value, price_step)
    if wanted.percent is None:
        return False
    if found.percent is not None:
        return found.percent == wanted.percent
    if found.value is None or live.average_price is None:
        return False
    is_up = (live.terms.entry.side is Side.BUY) == is_gain
    share = (wanted.percent if is_up else -wanted.percent) / _HUNDRED
    return _is_near(found.value, live.average_price * (1 + share))


def _find_dropped(live: LiveTrade, spec: Terms, rates: Rates | None) -> tuple[LiveStep, ...]:
    """The open live steps that the file lists no more, if that is all that differs about the steps."""
    price_step = rates.price_step if rates else _ZERO
    wanted = list(spec.steps)
    dropped: list[LiveStep] = []
    for step in live.steps:
        same = next((other for other in wanted if _is_same_step(live, step, other, price_step)), None)
        if same is not None:
            wanted.remove(same)
        elif not step.is_finished:
            dropped.append(step)
    return () if wanted else tuple(dropped)


def _is_rounded(found: Decimal, wanted: Decimal, step: Decimal) -> bool:
    return found == wanted or (step > 0 and found == truncate(wanted, step))


def _is_near(found: Decimal, expected: Decimal | None) -> bool:
    return expected is not None and abs(found - expected) <= abs(expected) * _PERCENT_LEVEL_TOLERANCE


def _present(value: object) -> object:
    """DeepDiff stands a marker object of its own for what is not there."""
    return value if isinstance(value, dict | list | str | bool | int) else None


def _join(keys: list[str | int]) -> str:
    path = ""
    for key in keys:
        path += f"[{key}]" if isinstance(key, int) else f".{key}" if path else key
    return path


def _leaves(path: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(f"{path}.{key}" if path else str(key), inner)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _leaves(f"{path}[{place}]", inner)
    elif isinstance(value, bool):
        yield path, "true" if value else "false"
    elif value is not None:
        yield path, str(value)
