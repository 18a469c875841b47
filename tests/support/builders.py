"""Values for tests: a limit buy of 0.01 BTC with two steps and a stop, and what is asked instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from reconciler.codec.body import write_body
from reconciler.codec.digests import entry_digest, exits_digest
from reconciler.codec.note import read_note, write_note
from reconciler.model.guardrails import Guardrail
from reconciler.model.live import Flags, LiveStep, LiveTrade, Phase, Prices, Rates
from reconciler.model.marker import Digest, Marker
from reconciler.model.operations import Operation
from reconciler.model.plan import Blocked, Notice, Plan, PlanContext
from reconciler.model.specs import DesiredState, Origin, TradeSpec
from reconciler.model.targets import Mode, TargetKind
from reconciler.model.terms import (
    Entry,
    EntryCondition,
    Level,
    Leverage,
    OrderType,
    PriceType,
    Side,
    Step,
    StopLoss,
    Terms,
)

Amount = int | str
NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
ACCOUNT = 1
PAIR = "USDT_BTC"
WORKSPACE = "test"
_STATUS_OF = {
    Phase.BUSY: "created",
    Phase.ENTERING: "waiting_position",
    Phase.FILLING: "waiting_position",
    Phase.OPEN: "waiting_targets",
    Phase.ENDED: "finished",
}


def level(value: Amount | None = None, *, percent: Amount | None = None, watched: PriceType = PriceType.LAST) -> Level:
    return Level(
        value=None if value is None else Decimal(value),
        percent=None if percent is None else Decimal(percent),
        price_type=watched,
    )


def step(
    price: Amount | None = 63000,
    volume: Amount = 50,
    *,
    percent: Amount | None = None,
    order_type: OrderType = OrderType.LIMIT,
    trailing: Amount | None = None,
) -> Step:
    return Step(
        order_type=order_type,
        level=level(price, percent=percent),
        volume_pct=Decimal(volume),
        trailing_pct=None if trailing is None else Decimal(trailing),
    )


STEPS = (step(63000, 50), step(66000, 50))


def stop(
    trigger: Amount | None = 58500,
    *,
    percent: Amount | None = None,
    watched: PriceType = PriceType.LAST,
    limit: Amount | None = None,
    trailing: Amount | None = None,
    timeout: int | None = None,
    breakeven: bool = False,
) -> StopLoss:
    return StopLoss(
        order_type=OrderType.MARKET if limit is None else OrderType.LIMIT,
        trigger=level(trigger, percent=percent, watched=watched),
        limit_price=None if limit is None else Decimal(limit),
        trailing_pct=None if trailing is None else Decimal(trailing),
        timeout_s=timeout,
        breakeven=breakeven,
    )


def entry(
    price: Amount | None = 60000,
    units: Amount = "0.01",
    *,
    side: Side = Side.BUY,
    trigger: Amount | None = None,
    trailing: Amount | None = None,
) -> Entry:
    """A limit entry; a market entry without price; a conditional one with a trigger."""
    placed = OrderType.MARKET if price is None else OrderType.LIMIT
    condition = None
    if trigger is not None:
        condition = EntryCondition(
            price=Decimal(trigger),
            price_type=PriceType.ASK,
            order_type=placed,
            trailing_pct=None if trailing is None else Decimal(trailing),
        )
    return Entry(
        side=side,
        order_type=placed if condition is None else OrderType.CONDITIONAL,
        units=Decimal(units),
        price=None if price is None else Decimal(price),
        condition=condition,
    )


def terms(
    *,
    entered_by: Entry | None = None,
    steps: Sequence[Step] = STEPS,
    stop_loss: StopLoss | None = stop(),  # noqa: B008 - a frozen value
    leverage: Leverage | None = None,
    pair: str = PAIR,
    account_id: int = ACCOUNT,
    is_own_funds: bool = False,
    is_instant: bool = False,
) -> Terms:
    return Terms(
        account_id=account_id,
        pair=pair,
        instant=is_instant,
        skip_enter_step=is_own_funds,
        entry=entered_by or entry(),
        leverage=leverage,
        steps=() if is_instant else tuple(steps),
        stop_loss=None if is_instant else stop_loss,
    )


def spec(
    wanted: Terms | None = None,
    *,
    name: str = "btc-dip",
    note: str = "",
    generation: int = 1,
    state: DesiredState = DesiredState.OPEN,
    unallocated: Amount = 0,
) -> TradeSpec:
    return TradeSpec(
        name=name,
        generation=generation,
        state=state,
        terms=wanted or terms(),
        unallocated_pct=Decimal(unallocated),
        note=note,
        origin=Origin(file="plan.yaml", line=1, column=1),
    )


def marker(applied: TradeSpec | None = None, *, workspace: str = WORKSPACE, pending: Terms | None = None) -> Marker:
    """The marker after a spec was applied; with `pending`, while a change of its entry is under way."""
    applied = applied or spec()
    return Marker(
        workspace=workspace,
        name=applied.name,
        generation=applied.generation,
        entry=Digest(applied=entry_digest(applied.terms), pending=entry_digest(pending) if pending else None),
        exits=Digest(applied=exits_digest(applied.terms)),
    )


def prices(last: Amount = 61000) -> Prices:
    return Prices(bid=Decimal(last) - 1, ask=Decimal(last) + 1, last=Decimal(last))


def rates(last: Amount = 61000, *, price_step: Amount = "0.01", lot_step: Amount = "0.00001") -> Rates:
    return Rates(prices=prices(last), price_step=Decimal(price_step), lot_step=Decimal(lot_step))


def live(
    applied: TradeSpec | None = None,
    phase: Phase = Phase.ENTERING,
    *,
    shown: Terms | None = None,
    note: str | None = None,
    id: int = 7,  # noqa: A002 - the name of the field
    status: str | None = None,
    stop_status: str | None = None,
    step_statuses: Sequence[str] = (),
    entered: Amount | None = None,
    closed: Amount = 0,
    average: Amount | None = None,
    editable: bool = True,
    cancelable: bool = True,
    error: str = "",
) -> LiveTrade:
    """The trade that the API reports after a spec was applied.

    Args:
        applied: The spec.
        phase: Its phase.
        shown: Its inputs, if they differ from those of the spec.
        note: Its note, if it differs from the marker and the text of the spec.
        id: SmartTrade id.
        status: Status word, by default the usual one of the phase.
        stop_status: Status word of the stop, by default the usual one.
        step_statuses: Status words of the first steps; the others have the usual one.
        entered: Filled units, by default none or all by phase.
        closed: Closed units.
        average: Average entry price, by default the limit price once something is filled.
        editable: Flag.
        cancelable: Flag, of the trade and of its steps.
        error: The API's reason.
    """
    applied = applied or spec()
    now = shown or applied.terms
    is_held = phase is Phase.OPEN
    usual = "order_placed" if is_held else "idle"
    statuses = [*step_statuses, *[usual] * len(now.steps)]
    if entered is None:
        entered = str(now.entry.units) if is_held and not now.skip_enter_step else 0
    whole_note = write_note(marker(applied), applied.note) if note is None else note
    if stop_status is None:
        stop_status = "" if now.stop_loss is None else "to_process" if is_held else "idle"
    return LiveTrade(
        id=id,
        status=status or _STATUS_OF[phase],
        error=error,
        phase=phase,
        terms=now,
        steps=tuple(
            LiveStep(id=1000 + place, terms=each, status=statuses[place], cancelable=cancelable)
            for place, each in enumerate(now.steps)
        ),
        stop_status=stop_status,
        note=whole_note,
        reading=read_note(whole_note),
        flags=Flags(editable=editable, cancel=cancelable, close=is_held),
        entered_units=Decimal(entered),
        entered_total=Decimal(entered) * (now.entry.price or 0),
        closed_units=Decimal(closed),
        average_price=Decimal(average) if average is not None else now.entry.price if is_held else None,
        profit=None,
        profit_pct=None,
        prices=prices(),
        created_at=NOW + timedelta(seconds=id),
        entity={"id": id, **write_body(now)},
    )


def unmarked(trade: LiveTrade, note: str = "mine") -> LiveTrade:
    """The same trade with a note of a person's own."""
    return replace(trade, note=note, reading=read_note(note))


def context(**changes: object) -> PlanContext:
    usual = PlanContext(
        workspace=WORKSPACE,
        target="sandbox",
        target_kind=TargetKind.SANDBOX,
        base_url="http://sandbox.invalid",
        mode=Mode.PAPER,
        accounts={"main": ACCOUNT},
        git_commit=None,
        made_at=NOW,
        expires_at=NOW + timedelta(hours=24),
    )
    return replace(usual, **changes)  # type: ignore[arg-type]  # a test names fields of the class


def plan(
    operations: Sequence[Operation] = (),
    *,
    blocked: Sequence[Blocked] = (),
    notices: Sequence[Notice] = (),
    guardrails: Sequence[Guardrail] = (),
    seen: Mapping[str, Prices] | None = None,
    unchanged: int = 0,
) -> Plan:
    return Plan(
        context=context(),
        operations=tuple(operations),
        blocked=tuple(blocked),
        notices=tuple(notices),
        prices=seen or {"USDT_BTC@paper_trading": prices()},
        unchanged=unchanged,
        requests_used=4,
        requests_needed=9 if operations else 0,
        seconds_needed=7.0 if operations else 0.0,
        is_whole=True,
        guardrails=tuple(guardrails),
    )
