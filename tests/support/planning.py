"""Plans of the pure stages: live trades and specs in, a decision out; and a trade after an operation."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from reconciler.codec.note import read_note
from reconciler.matching.match import match
from reconciler.matching.sighting import History, Illegible, Sighting, index_active
from reconciler.model.live import LiveTrade, Phase, Rates
from reconciler.model.operations import Action, Operation
from reconciler.model.specs import TradeSpec, map_renames
from reconciler.planning.decisions import Decision
from reconciler.planning.known import Known, PairKey
from reconciler.planning.plan_trades import plan_trades
from reconciler.rendering.reasons import describe
from tests.support import builders

RATES = {(builders.ACCOUNT, builders.PAIR): builders.rates(), (builders.ACCOUNT, "USDT_ETH"): builders.rates(3000)}


def plan(
    specs: Sequence[TradeSpec],
    active: Sequence[LiveTrade] = (),
    *,
    ended: Sequence[LiveTrade] = (),
    rates: Mapping[PairKey, Rates] | None = None,
    is_whole: bool = True,
    workspaces: Collection[str] = (builders.WORKSPACE,),
    unreadable: Sequence[Illegible] = (),
) -> Decision:
    """The decisions about a workspace that has just these specs."""
    renames = map_renames(specs)
    index = index_active(active, workspaces, unreadable, renames=renames)
    named = {trade.reading.marker.name: trade for trade in ended if trade.reading.marker}
    newest = {renames.get(name, name): trade for name, trade in named.items()}
    sighting = Sighting(index=index, history=History(newest=newest), all_names={spec.name for spec in specs})
    matching = match(specs, sighting)
    decision, _ = plan_trades(
        matching,
        index,
        Known(workspace=builders.WORKSPACE, rates=RATES if rates is None else rates),
        is_whole=is_whole,
    )
    return decision


def only(decision: Decision) -> Operation:
    """The one operation of a decision that blocks nothing."""
    assert not decision.blocked, decision.blocked
    (operation,) = decision.operations
    return operation


def reason(decision: Decision) -> str:
    """The reason why the one trade of a decision is blocked."""
    assert not decision.operations, decision.operations
    (blocked,) = decision.blocked
    return describe(blocked.reason)


def carry_out(live: LiveTrade, operation: Operation) -> LiveTrade:
    """The trade after an operation on it, as an API shows it that does just what it is asked."""
    if operation.action is Action.CANCEL_STEP:
        gone = next(step for step in live.open_steps if step.terms == operation.step)
        steps = tuple(step for step in live.steps if step is not gone)
        return replace(live, steps=steps, terms=replace(live.terms, steps=tuple(step.terms for step in steps)))
    if operation.action in (Action.CANCEL, Action.CLOSE):
        return replace(
            live, phase=Phase.ENDED, status="cancelled" if operation.action is Action.CANCEL else "panic_sold"
        )
    changed = live
    if operation.action is Action.UPDATE and operation.after is not None:
        groups = {change.path.partition(".")[0] for change in operation.changes}
        shown = replace(
            live.terms,
            entry=operation.after.entry if "position" in groups else live.terms.entry,
            leverage=operation.after.leverage if "leverage" in groups else live.terms.leverage,
            steps=operation.after.steps if "take_profit" in groups else live.terms.steps,
            stop_loss=operation.after.stop_loss if "stop_loss" in groups else live.terms.stop_loss,
        )
        fresh = builders.live(phase=live.phase, shown=shown, entered=str(live.entered_units))
        steps = fresh.steps if "take_profit" in groups else live.steps
        changed = replace(live, terms=shown, steps=steps, stop_status=fresh.stop_status)
    if operation.note_after is not None:
        changed = replace(changed, note=operation.note_after, reading=read_note(operation.note_after))
    return changed


def converge(spec: TradeSpec, live: LiveTrade) -> LiveTrade:
    """The trade after its plan was carried out; a second plan must then have nothing to do."""
    for operation in plan([spec], [live]).operations:
        live = carry_out(live, operation)
    again = plan([spec], [live] if live.phase is not Phase.ENDED else [])
    assert not again.operations, again.operations
    return live
