"""A new trade from its terms."""

from __future__ import annotations

from reconciler.sandbox.engine.entry import choose_crossing
from reconciler.sandbox.engine.trade import Position, SmartTrade, Step, Stop
from reconciler.sandbox.exchange.transaction import Transaction
from reconciler.sandbox.requests.grid import cut_trade
from reconciler.sandbox.requests.trade_rules import check_entry, check_steps, check_stop
from reconciler.sandbox.values.market import Pair, Quote
from reconciler.sandbox.values.options import OffGrid, TradingSupported
from reconciler.sandbox.values.pairs import PAIRS
from reconciler.sandbox.values.refusals import refuse_parameters
from reconciler.sandbox.values.statuses import OrderStatus, TradeStatus
from reconciler.sandbox.values.terms import TradeTerms


def create_trade(transaction: Transaction, terms: TradeTerms) -> SmartTrade:
    """Check, save and return a new trade; it reaches the exchange at the next settlement.

    Args:
        transaction: The transaction of the request.
        terms: Terms of the request; the account exists.

    Raises:
        RequestRefused: The exchange or a SmartTrade rule does not allow it (422).
    """
    pair = PAIRS.get(terms.pair)
    if pair is None or pair.is_contract is not transaction.account(terms.account_id).has_contracts:
        raise refuse_parameters({"pair": ["Unknown pair"]}, status=422)
    if transaction.options.trading_supported is TradingSupported.FALSE:
        raise refuse_parameters({"account_id": ["does not support trading"]}, status=422)
    quote = transaction.quotes[terms.pair]
    if transaction.options.off_grid is OffGrid.CUT:
        terms = cut_trade(terms, pair)
    _check_terms(terms, pair, quote, is_strict=transaction.options.off_grid is OffGrid.REFUSED)
    trade = _build_trade(transaction, terms, pair, quote)
    transaction.save_trade(trade)
    return trade


def _check_terms(terms: TradeTerms, pair: Pair, quote: Quote, *, is_strict: bool) -> None:
    is_trailing = terms.entry.trailing_pct is not None
    problems = check_entry(terms.entry, pair, quote, has_own_price=terms.skip_enter_step, is_strict=is_strict)
    if terms.steps is not None:
        problems |= check_steps(terms.steps, terms.entry, pair, is_trailing=is_trailing)
    if terms.stop is not None:
        steps = terms.steps or ()
        problems |= check_stop(terms.stop, steps, terms.entry, pair, is_trailing=is_trailing, is_strict=is_strict)
    if problems:
        raise refuse_parameters(problems, status=422)


def _build_trade(transaction: Transaction, terms: TradeTerms, pair: Pair, quote: Quote) -> SmartTrade:
    steps = terms.steps or ()
    position_id, *exit_ids = transaction.take_order_ids(1 + len(steps) + (terms.stop is not None))
    stop = None
    if terms.stop is not None:
        stop = Stop(id=exit_ids[-1], terms=terms.stop, trigger=terms.stop.trigger)
    # The clock does not move by itself, but a real service never creates two trades in one instant.
    last_ms = transaction.trades.find_last_creation()
    created_at_ms = transaction.now_ms if last_ms is None else max(transaction.now_ms, last_ms + 1)
    return SmartTrade(
        id=transaction.take_trade_id(),
        account_id=terms.account_id,
        pair=terms.pair,
        is_instant=terms.is_instant,
        skip_enter_step=terms.skip_enter_step,
        status=TradeStatus.CREATED,
        note=terms.note,
        # Leverage on a spot account is ignored. Source: create page.
        leverage=terms.leverage if pair.is_contract else None,
        position=Position(
            id=position_id,
            terms=terms.entry,
            # Published answers to a create show simple trades one status further. Source: observed in public clients.
            status=OrderStatus.TO_PROCESS if terms.is_instant else OrderStatus.IDLE,
            crossing=choose_crossing(terms.entry, quote),
        ),
        created_at_ms=created_at_ms,
        updated_at_ms=created_at_ms,
        has_take_profit=terms.steps is not None,
        steps=[Step(id=step_id, terms=step, price=step.price) for step_id, step in zip(exit_ids, steps, strict=False)],
        stop=stop,
        reads_left=transaction.options.pending_reads,
    )
