"""Limits of what binds money by hand: judged for the trade as it is now, at the prices of the moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from reconciler.errors import GuardrailError
from reconciler.guardrails.acknowledgements import fits_any
from reconciler.guardrails.evaluate import evaluate
from reconciler.guardrails.limits import read_limits
from reconciler.guardrails.trade_changes import Facts, TradeChange
from reconciler.live.history import read_active
from reconciler.model.averaging import AveragingOrder
from reconciler.model.guardrails import Guardrail, GuardrailLevel, GuardrailName, Limit
from reconciler.model.live import LiveTrade, Phase, Rates
from reconciler.model.operations import COMMITTING_ACTIONS, Action, Operation
from reconciler.model.risk import OperationRisk
from reconciler.model.terms import OrderType, Side
from reconciler.rendering.guardrail_text import describe_guardrail
from reconciler.rendering.style import printable
from reconciler.risk.fees import choose_fees
from reconciler.risk.levels import make_levels
from reconciler.risk.live_risk import measure_state
from reconciler.risk.plan_risk import Accounts, Seen
from reconciler.risk.state import TradeState
from reconciler.risk.trade_risk import Rules
from reconciler.settings import Settings
from reconciler.workflows.averaging_orders import read_averaging
from reconciler.workflows.past_trades import read_past
from reconciler.workflows.trade_session import TradeSession

# What is counted over all trades of the workspace.
_TOTALS = frozenset(
    {
        GuardrailName.NOTIONAL_PER_PAIR,
        GuardrailName.NOTIONAL_TOTAL,
        GuardrailName.MARGIN_TOTAL,
        GuardrailName.LOSS_AT_STOP_TOTAL,
        GuardrailName.CONCENTRATION_PCT,
    }
)
_MEASURED = _TOTALS | {
    GuardrailName.AT_MARKET,
    GuardrailName.NOTIONAL_PER_TRADE,
    GuardrailName.COMMITS_PER_PLAN,
    GuardrailName.LOSS_AT_STOP_PER_TRADE,
    GuardrailName.LOSS_AT_STOP_INCREASE,
    GuardrailName.LOSS_REALISED,
    GuardrailName.REWARD_RISK,
    GuardrailName.LEVERAGE,
    GuardrailName.LIQUIDATION_BUFFER_PCT,
    GuardrailName.SIZE_MULTIPLE,
    GuardrailName.ACCOUNTS,
    GuardrailName.PAIRS,
    GuardrailName.SIDES,
}


def refuse_passed(trades: TradeSession, operation: Operation) -> None:
    """Refuse an operation by hand that binds money and passes a limit; what lowers risk is never judged.

    Args:
        trades: Where to read, and what the user has acknowledged.
        operation: What would be sent, for the trade as it was just read.

    Raises:
        GuardrailError: It passes a limit that was not acknowledged; nothing was sent.
        ApiError: What a limit depends on cannot be read.
    """
    refused = [each for each in find_passed(trades, operation) if not fits_any(each, trades.acknowledged)]
    if refused:
        raise GuardrailError(f"Guardrail: {printable('; '.join(map(describe_guardrail, refused)))}; nothing was sent")


def find_passed(trades: TradeSession, operation: Operation) -> tuple[Guardrail, ...]:
    """Find the limits that an operation by hand passes, acknowledged or not.

    Args:
        trades: Where to read.
        operation: What would be sent, for the trade as it was just read.

    Raises:
        ApiError: What a limit depends on cannot be read.
    """
    stated = read_limits(trades.session.settings.limits)
    limits = [each for each in stated if each.name in _MEASURED and each.level is GuardrailLevel.LIMIT]
    if operation.action not in COMMITTING_ACTIONS or operation.command is None or not limits:
        return ()
    facts = _gather(trades, operation, operation.command.live, limits)
    return tuple(each for each in evaluate(facts, limits) if each.is_breach)


def _gather(trades: TradeSession, operation: Operation, live: LiveTrade, limits: Sequence[Limit]) -> Facts:
    """Gather the trade before and after the operation, and of the other trades what the limits ask for."""
    session = trades.session
    judged = replace(operation, after=live.terms)
    others = list(_read_others(trades, live)) if any(each.name in _TOTALS for each in limits) else []
    rates = trades.read_rates(live.terms.account_id, live.terms.pair)
    counted = [each for each in (live, *others) if _counts_orders(each)]
    seen = Seen(
        lives={},
        rates={(live.terms.account_id, live.terms.pair): rates},
        averaging=read_averaging(session, counted),
    )
    rules = _find_rules(session.settings, [live, *others])
    past = read_past(trades.reader, [judged], [session.settings.limits])
    return Facts(
        operations=(judged,),
        changes=(_measure_change(judged, live, seen, rules, rates), *_measure_others(others, seen, rules)),
        accounts=session.settings.target.accounts,
        past=past,
    )


def _measure_change(
    operation: Operation, live: LiveTrade, seen: Seen, rules: Mapping[int, Rules], rates: Rates
) -> TradeChange:
    state = seen.state_of(operation.trade, live)
    before, after = measure_state(state, rules), measure_state(_change(state, operation, rates), rules)
    levels = make_levels(before, after, rates.prices)
    risk = OperationRisk(trade=operation.trade, before=before.risk, after=after.risk, levels=levels)
    return TradeChange(
        name=operation.trade,
        pair=live.terms.pair,
        currency=after.risk.currency,
        before=before.risk,
        after=after.risk,
        operations=(operation,),
        risks=(risk,),
    )


def _change(state: TradeState, operation: Operation, rates: Rates) -> TradeState:
    """Return the state after the operation: entered at market, or with an order more, which counts as filled."""
    prices, entry = rates.prices, state.terms.entry
    if operation.action is Action.START:
        now = replace(entry, order_type=OrderType.MARKET, price=None, condition=None)
        return replace(state, terms=replace(state.terms, entry=now))
    funds = operation.command.funds if operation.command else None
    if funds is None:
        raise AssertionError("a change of funds says how much")
    market = prices.ask if entry.side is Side.BUY else prices.bid
    order = AveragingOrder(price=market if funds.price is None else funds.price, units=funds.units)
    return replace(state, adds=(*state.adds, order))


def _measure_others(lives: Iterable[LiveTrade], seen: Seen, rules: Mapping[int, Rules]) -> Iterator[TradeChange]:
    for live in lives:
        marker = live.reading.marker
        name = marker.name if marker else f"#{live.id}"
        risk = measure_state(seen.state_of(name, live), rules).risk
        yield TradeChange(name=name, pair=risk.pair, currency=risk.currency, before=risk, after=risk)


def _read_others(trades: TradeSession, live: LiveTrade) -> Iterator[LiveTrade]:
    """Read the other active trades of the workspace."""
    for each in read_active(trades.session.api).trades:
        marker = each.reading.marker
        is_ours = marker is not None and marker.workspace in trades.workspaces
        if is_ours and each.id != live.id and each.phase is not Phase.ENDED:
            yield each


def _counts_orders(live: LiveTrade) -> bool:
    marker = live.reading.marker
    return marker is not None and marker.averaging_sent > 0


def _find_rules(settings: Settings, lives: Iterable[LiveTrade]) -> Mapping[int, Rules]:
    ids = settings.target.accounts
    fees = choose_fees(ids, settings.fees_pct, lives)
    return Accounts(ids=ids, fees=fees, maintenance_pct=settings.maintenance_margin_pct).rules()
