"""The SmartTrade entity as a LiveTrade.

Source: SmartTradesV2 page, entity; captured entities for what differs from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import cast

from reconciler.codec.body import read_terms
from reconciler.codec.instants import read_instant
from reconciler.codec.json_fields import (
    read_group,
    read_id,
    read_number,
    read_optional_group,
    read_optional_number,
    read_optional_text,
    read_text,
)
from reconciler.codec.markets import infer_market
from reconciler.codec.note import MARKER_START, read_note
from reconciler.codec.phases import ENDED_STATUSES, phase_of
from reconciler.errors import UnreadableAnswer
from reconciler.model.live import Flags, LiveStep, LiveTrade, Prices
from reconciler.model.terms import Step, Terms


def read_trade(entity: Mapping[str, object]) -> LiveTrade:
    """Read a SmartTrade as the API reports it.

    Args:
        entity: The JSON object, numbers with a point as Decimal.

    Raises:
        UnreadableAnswer: Something that is needed is missing or has an impossible value; names the field.
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


def _read(entity: Mapping[str, object]) -> LiveTrade:
    status, progress = read_group(entity, "status"), read_group(entity, "data")
    position = read_group(entity, "position")
    terms = _read_terms(entity)
    terms = terms.on(infer_market(entity, has_leverage=terms.leverage is not None))
    word = read_text(status, "status.type")
    entered_units = read_number(progress, "data.entered_amount")
    note_raw, note = read_optional_text(entity, "note_raw"), read_optional_text(entity, "note")
    profit = read_optional_group(entity, "profit")
    profit_volume = read_optional_number(profit, "profit.volume")
    return LiveTrade(
        id=read_id(entity, "id"),
        status=word,
        error=read_optional_text(status, "status.error") or "",
        phase=phase_of(word, entered_units, _status_of(position)),
        terms=terms,
        steps=_read_steps(entity, terms),
        stop_status="" if terms.stop_loss is None else _status_of(read_group(entity, "stop_loss")),
        note=note_raw or note or "",
        reading=read_note(note_raw, note),
        flags=_read_flags(progress),
        entered_units=entered_units,
        entered_total=read_number(progress, "data.entered_total"),
        closed_units=read_number(progress, "data.closed_amount"),
        average_price=_read_average_price(progress, terms, position, entered_units),
        profit=profit_volume,
        profit_pct=None if profit_volume is None else read_optional_number(profit, "profit.percent"),
        prices=_read_prices(progress),
        created_at=_instant(progress, "data.created_at"),
        closed_at=_read_closed_at(progress) if word in ENDED_STATUSES else None,
        entity=entity,
        entry_status=_status_of(position),
        reduction_ids=_read_reduction_ids(entity),
    )


def _read_terms(entity: Mapping[str, object]) -> Terms:
    body = dict(entity)
    body["account_id"] = read_id(read_group(entity, "account"), "account.id")
    try:
        return read_terms(body)
    except ValueError as error:
        raise ValueError(_locate(body) or str(error)) from error


def _locate(body: Mapping[str, object]) -> str:
    """Find the part of a body that cannot be read, and why; each part is tried beside the least that a body needs."""
    for path, part in _parts(body):
        try:
            read_terms({"account_id": 1, "pair": "-", **part})
        except ValueError as error:
            return f"{path}: {error}"
    return ""


def _parts(body: Mapping[str, object]) -> Iterator[tuple[str, dict[str, object]]]:
    position = {"type": "buy", "order_type": "market", "units": {"value": 1}}
    own_funds = {"skip_enter_step": body.get("skip_enter_step")}
    yield "position", {"position": body.get("position"), "instant": True, **own_funds}
    yield "leverage", {"position": position, "instant": True, "leverage": body.get("leverage")}
    yield "stop_loss", {"position": position, "stop_loss": body.get("stop_loss")}
    take_profit = body.get("take_profit")
    steps = take_profit.get("steps") if isinstance(take_profit, Mapping) else None
    for index, step in enumerate(steps if isinstance(steps, list) else ()):
        yield f"take_profit.steps[{index}]", {"position": position, "take_profit": {"enabled": True, "steps": [step]}}
    yield "take_profit", {"position": position, "take_profit": take_profit}


def _read_steps(entity: Mapping[str, object], terms: Terms) -> tuple[LiveStep, ...]:
    if not terms.steps:
        return ()
    # The terms were read from these very steps, so there are as many and all are objects.
    steps = cast("list[Mapping[str, object]]", read_group(entity, "take_profit")["steps"])
    found: list[LiveStep] = []
    for step, step_terms in zip(steps, terms.steps, strict=True):
        try:
            found.append(_read_step(step, step_terms))
        except ValueError as error:
            raise ValueError(f"take_profit.steps[{len(found)}].{error}") from error
    return tuple(found)


def _read_step(step: Mapping[str, object], terms: Step) -> LiveStep:
    offers = read_optional_group(step, "data")
    return LiveStep(
        id=read_id(step, "id"),
        terms=terms,
        status=read_text(read_group(step, "status"), "status.type"),
        cancelable=offers.get("cancelable") is True,
        closable=offers.get("panic_sell_available") is True,
        units=read_optional_number(read_optional_group(step, "units"), "units.value"),
    )


def _read_reduction_ids(entity: Mapping[str, object]) -> tuple[int, ...]:
    """Source: reduce funds page, `reduce_funds.steps`; converted trades have none."""
    steps = read_optional_group(entity, "reduce_funds").get("steps") or ()
    if not isinstance(steps, list):
        return ()
    return tuple(read_id(step, "reduce_funds.steps.id") for step in steps if isinstance(step, Mapping))


def _read_flags(progress: Mapping[str, object]) -> Flags:
    return Flags(
        editable=progress.get("editable") is True,
        cancel=progress.get("cancel_available") is True,
        close=progress.get("panic_sell_available") is True,
        add_funds=progress.get("add_funds_available") is True,
        reduce_funds=progress.get("reduce_funds_available") is True,
        force_start=progress.get("force_start_available") is True,
        force_process=progress.get("force_process_available") is True,
    )


def _read_average_price(
    progress: Mapping[str, object], terms: Terms, position: Mapping[str, object], entered_units: Decimal
) -> Decimal | None:
    average = read_optional_number(progress, "data.average_enter_price")
    if average is not None or (entered_units == 0 and not terms.skip_enter_step):
        return average
    # The API leaves the average of own funds empty; after an entry the position's price is the average.
    return read_optional_number(read_optional_group(position, "price"), "position.price.value")


def _read_closed_at(progress: Mapping[str, object]) -> datetime | None:
    """Read when a trade ended. If a trade goes on, the API may name the time of a partial close."""
    try:
        return _instant(progress, "data.closed_at")
    except ValueError:
        # Only shown to people: not worth an entity that cannot be read.
        return None


def _read_prices(progress: Mapping[str, object]) -> Prices | None:
    current = read_optional_group(progress, "current_price")
    bid, ask, last = (read_optional_number(current, f"data.current_price.{name}") for name in ("bid", "ask", "last"))
    if bid is None or ask is None or last is None:
        return None
    return Prices(bid=bid, ask=ask, last=last)


def _status_of(part: Mapping[str, object]) -> str:
    return read_optional_text(read_optional_group(part, "status"), "status.type") or ""


def _instant(group: Mapping[str, object], path: str) -> datetime:
    text = read_text(group, path)
    try:
        return read_instant(text, is_utc_assumed=True)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
