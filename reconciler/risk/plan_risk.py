"""Money at risk of a whole workspace, before and after the operations of a plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from reconciler.model.averaging import AveragingOrder, AveragingReading
from reconciler.model.live import LiveTrade, Phase, Prices, Rates
from reconciler.model.markets import Market
from reconciler.model.operations import Operation
from reconciler.model.risk import FeeRate, OperationRisk, RiskTotals, TradeRisk, Unknown, WorkspaceRisk
from reconciler.risk.changes import change_state
from reconciler.risk.fees import ASSUMED_FEE
from reconciler.risk.levels import make_levels
from reconciler.risk.money import Move, sum_money
from reconciler.risk.state import TradeState, state_of_live
from reconciler.risk.totals import add_totals, subtract_totals, sum_risks
from reconciler.risk.trade_risk import Measured, Rules, measure

# Account id and pair.
PairKey = tuple[int, str]
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """The figures of the accounts of a target.

    Attributes:
        ids: Alias to account id.
        fees: Alias to fee rate.
        maintenance_pct: Alias to maintenance margin in percent, for those that have one in reconciler.yaml.
    """

    ids: Mapping[str, int]
    fees: Mapping[str, FeeRate]
    maintenance_pct: Mapping[str, Decimal] = field(default_factory=dict)

    def rules(self) -> dict[int, Rules]:
        """Return the figures by account id; of an account with several aliases the highest count."""
        found: dict[int, Rules] = {}
        for alias, account in self.ids.items():
            fee, percent = self.fees[alias].rate, self.maintenance_pct.get(alias)
            known = found.get(account, Rules(fee=fee))
            margins = [each for each in (known.maintenance, _share(percent)) if each is not None]
            found[account] = Rules(fee=max(fee, known.fee), maintenance=max(margins, default=None))
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """All that was seen of a workspace.

    Attributes:
        lives: Its live trades by present name, the oldest first.
        rates: Prices and grids of the pairs that were read, by account id and pair.
        averaging: SmartTrade id to what was read of its averaging orders.
        planned: Name to the averaging orders of its file, for trades that shall be open.
    """

    lives: Mapping[str, Sequence[LiveTrade]]
    rates: Mapping[PairKey, Rates] = field(default_factory=dict)
    averaging: Mapping[int, AveragingReading] = field(default_factory=dict)
    planned: Mapping[str, tuple[AveragingOrder, ...]] = field(default_factory=dict)

    def rates_of(self, account_id: int, pair: str) -> Rates | None:
        """Return what was read of a pair, or None."""
        return self.rates.get((account_id, pair))

    def state_of(self, name: str, live: LiveTrade, market: Market | None = None) -> TradeState:
        """Return the state of a live trade.

        Args:
            name: Its present name.
            live: The trade.
            market: Its market, if more is known of it than the trade shows.
        """
        known = live if market is None or market == live.terms.market else _put_on(live, market)
        return state_of_live(known, self._find_adds(name, live), self.rates_of(live.terms.account_id, live.terms.pair))

    def _find_adds(self, name: str, live: LiveTrade) -> tuple[AveragingOrder, ...] | None:
        """Find the averaging orders that wait, or that the file plans once the entry is filled."""
        marker = live.reading.marker
        if marker is None or not marker.averaging_sent:
            is_waiting = live.phase in (Phase.ENTERING, Phase.FILLING)
            return self.planned.get(name, ()) if is_waiting else ()
        reading = self.averaging.get(live.id)
        if live.phase is Phase.ENDED:
            return ()
        if reading is None or reading.doubt:
            return None
        return tuple(
            AveragingOrder(price=sent.order.price, units=sent.order.units - sent.filled_units)
            for sent in reading.orders
            if sent.is_pending and sent.filled_units < sent.order.units
        )


def assess_plan(
    operations: Sequence[Operation], seen: Seen, accounts: Accounts, touched: Mapping[int, LiveTrade]
) -> WorkspaceRisk:
    """Assess the money at risk before and after a plan.

    Args:
        operations: In the order in which they are carried out.
        seen: Live trades, prices and averaging orders.
        accounts: Fees and margins.
        touched: The live trades that operations work on, by SmartTrade id.
    """
    rules = accounts.rules()
    moves = list(_follow(operations, seen, rules, touched))
    others = _measure_others(seen, rules, touched.keys() & {each.live_id for each in operations})
    ends = _join_moves(moves)
    same = sum_risks(others.values())
    before = add_totals(same, sum_risks(each.before.risk for each in ends.values() if each.before))
    after = add_totals(same, sum_risks(each.after.risk for each in ends.values() if each.after))
    return WorkspaceRisk(
        before=_fill(before, after),
        after=_fill(after, before),
        change=subtract_totals(after, before),
        money=sum_money(moves),
        fees=accounts.fees,
        operations=tuple(map(_describe, moves)),
        trades=others,
        unknown=_list_unknown(others, ends.values()),
    )


def _fill(totals: Mapping[str, RiskTotals], others: Mapping[str, RiskTotals]) -> dict[str, RiskTotals]:
    """Return sums with every currency of both sides, so that one which is left or new is there as zero."""
    return {currency: totals.get(currency, RiskTotals()) for currency in sorted({*totals, *others})}


def _follow(
    operations: Iterable[Operation], seen: Seen, rules: Mapping[int, Rules], touched: Mapping[int, LiveTrade]
) -> Iterable[Move]:
    """Yield each operation with its trade before and after it; several on one trade follow each other."""
    states: dict[tuple[str, int | None], Measured | None] = {}
    for operation in operations:
        key = (operation.trade, operation.live_id)
        if key not in states:
            live = touched.get(operation.live_id or 0)
            terms = operation.precondition.terms if operation.precondition else None
            states[key] = (
                None
                if live is None or terms is None
                else _measure(seen.state_of(operation.trade, live, terms.market), rules)
            )
        before = states[key]
        after = _apply(before, operation, seen, rules)
        states[key] = after
        yield Move(operation=operation, before=before, after=after)


def _apply(before: Measured | None, operation: Operation, seen: Seen, rules: Mapping[int, Rules]) -> Measured | None:
    terms = operation.after
    rates = seen.rates_of(terms.account_id, terms.pair) if terms else None
    state = change_state(before.state if before else None, operation, seen.planned.get(operation.trade, ()), rates)
    if state is None:
        return None
    if before is not None and state is before.state:
        return before
    return _measure(state, rules, None if operation.opens else before)


def _measure(state: TradeState, rules: Mapping[int, Rules], known: Measured | None = None) -> Measured:
    return measure(state, rules.get(state.terms.account_id) or Rules(fee=ASSUMED_FEE.rate), known)


def _measure_others(seen: Seen, rules: Mapping[int, Rules], touched: Iterable[int]) -> dict[str, TradeRisk]:
    """Measure the trades that no operation works on."""
    left_out = frozenset(touched)
    found: dict[str, TradeRisk] = {}
    for name, lives in seen.lives.items():
        for live in lives:
            if live.id not in left_out and live.phase is not Phase.ENDED:
                shown = name if name not in found else f"{name} #{live.id}"
                found[shown] = _measure(seen.state_of(name, live), rules).risk
    return found


def _join_moves(moves: Iterable[Move]) -> dict[tuple[str, int | None], Move]:
    """Join the operations on each trade to one: from before the first to after the last."""
    joined: dict[tuple[str, int | None], Move] = {}
    for move in moves:
        key = (move.operation.trade, move.operation.live_id)
        first = joined.get(key, move)
        joined[key] = Move(operation=move.operation, before=first.before, after=move.after)
    return joined


def _describe(move: Move) -> OperationRisk:
    return OperationRisk(
        trade=move.operation.trade,
        before=move.before.risk if move.before else None,
        after=move.after.risk if move.after else None,
        levels=make_levels(move.before, move.after, _find_prices(move)),
    )


def _find_prices(move: Move) -> Prices | None:
    """Return the prices that the reviewer sees; those of the pair after the operation."""
    side = move.after or move.before
    return side.state.prices if side else None


def _list_unknown(others: Mapping[str, TradeRisk], ends: Iterable[Move]) -> dict[str, tuple[Unknown, ...]]:
    found = {name: risk.unknown for name, risk in others.items() if risk.unknown}
    for move in ends:
        side = move.after or move.before
        if side is not None and side.risk.unknown:
            found[move.operation.trade] = side.risk.unknown
    return found


def _put_on(live: LiveTrade, market: Market) -> LiveTrade:
    return replace(live, terms=live.terms.on(market))


def _share(percent: Decimal | None) -> Decimal | None:
    return None if percent is None else percent / _HUNDRED
