"""What people do to trades outside the files, and what `drift` must call it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from reconciler.codec.live_trades import read_trade
from reconciler.codec.note import write_marker
from reconciler.diffing.compare import explain
from reconciler.live.endpoints import SmartTradeApi
from reconciler.live.update_body import update_body
from reconciler.matching.similarity import place_of
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.terms import OrderType, PriceType, Side, Step, StopLoss, Terms
from tests.scenarios.simulation.portfolios import on_grid

# Topic and path of a finding.
Expected = frozenset[tuple[str, str]]
Act = Callable[[SmartTradeApi, LiveTrade], Expected]

_STEPS = "take_profit.steps"
_OTHER_TYPE = {PriceType.BID: PriceType.LAST, PriceType.ASK: PriceType.BID, PriceType.LAST: PriceType.ASK}


@dataclass(frozen=True, slots=True)
class HumanEdit:
    """One kind of edit.

    Attributes:
        name: What it is.
        can: Whether a trade can be edited so.
        act: Does it, and says what must be found.
        leaves_coins: Whether coins stay behind that nobody manages; a later trade with own funds may have taken them.
    """

    name: str
    can: Callable[[LiveTrade], bool]
    act: Act
    leaves_coins: bool = False


def edit_trades(api: SmartTradeApi, lives: list[LiveTrade], chance: random.Random, many: int) -> dict[str, Expected]:
    """Edit so many trades, each once, going through all kinds; what must be found of each.

    Args:
        api: Where people work.
        lives: The trades.
        chance: Which trade takes which edit.
        many: How many edits.
    """
    expected: dict[str, Expected] = {}
    left = {each.reading.marker.name: each for each in lives if each.reading.marker}
    while len(expected) < many:
        before = len(expected)
        for kind in KINDS:
            able = [
                name
                for name, live in left.items()
                if kind.can(live) and not (kind.leaves_coins and _may_be_taken_over(live, lives))
            ]
            if able and len(expected) < many:
                name = chance.choice(able)
                expected[name] = kind.act(api, left.pop(name))
        assert len(expected) > before, f"no trade is left that can be edited: {len(expected)} of {many}"
    return expected


def _may_be_taken_over(live: LiveTrade, lives: list[LiveTrade]) -> bool:
    """Whether a later trade with own funds may manage the coins that a trade leaves behind."""
    takers = (each for each in lives if each.terms.skip_enter_step and each.id > live.id)
    return any(place_of(each.terms) == place_of(live.terms) for each in takers)


def list_lives(api: SmartTradeApi) -> list[LiveTrade]:
    """All active trades."""
    lives: list[LiveTrade] = []
    for page in range(1, 100):
        found = [read_trade(entity) for entity in _objects(api.list_smart_trades(status="active", page=page))]
        lives += found
        if len(found) < 100:
            break
    return lives


def _objects(page: list[object]) -> Iterator[dict[str, object]]:
    return (entity for entity in page if isinstance(entity, dict))


def _patch(change: Callable[[Terms], Terms], *paths: str, topic: str = "field") -> Act:
    def act(api: SmartTradeApi, live: LiveTrade) -> Expected:
        wanted = change(live.terms)
        changed = [each.path for each in explain(live.terms, wanted)]
        assert changed
        api.update(live.id, update_body(live.entity, wanted, changed))
        return frozenset((topic, path) for path in paths)

    return act


def _away(terms: Terms, value: Decimal, share: str, *, is_gain: bool) -> Decimal:
    """A price further from the entry: nothing fires."""
    is_up = (terms.entry.side is Side.BUY) == is_gain
    return on_grid(terms.pair, float(value * (1 + (Decimal(share) if is_up else -Decimal(share)))))


def _step_of(terms: Terms, place: int, **changes: object) -> Terms:
    steps = list(terms.steps)
    steps[place] = replace(steps[place], **changes)  # type: ignore[arg-type] # a test names fields of the class
    return replace(terms, steps=tuple(steps))


def _stop_of(terms: Terms, **changes: object) -> Terms:
    assert terms.stop_loss is not None
    return replace(terms, stop_loss=replace(terms.stop_loss, **changes))  # type: ignore[arg-type] # likewise


def _move_step(place: int) -> Act:
    def change(terms: Terms) -> Terms:
        level = terms.steps[place].level
        assert level.value is not None
        return _step_of(terms, place, level=replace(level, value=_away(terms, level.value, "0.03", is_gain=True)))

    return _patch(change, f"{_STEPS}[{place}].price.value")


def _move_stop(terms: Terms) -> Terms:
    assert terms.stop_loss is not None
    level = terms.stop_loss.trigger
    assert level.value is not None
    return _stop_of(terms, trigger=replace(level, value=_away(terms, level.value, "0.02", is_gain=False)))


def _limit_of(terms: Terms) -> Decimal:
    assert terms.stop_loss is not None
    assert terms.stop_loss.trigger.value is not None
    return _away(terms, terms.stop_loss.trigger.value, "0.004", is_gain=False)


def _turn_volumes(terms: Terms) -> Terms:
    first, second = terms.steps[0].volume_pct + 5, terms.steps[1].volume_pct - 5
    return _step_of(_step_of(terms, 0, volume_pct=first), 1, volume_pct=second)


def _watch_else(terms: Terms) -> Terms:
    level = terms.steps[0].level
    return _step_of(terms, 0, level=replace(level, price_type=_OTHER_TYPE[level.price_type]))


def _watch_stop_else(terms: Terms) -> Terms:
    assert terms.stop_loss is not None
    level = terms.stop_loss.trigger
    return _stop_of(terms, trigger=replace(level, price_type=_OTHER_TYPE[level.price_type]))


def _add_step(terms: Terms) -> Terms:
    last = terms.steps[-1]
    assert last.level.value is not None
    further = replace(last.level, value=_away(terms, last.level.value, "0.05", is_gain=True))
    added = replace(last, level=further, volume_pct=Decimal(10), trailing_pct=None)
    kept = replace(last, volume_pct=last.volume_pct - 10)
    return replace(terms, steps=(*terms.steps[:-1], kept, added))


def _cancel_step(api: SmartTradeApi, live: LiveTrade) -> Expected:
    api.cancel_trade(live.id, live.steps[0].id)
    return frozenset({("field", f"{_STEPS}[0]")})


def _drop_steps(api: SmartTradeApi, live: LiveTrade) -> Expected:
    _patch(lambda terms: replace(terms, steps=()))(api, live)
    return frozenset(("field", f"{_STEPS}[{place}]") for place in range(len(live.steps)))


def _set_note(write: Callable[[LiveTrade], str], topic: str) -> Act:
    def act(api: SmartTradeApi, live: LiveTrade) -> Expected:
        api.set_note(live.id, write(live))
        return frozenset({(topic, "note")})

    return act


def _marker_of(live: LiveTrade) -> str:
    marker = live.reading.marker
    return "" if marker is None else write_marker(marker)


def _end(send: Callable[[SmartTradeApi, int], object], topic: str) -> Act:
    def act(api: SmartTradeApi, live: LiveTrade) -> Expected:
        send(api, live.id)
        return frozenset({(topic, "")})

    return act


def _is_open(live: LiveTrade) -> bool:
    return live.phase is Phase.OPEN and not live.closed_units and not live.finished_steps and live.flags.editable


def _is_waiting(live: LiveTrade) -> bool:
    return live.phase is Phase.ENTERING and live.flags.editable


def _has_steps(live: LiveTrade, many: int = 1) -> bool:
    quiet = all(step.status in ("order_placed", "to_process", "idle") for step in live.steps)
    return _has_prices(live) and quiet and len(live.terms.steps) >= many


def _has_prices(live: LiveTrade) -> bool:
    levels = [step.level for step in live.terms.steps]
    levels += [live.terms.stop_loss.trigger] if live.terms.stop_loss else []
    return all(level.value is not None and level.percent is None for level in levels)


def _has_stop(live: LiveTrade, is_so: Callable[[StopLoss], bool] = lambda _: True) -> bool:
    stop = live.terms.stop_loss
    return stop is not None and _has_prices(live) and is_so(stop)


def _is_plain(stop: StopLoss) -> bool:
    return not stop.is_trailing and not stop.breakeven


def _is_limit_entry(live: LiveTrade) -> bool:
    return _is_waiting(live) and live.terms.entry.order_type is OrderType.LIMIT


def _is_trailing_entry(live: LiveTrade) -> bool:
    condition = live.terms.entry.condition
    return _is_waiting(live) and condition is not None and condition.trailing_pct is not None


def _entry_of(terms: Terms, **changes: object) -> Terms:
    return replace(terms, entry=replace(terms.entry, **changes))  # type: ignore[arg-type] # likewise


def _move_entry(terms: Terms) -> Terms:
    assert terms.entry.price is not None
    return _entry_of(terms, price=_away(terms, terms.entry.price, "0.005", is_gain=False))


def _condition_of(terms: Terms, **changes: object) -> Terms:
    assert terms.entry.condition is not None
    return _entry_of(terms, condition=replace(terms.entry.condition, **changes))  # type: ignore[arg-type] # likewise


def _scale_percent(terms: Terms) -> Terms:
    step: Step = terms.steps[0]
    assert step.level.percent is not None
    return _step_of(terms, 0, level=replace(step.level, percent=step.level.percent / 2))


KINDS = (
    HumanEdit("a step's price", lambda live: _is_open(live) and _has_steps(live), _move_step(0)),
    HumanEdit("another step's price", lambda live: _is_open(live) and _has_steps(live, 2), _move_step(1)),
    HumanEdit(
        "volumes",
        lambda live: _is_open(live) and _has_steps(live, 2),
        _patch(_turn_volumes, f"{_STEPS}[0].volume", f"{_STEPS}[1].volume"),
    ),
    HumanEdit(
        "the price that a step watches",
        lambda live: _is_open(live) and _has_steps(live),
        _patch(_watch_else, f"{_STEPS}[0].price.type"),
    ),
    HumanEdit(
        "a step's order type",
        lambda live: _is_open(live) and _has_steps(live) and live.terms.steps[0].order_type is OrderType.LIMIT,
        _patch(lambda terms: _step_of(terms, 0, order_type=OrderType.MARKET), f"{_STEPS}[0].order_type"),
    ),
    HumanEdit(
        "a step's trailing",
        lambda live: _is_open(live) and _has_steps(live) and live.terms.steps[-1].trailing_pct is not None,
        _patch(lambda terms: _step_of(terms, -1, trailing_pct=Decimal(3)), f"{_STEPS}[1].trailing.percent"),
    ),
    HumanEdit("a step cancelled", lambda live: _is_open(live) and _has_steps(live, 2), _cancel_step),
    HumanEdit(
        "a step added",
        lambda live: _is_open(live) and _has_steps(live) and len(live.terms.steps) == 1,
        _patch(_add_step, f"{_STEPS}[0].volume", f"{_STEPS}[1]"),
    ),
    HumanEdit(
        "take profit switched off",
        lambda live: _is_open(live) and _has_steps(live) and _has_stop(live, _is_plain),
        _drop_steps,
    ),
    HumanEdit(
        "the stop's trigger",
        lambda live: _is_open(live) and _has_stop(live, _is_plain),
        _patch(_move_stop, "stop_loss.conditional.price.value"),
    ),
    HumanEdit(
        "a trailing stop's trigger, away from the price",
        lambda live: _is_open(live) and _has_stop(live, lambda stop: stop.is_trailing),
        _patch(_move_stop, "stop_loss.conditional.price.value"),
    ),
    HumanEdit(
        "the price that a stop watches",
        lambda live: _is_open(live) and _has_stop(live, _is_plain),
        _patch(_watch_stop_else, "stop_loss.conditional.price.type"),
    ),
    HumanEdit(
        "a market stop becomes a limit stop",
        lambda live: (
            _is_open(live) and _has_stop(live, lambda stop: _is_plain(stop) and stop.order_type is OrderType.MARKET)
        ),
        _patch(
            lambda terms: _stop_of(terms, order_type=OrderType.LIMIT, limit_price=_limit_of(terms)),
            "stop_loss.order_type",
            "stop_loss.price.value",
        ),
    ),
    HumanEdit(
        "a stop's limit price",
        lambda live: _is_open(live) and _has_stop(live, lambda stop: stop.limit_price is not None),
        _patch(lambda terms: _stop_of(terms, limit_price=_limit_of(terms)), "stop_loss.price.value"),
    ),
    HumanEdit(
        "a stop's trailing",
        lambda live: _is_open(live) and _has_stop(live, lambda stop: stop.trailing_pct is not None),
        _patch(lambda terms: _stop_of(terms, trailing_pct=Decimal(7)), "stop_loss.conditional.trailing.percent"),
    ),
    HumanEdit(
        "a stop's timeout",
        lambda live: _is_open(live) and _has_stop(live, lambda stop: stop.timeout_s is not None),
        _patch(lambda terms: _stop_of(terms, timeout_s=77), "stop_loss.timeout.value"),
    ),
    HumanEdit(
        "breakeven switched off",
        lambda live: _is_open(live) and _has_stop(live, lambda stop: stop.breakeven),
        _patch(lambda terms: _stop_of(terms, breakeven=False), "stop_loss.breakeven"),
    ),
    HumanEdit(
        "the stop switched off",
        lambda live: _is_open(live) and _has_stop(live) and len(live.terms.steps) > 0,
        _patch(lambda terms: replace(terms, stop_loss=None), "stop_loss", topic="stop_gone"),
    ),
    HumanEdit(
        "the size of a waiting entry",
        _is_waiting,
        _patch(lambda terms: _entry_of(terms, units=terms.entry.units * 2), "position.units.value"),
    ),
    HumanEdit("the price of a waiting entry", _is_limit_entry, _patch(_move_entry, "position.price.value")),
    HumanEdit(
        "the trailing of a waiting entry",
        _is_trailing_entry,
        _patch(lambda terms: _condition_of(terms, trailing_pct=Decimal(4)), "position.conditional.trailing.percent"),
    ),
    HumanEdit(
        "a step in percent of a waiting entry",
        lambda live: _is_trailing_entry(live) and bool(live.terms.steps),
        _patch(_scale_percent, f"{_STEPS}[0].price.percent"),
    ),
    HumanEdit(
        "the stop of a waiting entry switched off",
        lambda live: _is_waiting(live) and live.terms.stop_loss is not None and bool(live.terms.steps),
        _patch(lambda terms: replace(terms, stop_loss=None), "stop_loss"),
    ),
    HumanEdit(
        "the leverage",
        lambda live: live.terms.leverage is not None and (_is_open(live) or _is_waiting(live)) and _has_prices(live),
        _patch(
            lambda terms: replace(
                terms, leverage=replace(terms.leverage, value=Decimal(3)) if terms.leverage else None
            ),
            "leverage.value",
        ),
    ),
    HumanEdit("the text of the note", lambda _: True, _set_note(lambda live: f"{_marker_of(live)} mine", "note")),
    HumanEdit("a note replaced", _is_waiting, _set_note(lambda _: "mine", "marker_gone")),
    HumanEdit("a note emptied but for a dot", _is_open, _set_note(lambda _: ".", "marker_gone")),
    HumanEdit("a marker cut in its digests", _is_open, _set_note(lambda live: _marker_of(live)[:30], "marker_gone")),
    HumanEdit(
        "a marker cut before the name", _is_waiting, _set_note(lambda live: _marker_of(live)[:15], "marker_gone")
    ),
    HumanEdit(
        "cancelled while waiting",
        lambda live: live.phase is Phase.ENTERING,
        _end(lambda api, live_id: api.cancel(live_id), "cancelled_outside"),
    ),
    HumanEdit(
        "cancelled while open",
        _is_open,
        _end(lambda api, live_id: api.cancel(live_id), "coins_held"),
        leaves_coins=True,
    ),
    HumanEdit("closed at market", _is_open, _end(lambda api, live_id: api.close_by_market(live_id), "closed_outside")),
)
