"""Take out of decisions what the exchange or the account would refuse."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from reconciler.codec.numbers import truncate
from reconciler.model.averaging import AveragingOrder
from reconciler.model.commands import Funds
from reconciler.model.field_groups import FieldGroup
from reconciler.model.live import Account, LiveTrade, Rates
from reconciler.model.markets import MarketKind
from reconciler.model.operations import Action, Operation
from reconciler.model.plan import Notice, NoticeKind
from reconciler.model.plan_reasons import BlockHint, BlockReason, MarketReason, NoticeReason
from reconciler.model.reasons import Amount, Reason, reason
from reconciler.model.specs import TradeSpec
from reconciler.model.terms import Entry, OrderType, Side, Step, Terms
from reconciler.planning.amounts import margin_of, worth_of
from reconciler.planning.decisions import PLAN_LATER, Decision, block, notice
from reconciler.planning.order_limits import (
    SizedOrder,
    check_band,
    check_leverage,
    check_market_order,
    check_price,
    check_total,
    check_units,
)

_CHECKED = (Action.CREATE, Action.REPLACE, Action.UPDATE, Action.ADD_FUNDS)
# Recorded answers show that the price of a step is cut to the tick; units seem to be cut to the lot.
_OFF_GRID = (MarketReason.PRICE_OFF_TICK, MarketReason.UNITS_OFF_LOT)
_HUNDRED = Decimal(100)
_DOLLAR, _BITCOIN = "USD", "BTC"
# Quote currencies that are worth a US dollar, near enough to be compared with what an account is worth.
_DOLLARS = frozenset({"USD", "USDT", "USDC", "BUSD", "FDUSD", "TUSD", "USDP", "DAI"})
# 3Commas brings the worth of an account up to date now and then only; assumed.
_WORTH_TOLERANCE = Decimal("1.05")


def refuse_unfit(decision: Decision, spec: TradeSpec, live: LiveTrade | None, rates: Rates | None) -> Decision:
    """Take out of a decision what the exchange would refuse; a stop that is sent again is only warned about.

    Args:
        decision: What was decided about a trade.
        spec: What its file wants.
        live: The trade as it is, or None.
        rates: Prices and limits of its pair, or None if they were not read: then nothing is checked.
    """
    checked = [operation for operation in decision.operations if operation.action in _CHECKED]
    if rates is None or not checked:
        return decision
    problems = [problem for operation in checked for problem in find_unfit(operation, live, rates)]
    if not problems:
        return decision
    if any(change.is_rearming for operation in checked for change in operation.changes):
        found = reason(NoticeReason.REFUSED_ALL_THE_SAME, problems=tuple(problems))
        warning = notice(NoticeKind.WARNING, spec.name, live, found)
        return Decision(operations=decision.operations, blocked=decision.blocked, notices=(*decision.notices, warning))
    refused = block(spec, live, describe_unfit(problems), reason(BlockHint.CORRECT_FILE))
    return Decision(blocked=(*decision.blocked, *refused.blocked), notices=decision.notices)


def describe_unfit(problems: Sequence[Reason]) -> Reason:
    """Return why numbers of an order cannot be sent: the exchange refuses them, or 3Commas may cut them."""
    code = BlockReason.OFF_GRID if are_off_grid(problems) else BlockReason.EXCHANGE_REFUSES
    return reason(code, problems=tuple(problems))


def are_off_grid(problems: Sequence[Reason]) -> bool:
    """Return whether all that is wrong is that numbers lie off the tick or the lot."""
    return all(problem.code in _OFF_GRID for problem in problems)


def warn_of_limits(decision: Decision, spec: TradeSpec, live: LiveTrade | None, rates: Rates | None) -> Decision:
    """Add to a decision a warning of what the exchange may refuse.

    Args:
        decision: What was decided about a trade; what is blocked needs no warning.
        spec: What its file wants.
        live: The trade as it is, or None.
        rates: Prices and limits of its pair, or None if they were not read.
    """
    checked = [operation for operation in decision.operations if operation.action in _CHECKED]
    problems = [] if rates is None else [found for each in checked for found in _find_doubtful(each, rates)]
    if not problems:
        return decision
    found = reason(NoticeReason.MAY_BE_REFUSED, problems=tuple(problems))
    return replace(decision, notices=(*decision.notices, notice(NoticeKind.WARNING, spec.name, live, found)))


def refuse_on_other_market(
    decision: Decision, spec: TradeSpec, live: LiveTrade | None, account: Account, rates: Rates | None
) -> Decision:
    """Take out of a decision what opens a contract on a spot account, or a spot pair on one for contracts.

    Args:
        decision: What was decided about a trade.
        spec: What its file wants.
        live: The trade as it is, or None.
        account: Where it is to be opened.
        rates: Of its pair, or None if they were not read.
    """
    code = _find_other_market(account, rates) if rates is not None else None
    if code is None or not any(operation.opens for operation in decision.operations):
        return decision
    why = reason(code, account=account.id, name=account.name or None, pair=spec.terms.pair)
    refused = block(spec, live, why, reason(BlockHint.OTHER_ACCOUNT))
    return Decision(blocked=(*decision.blocked, *refused.blocked), notices=decision.notices)


def _find_other_market(account: Account, rates: Rates) -> BlockReason | None:
    if rates.market.is_contract and account.takes_contracts is False:
        return BlockReason.CONTRACT_ON_SPOT_ACCOUNT
    if rates.market.kind is MarketKind.SPOT and account.takes_spot is False:
        return BlockReason.SPOT_ON_CONTRACT_ACCOUNT
    return None


def refuse_on_account(decision: Decision, spec: TradeSpec, live: LiveTrade | None, account: Account) -> Decision:
    """Take out of a decision what cannot be sent to an account; cancels, closes and notes are sent all the same.

    Args:
        decision: What was decided about a trade.
        spec: What its file wants.
        live: The trade as it is, or None.
        account: One with an obstacle.
    """
    # No pair is known on a market that is not known.
    blocked = tuple(
        each for each in decision.blocked if account.market_code or each.reason.code is not BlockReason.PAIR_UNKNOWN
    )
    if blocked == decision.blocked and not any(operation.action in _CHECKED for operation in decision.operations):
        return decision
    why = reason(BlockReason.ACCOUNT_REFUSES, account=account.id, name=account.name or None, problem=account.obstacle)
    refused = block(spec, live, why, reason(BlockHint.CHECK_ACCOUNT))
    return Decision(blocked=(*blocked, *refused.blocked), notices=decision.notices)


def refuse_without_rates(decision: Decision, spec: TradeSpec, live: LiveTrade | None, problem: str) -> Decision:
    """Take out of a decision what would be sent unchecked because prices and limits of its pair cannot be read.

    Args:
        decision: What was decided about a trade.
        spec: What its file wants.
        live: The trade as it is, or None.
        problem: Why they cannot be read.
    """
    blocked = tuple(each for each in decision.blocked if each.reason.code is not BlockReason.PAIR_UNKNOWN)
    if blocked == decision.blocked and not any(operation.action in _CHECKED for operation in decision.operations):
        return decision
    refused = block(spec, live, reason(BlockReason.RATES_UNREADABLE, problem=problem), PLAN_LATER)
    return Decision(blocked=(*blocked, *refused.blocked), notices=decision.notices)


def warn_of_funds(operations: Iterable[Operation], accounts: Mapping[int, Account]) -> list[Notice]:
    """Warn of creates that commit more than all that is on their account is worth; of contracts their margin counts.

    The API shows what an account is worth in dollars and Bitcoin, and not what is free in a currency, so this finds
    what certainly fails and no more. Source: accounts page, usd_amount and btc_amount.

    Args:
        operations: The plan's operations.
        accounts: The accounts of the key.
    """
    committed: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for operation in operations:
        terms = operation.after
        if operation.opens and terms is not None and _binds_quote(terms):
            committed[terms.account_id, terms.quote] += _find_bound(terms)
    warnings = [_warn(accounts.get(number), quote, total) for (number, quote), total in committed.items()]
    return [warning for warning in warnings if warning is not None]


def _warn(account: Account | None, quote: str, total: Decimal) -> Notice | None:
    if account is None:
        return None
    worth = account.usd_amount if quote in _DOLLARS else account.btc_amount if quote == _BITCOIN else None
    if worth is None or total <= worth * _WORTH_TOLERANCE:
        return None
    found = reason(
        NoticeReason.OVERCOMMITTED,
        account=account.id,
        total=Amount(total, quote),
        worth=Amount(worth, _BITCOIN if quote == _BITCOIN else _DOLLAR),
    )
    return notice(NoticeKind.WARNING, "", None, found)


def _binds_quote(terms: Terms) -> bool:
    return (terms.entry.side is Side.BUY or terms.market.is_contract) and not terms.skip_enter_step


def _find_bound(terms: Terms) -> Decimal:
    """Return what a new trade certainly takes of its quote currency; zero if that is not known."""
    price = terms.entry.price or (terms.entry.condition.price if terms.entry.condition else None)
    worth = worth_of(terms.entry.units, price, terms)
    has_leverage = terms.leverage is not None and not terms.market.ignores_leverage
    bound = margin_of(worth, terms) if has_leverage or terms.market.is_contract else worth
    return bound.value if bound is not None else Decimal(0)


def find_unfit(operation: Operation, live: LiveTrade | None, rates: Rates) -> tuple[Reason, ...]:
    """Find what the exchange would refuse of a create, a replace, or the changed groups of an update.

    Args:
        operation: What would be sent.
        live: The trade as it is, or None.
        rates: Prices and limits of its pair.

    Returns:
        A reason for each, with the nearest value that would be accepted.
    """
    terms = operation.after
    if terms is None:
        return ()
    if operation.opens or live is None:
        return (
            *_check_entry(terms, rates),
            *check_leverage(terms, rates),
            *_check_steps(terms, terms.steps, rates),
            *_check_stop(terms, rates),
        )
    groups = {change.group for change in operation.changes}
    found: list[Reason] = []
    if FieldGroup.POSITION in groups:
        found += _check_entry(terms, rates)
    if FieldGroup.LEVERAGE in groups:
        found += check_leverage(terms, rates)
    if FieldGroup.TAKE_PROFIT in groups:
        # The exchange accepts again what it has accepted before.
        fresh = tuple(step for step in terms.steps if step not in live.terms.steps)
        found += _check_steps(terms, fresh, rates)
    if FieldGroup.STOP_LOSS in groups and terms.stop_loss != live.terms.stop_loss:
        found += _check_stop(terms, rates)
    return tuple(found)


def find_unfit_order(order: AveragingOrder, path: str, terms: Terms, rates: Rates) -> tuple[Reason, ...]:
    """Find what the exchange would refuse of an averaging order.

    Args:
        order: The order.
        path: Its place in the file, below the trade.
        terms: The trade.
        rates: Prices and limits of its pair.
    """
    return (
        *check_units(f"{path}.units", order.units, terms, rates),
        *check_price(f"{path}.price", order.price, terms, rates),
        *check_total(SizedOrder(path, order.units, order.price, is_market=False), terms, rates),
    )


def find_doubtful_order(order: AveragingOrder, path: str, terms: Terms, rates: Rates) -> tuple[Reason, ...]:
    """Find what the exchange may refuse of an averaging order: a price far from the present one.

    Args:
        order: The order.
        path: Its place in the file, below the trade.
        terms: The trade.
        rates: Prices and limits of its pair.
    """
    return tuple(check_band(f"{path}.price", order.price, terms.entry.side, terms, rates))


def find_unfit_funds(funds: Funds, terms: Terms, rates: Rates, *, adds: bool) -> tuple[Reason, ...]:
    """Find what the exchange would refuse of an order of the command line.

    Args:
        funds: The order.
        terms: The trade that it changes.
        rates: Prices and limits of its pair.
        adds: Whether it makes the position larger.
    """
    buys = (terms.entry.side is Side.BUY) is adds
    price = funds.price or (rates.prices.ask if buys else rates.prices.bid)
    order = SizedOrder("the order", funds.units, price, is_market=funds.price is None)
    return (
        *check_units("--units", funds.units, terms, rates),
        *check_price("--price", funds.price, terms, rates),
        *check_market_order(order, Side.BUY if buys else Side.SELL, terms, rates),
        *check_total(order, terms, rates),
    )


def _check_entry(terms: Terms, rates: Rates) -> Iterator[Reason]:
    entry = terms.entry
    yield from check_units("position.units", entry.units, terms, rates)
    if not terms.skip_enter_step:
        # An own average price need not lie on the grid of prices.
        yield from check_price("position.price", entry.price, terms, rates)
    if entry.condition is not None:
        yield from check_price("position.conditional.price", entry.condition.price, terms, rates)
    if terms.skip_enter_step:
        return
    order = SizedOrder("position", entry.units, _expected_price(entry, rates), is_market=entry.price is None)
    yield from check_market_order(order, entry.side, terms, rates)
    yield from check_total(order, terms, rates)


def _check_steps(terms: Terms, steps: Sequence[Step], rates: Rates) -> Iterator[Reason]:
    for number, step in enumerate(terms.steps):
        if step not in steps:
            continue
        path = f"take_profit.steps[{number}]"
        yield from check_price(f"{path}.price", step.level.value, terms, rates)
        if step.level.value is None:
            continue
        yield from check_total(_size_step(step, path, terms, rates), terms, rates)


def _check_stop(terms: Terms, rates: Rates) -> Iterator[Reason]:
    stop = terms.stop_loss
    if stop is None:
        return
    # A trigger may lie off the tick: it is no order, and recorded answers show that it is kept.
    on_any_grid = replace(rates, price_step=Decimal(0))
    yield from check_price("stop_loss.conditional.price", stop.trigger.value, terms, on_any_grid)
    yield from check_price("stop_loss.price", stop.limit_price, terms, rates)


def _find_doubtful(operation: Operation, rates: Rates) -> Iterator[Reason]:
    """Find what the exchange may refuse: limit prices far from the present one, exits larger than a market order."""
    terms, entry = operation.after, operation.after.entry if operation.after else None
    if terms is None or entry is None:
        return
    groups = {change.group for change in operation.changes}
    if (operation.opens or FieldGroup.POSITION in groups) and not (terms.skip_enter_step or entry.condition):
        yield from check_band("position.price", entry.price, entry.side, terms, rates)
    leaving = Side.SELL if entry.side is Side.BUY else Side.BUY
    if operation.opens or FieldGroup.TAKE_PROFIT in groups:
        for number, step in enumerate(terms.steps):
            path, price = f"take_profit.steps[{number}]", step.level.value
            if step.order_type is OrderType.LIMIT and step.trailing_pct is None:
                yield from check_band(f"{path}.price", price, leaving, terms, rates)
            yield from check_market_order(_size_step(step, path, terms, rates), leaving, terms, rates)
    stop = terms.stop_loss
    if stop is not None and (operation.opens or FieldGroup.STOP_LOSS in groups):
        is_market = stop.order_type is OrderType.MARKET
        order = SizedOrder("stop_loss", entry.units, stop.trigger.value or Decimal(0), is_market=is_market)
        yield from check_market_order(order, leaving, terms, rates)


def _size_step(step: Step, path: str, terms: Terms, rates: Rates) -> SizedOrder:
    units = truncate(terms.entry.units * step.volume_pct / _HUNDRED, rates.lot_step)
    is_market = step.order_type is OrderType.MARKET
    return SizedOrder(path, units, step.level.value or Decimal(0), is_market=is_market, share_pct=step.volume_pct)


def _expected_price(entry: Entry, rates: Rates) -> Decimal:
    if entry.price is not None:
        return entry.price
    if entry.condition is not None:
        return entry.condition.price
    return rates.prices.ask if entry.side is Side.BUY else rates.prices.bid
