"""The SmartTrade entity as a LiveTrade.

Reading is graded: the id must be readable. Any other field that cannot be read makes exactly what depends on it
unknown, and is named in `LiveTrade.unreadable`.

Source: SmartTradesV2 page, entity; captured entities for what differs from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import TypeVar

from reconciler.codec.body import read_entry, read_leverage, read_step, read_stop_loss
from reconciler.codec.instants import read_instant
from reconciler.codec.json_fields import (
    Fields,
    as_object,
    read_flag,
    read_group,
    read_id,
    read_number,
    read_optional_group,
    read_optional_list,
    read_optional_number,
    read_optional_text,
    read_text,
)
from reconciler.codec.markets import infer_market
from reconciler.codec.note import MARKER_START, read_note, read_shown_note
from reconciler.codec.phases import ENDED_STATUSES, phase_of
from reconciler.errors import UnreadableAnswer
from reconciler.model.live import Flags, LiveStep, LiveTrade, Phase, Prices
from reconciler.model.marker import MarkerState, NoteReading
from reconciler.model.statuses import TradeStatus
from reconciler.model.terms import Entry, Leverage, OrderType, Side, StopLoss, Terms
from reconciler.model.unreadable import Part, Unreadable

Value = TypeVar("Value")
# Of a trade that does not say when it was created.
_NO_INSTANT = datetime(1970, 1, 1, tzinfo=UTC)
_ZERO = Decimal(0)


def read_trade(entity: Mapping[str, object]) -> LiveTrade:
    """Read a SmartTrade as the API reports it.

    Args:
        entity: The JSON object, numbers with a point as Decimal.

    Raises:
        UnreadableAnswer: Its id is missing or not a whole number.
    """
    try:
        return _read(entity)
    except ValueError as error:
        raise UnreadableAnswer(f"SmartTrade {entity.get('id', 'without id')} cannot be read: {error}") from error


def carries_marker(entity: object) -> bool:
    """Return whether an entity may be one of ours, even when the rest of it cannot be read.

    Args:
        entity: Entry of a list of SmartTrades.

    Returns:
        False only for an entity whose note can be read and holds no marker.
    """
    if not isinstance(entity, Mapping) or not ("note" in entity or "note_raw" in entity):
        return True
    notes = (entity.get("note_raw"), entity.get("note"))
    return any(MARKER_START in note if isinstance(note, str) else note is not None for note in notes)


def has_ended_status(entity: object) -> bool:
    """Return whether an entity shows that its trade has ended; False if its status cannot be read."""
    status = entity.get("status") if isinstance(entity, Mapping) else None
    word = status.get("type") if isinstance(status, Mapping) else None
    return isinstance(word, str) and word in ENDED_STATUSES


@dataclass(frozen=True, slots=True)
class _Reading:
    """One entity while it is read, and the fields of it that could not be read."""

    entity: Fields
    problems: list[Unreadable] = field(default_factory=list)

    def attempt(self, part: Part, path: str, read: Callable[[], Value], fallback: Value) -> Value:
        """Read a value; if that fails, note the field and return the fallback."""
        try:
            return read()
        except ValueError as error:
            problem = str(error) if path in str(error) else f"{path}: {error}"
            self.problems.append(Unreadable(part=part, field=path, problem=problem))
            return fallback

    def group(self, path: str) -> Fields:
        """Return a group of the entity, an empty one if it is not an object."""
        value = self.entity.get(path)
        return value if isinstance(value, dict) else {}

    def figures(self, group: Fields, path: str) -> Fields:
        """Return a group of values that are only shown."""
        return self.attempt(Part.FIGURES, path, lambda: read_optional_group(group, path), {})

    def is_unreadable(self, part: Part) -> bool:
        """Return whether a part has a field that could not be read."""
        return any(each.part is part for each in self.problems)


def _read(entity: Fields) -> LiveTrade:
    live_id = read_id(entity, "id")
    reading = _Reading(entity)
    word = reading.attempt(Part.STATUS, "status.type", lambda: _read_status(entity), "")
    has_ended = word in ENDED_STATUSES
    progress = reading.group("data")
    steps = _read_steps(reading, has_ended=has_ended)
    terms = _read_terms(reading, steps, has_ended=has_ended)
    terms = terms.on(infer_market(entity, has_leverage=terms.leverage is not None))
    entered_units = _read_entered(reading, progress, word)
    entry_status = _status_of(reading, Part.FILLS, "position")
    closed_units = reading.attempt(
        Part.FILLS, "data.closed_amount", lambda: read_number(progress, "data.closed_amount"), _ZERO
    )
    no_ids: tuple[int, ...] = ()
    reduction_ids = reading.attempt(Part.FILLS, "reduce_funds.steps", lambda: _read_reduction_ids(entity), no_ids)
    note, note_reading = _read_note(reading)
    profits = reading.figures(entity, "profit")
    profit, profit_pct = (_figure(reading, profits, f"profit.{name}") for name in ("volume", "percent"))
    stop_status = _read_stop_status(reading, terms, word)
    return LiveTrade(
        id=live_id,
        status=word,
        error=_read_error(reading),
        phase=_read_phase(reading, word, entered_units, entry_status),
        terms=terms,
        steps=steps,
        stop_status="" if terms.stop_loss is None and not reading.is_unreadable(Part.STOP) else stop_status,
        note=note,
        reading=note_reading,
        flags=_read_flags(reading, progress, word),
        entered_units=entered_units,
        entered_total=reading.attempt(
            Part.FIGURES, "data.entered_total", lambda: read_number(progress, "data.entered_total"), _ZERO
        ),
        closed_units=closed_units,
        average_price=_read_average_price(reading, progress, terms, entered_units),
        profit=profit,
        profit_pct=None if profit is None else profit_pct,
        prices=_read_prices(reading, progress),
        created_at=reading.attempt(
            Part.FIGURES, "data.created_at", lambda: _instant(progress, "data.created_at"), _NO_INSTANT
        ),
        closed_at=_read_closed_at(progress) if has_ended else None,
        entity=entity,
        entry_status=entry_status,
        reduction_ids=reduction_ids,
        closed_total=_find_figure(progress, "closed_total"),
        commission=_find_figure(progress, "commission"),
        liquidation_price=_find_figure(progress, "liquidation_price"),
        unreadable=tuple(reading.problems),
    )


def _read_status(entity: Fields) -> str:
    return read_text(read_group(entity, "status"), "status.type")


def _read_error(reading: _Reading) -> str:
    status = reading.group("status")
    error = reading.attempt(Part.FIGURES, "status.error", lambda: read_optional_text(status, "status.error"), None)
    return error or ""


def _read_phase(reading: _Reading, word: str, entered_units: Decimal, entry_status: str) -> Phase:
    """Return the phase; `BUSY` if it depends on how much was entered and that cannot be read."""
    if word == TradeStatus.WAITING_POSITION and reading.is_unreadable(Part.FILLS):
        return Phase.BUSY
    return phase_of(word, entered_units, entry_status)


def _read_entered(reading: _Reading, progress: Fields, word: str) -> Decimal:
    """Read what was entered; entities of older trades do not have it, and show it in the position."""
    path = "data.entered_amount"
    if word == TradeStatus.WAITING_TARGETS and progress and progress.get("entered_amount") is None:
        return _ZERO
    return reading.attempt(Part.FILLS, path, lambda: read_number(progress, path), _ZERO)


def _read_terms(reading: _Reading, steps: tuple[LiveStep, ...], *, has_ended: bool) -> Terms:
    entity = reading.entity
    is_instant = reading.attempt(Part.KIND, "instant", lambda: read_flag(entity, "instant"), fallback=False)
    is_own = reading.attempt(Part.KIND, "skip_enter_step", lambda: read_flag(entity, "skip_enter_step"), fallback=False)
    return Terms(
        account_id=reading.attempt(
            Part.ACCOUNT, "account.id", lambda: read_id(read_group(entity, "account"), "account.id"), 0
        ),
        pair=reading.attempt(Part.PAIR, "pair", lambda: _read_pair(entity), ""),
        instant=is_instant,
        skip_enter_step=is_own,
        entry=reading.attempt(
            Part.ENTRY,
            "position",
            lambda: read_entry(read_group(entity, "position"), is_own_funds=is_own),
            _guess_entry(reading.group("position")),
        ),
        leverage=reading.attempt(Part.LEVERAGE, "leverage", lambda: _read_leverage(entity), None),
        steps=tuple(step.terms for step in steps),
        stop_loss=None if is_instant else _read_stop(reading, has_ended=has_ended),
    )


def _read_pair(entity: Fields) -> str:
    pair = read_text(entity, "pair")
    if not pair:
        raise ValueError("pair is empty")
    return pair


def _guess_entry(position: Fields) -> Entry:
    """Make the entry of a position that cannot be read, with the side if that can be."""
    side = Side.SELL if position.get("type") == Side.SELL else Side.BUY
    return Entry(side=side, order_type=OrderType.MARKET, units=_ZERO, price=None, condition=None)


def _read_leverage(entity: Fields) -> Leverage | None:
    return read_leverage(read_optional_group(entity, "leverage"))


def _read_stop(reading: _Reading, *, has_ended: bool) -> StopLoss | None:
    def read() -> StopLoss | None:
        return read_stop_loss(_read_exits(reading.entity, "stop_loss", has_ended=has_ended))

    return reading.attempt(Part.STOP, "stop_loss", read, None)


def _read_exits(entity: Fields, path: str, *, has_ended: bool) -> Fields:
    """Return the steps or the stop; of what has not ended they must say whether they are on."""
    group = read_optional_group(entity, path)
    if group.get("enabled") is None and not has_ended:
        raise ValueError(f"{path}.enabled is missing")
    return group


def _read_steps(reading: _Reading, *, has_ended: bool) -> tuple[LiveStep, ...]:
    if reading.entity.get("instant") in (True, "true"):
        return ()
    found = (
        reading.attempt(Part.STEPS, f"take_profit.steps[{place}]", partial(_read_step, step), None)
        for place, step in enumerate(_list_steps(reading, has_ended=has_ended))
    )
    return tuple(step for step in found if step is not None)


def _list_steps(reading: _Reading, *, has_ended: bool) -> list[object]:
    def read() -> list[object]:
        take_profit = _read_exits(reading.entity, "take_profit", has_ended=has_ended)
        return read_optional_list(take_profit, "take_profit.steps") if read_flag(take_profit, "enabled") else []

    return reading.attempt(Part.STEPS, "take_profit", read, [])


def _read_step(entity: object) -> LiveStep | None:
    step = as_object(entity, "step")
    offers = read_optional_group(step, "data")
    return LiveStep(
        id=read_id(step, "id"),
        terms=read_step(step),
        status=read_text(read_group(step, "status"), "status.type"),
        cancelable=offers.get("cancelable") is True,
        closable=offers.get("panic_sell_available") is True,
        units=read_optional_number(read_optional_group(step, "units"), "units.value"),
    )


def _read_reduction_ids(entity: Fields) -> tuple[int, ...]:
    """Source: reduce funds page, `reduce_funds.steps`; converted trades have none."""
    steps = read_optional_group(entity, "reduce_funds").get("steps") or ()
    if not isinstance(steps, list):
        return ()
    return tuple(read_id(step, "reduce_funds.steps.id") for step in steps if isinstance(step, Mapping))


def _read_note(reading: _Reading) -> tuple[str, NoteReading]:
    """Read the note and who owns the trade by it; what cannot be read may hold any marker."""
    raw, shown = (_attempt_note(reading, key) for key in ("note_raw", "note"))
    if raw is None and shown is not None:
        shown = read_shown_note(shown)
    read = read_note(raw, shown)
    if reading.problems and not reading.entity.keys() & {"note", "note_raw"}:
        reading.problems.append(Unreadable(part=Part.NOTE, field="note", problem="note is missing"))
    if reading.is_unreadable(Part.NOTE) and read.state is MarkerState.ABSENT:
        read = NoteReading(state=MarkerState.DAMAGED, marker=None, text=read.text)
    return raw or shown or "", read


def _attempt_note(reading: _Reading, key: str) -> str | None:
    return reading.attempt(Part.NOTE, key, lambda: read_optional_text(reading.entity, key), None)


def _read_flags(reading: _Reading, progress: Fields, word: str) -> Flags:
    return Flags(
        editable=progress.get("editable") is True,
        cancel=_read_end_flag(reading, progress, "cancel_available", word),
        close=_read_end_flag(reading, progress, "panic_sell_available", word),
        add_funds=progress.get("add_funds_available") is True,
        reduce_funds=progress.get("reduce_funds_available") is True,
        force_start=progress.get("force_start_available") is True,
        force_process=progress.get("force_process_available") is True,
    )


def _read_end_flag(reading: _Reading, progress: Fields, key: str, word: str) -> bool:
    """Return whether the API takes a cancel or a close now; by the status if the flag cannot be read.

    Nobody may be kept from ending a trade because of it: the API refuses what it does not take.
    """
    path = f"data.{key}"
    offered = _read_answer(progress, key)
    if offered is None and word not in ENDED_STATUSES:
        reading.attempt(Part.FLAGS, path, lambda: _refuse(f"{path} is not true or false"), None)
        return key == "cancel_available" or word != TradeStatus.WAITING_POSITION
    return offered is True


def _read_answer(progress: Fields, key: str) -> bool | None:
    try:
        return None if progress.get(key) is None else read_flag(progress, key)
    except ValueError:
        return None


def _refuse(problem: str) -> None:
    raise ValueError(problem)


def _figure(reading: _Reading, group: Fields, path: str) -> Decimal | None:
    return reading.attempt(Part.FIGURES, path, lambda: read_optional_number(group, path), None)


def _find_figure(group: Fields, key: str) -> Decimal | None:
    """Return a number that only risk needs; one that cannot be read is as if it were not named."""
    try:
        number = read_optional_number(group, key)
    except ValueError:
        return None
    return None if number is None or number < 0 else number


def _read_average_price(reading: _Reading, progress: Fields, terms: Terms, entered_units: Decimal) -> Decimal | None:
    average = _figure(reading, progress, "data.average_enter_price")
    if average is not None or (entered_units == 0 and not terms.skip_enter_step):
        return average
    # The API leaves the average of own funds empty; after an entry the position's price is the average.
    price = reading.group("position").get("price")
    return _figure(reading, price if isinstance(price, dict) else {}, "position.price.value")


def _read_closed_at(progress: Fields) -> datetime | None:
    """Read when a trade ended. If a trade goes on, the API may name the time of a partial close."""
    try:
        return _instant(progress, "data.closed_at")
    except ValueError:
        # Only shown to people: not worth a warning.
        return None


def _read_prices(reading: _Reading, progress: Fields) -> Prices | None:
    group = reading.figures(progress, "data.current_price")
    bid, ask, last = (_figure(reading, group, f"data.current_price.{name}") for name in ("bid", "ask", "last"))
    if bid is None or ask is None or last is None:
        return None
    return Prices(bid=bid, ask=ask, last=last)


def _status_of(reading: _Reading, part: Part, name: str) -> str:
    def read() -> str:
        status = read_optional_group(reading.group(name), f"{name}.status")
        return read_optional_text(status, f"{name}.status.type") or ""

    return reading.attempt(part, f"{name}.status", read, "")


def _read_stop_status(reading: _Reading, terms: Terms, word: str) -> str:
    """Read the status of the stop; that of an open position must say whether the stop is active."""
    status = _status_of(reading, Part.STOP, "stop_loss")
    is_needed = word == TradeStatus.WAITING_TARGETS and terms.stop_loss is not None
    if is_needed and not status and not reading.is_unreadable(Part.STOP):
        path = "stop_loss.status.type"
        reading.attempt(Part.STOP, path, lambda: _refuse(f"{path} is missing"), None)
    return status


def _instant(group: Fields, path: str) -> datetime:
    text = read_text(group, path)
    try:
        return read_instant(text, is_utc_assumed=True)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
