"""Take out of decisions what the exchange or the account would refuse."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from reconciler.codec.numbers import truncate
from reconciler.model.averaging import AveragingOrder
from reconciler.model.commands import Funds
from reconciler.model.field_groups import FieldGroup
from reconciler.model.live import Account, LiveTrade, Rates
from reconciler.model.operations import Action, Operation
from reconciler.model.plan import Notice, NoticeKind
from reconciler.model.plan_reasons import BlockHint, BlockReason, NoticeReason
from reconciler.model.reasons import Amount, Reason, reason
from reconciler.model.specs import TradeSpec
from reconciler.model.terms import Entry, OrderType, Side, Step, Terms
from reconciler.planning.decisions import Decision, block, notice
from reconciler.planning.order_limits import SizedOrder, check_price, check_total, check_units

_CHECKED = (Action.CREATE, Action.REPLACE, Action.UPDATE, Action.ADD_FUNDS)
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
    why = reason(BlockReason.EXCHANGE_REFUSES, problems=tuple(problems))
    refused = block(spec, live, why, reason(BlockHint.CORRECT_FILE))
    return Decision(blocked=(*decision.blocked, *refused.blocked), notices=decision.notices)


def refuse_on_account(decision: Decision, spec: TradeSpec, live: LiveTrade | None, account: Account) -> Decision:
    """Take out of a decision what cannot be sent to an account; cancels, closes and notes are sent all the same.

    Args:
        decision: What was decided about a trade.
        spec: What its file wants.
        live: The trade as it is, or None.
        account: One with an obstacle.
    """
    if not any(operation.action in _CHECKED for operation in decision.operations):
        return decision
    why = reason(BlockReason.ACCOUNT_REFUSES, account=account.id, name=account.name or None, problem=account.obstacle)
    refused = block(spec, live, why, reason(BlockHint.CHECK_ACCOUNT))
    return Decision(blocked=(*decision.blocked, *refused.blocked), notices=decision.notices)


def warn_of_funds(operations: Iterable[Operation], accounts: Mapping[int, Account]) -> list[Notice]:
    """Warn of creates that commit more than all that is on their account is worth.

    The API shows what an account is worth in dollars and Bitcoin, and not what is free in a currency, so this finds
    what certainly fails and no more. Source: accounts page, usd_amount and btc_amount.

    Args:
        operations: The plan's operations.
        accounts: The accounts of the key.
    """
    committed: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for operation in operations:
        terms = operation.after
        if operation.opens and terms is not None and _is_paid_in_full(terms):
            price = terms.entry.price or (terms.entry.condition.price if terms.entry.condition else None)
            committed[terms.account_id, terms.quote] += terms.entry.units * price if price else Decimal(0)
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


def _is_paid_in_full(terms: Terms) -> bool:
    return terms.entry.side is Side.BUY and not terms.skip_enter_step and terms.leverage is None


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
        return (*_check_entry(terms, rates), *_check_steps(terms, terms.steps, rates), *_check_stop(terms, rates))
    groups = {change.group for change in operation.changes}
    found: list[Reason] = []
    if FieldGroup.POSITION in groups:
        found += _check_entry(terms, rates)
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
    return (
        *check_units("--units", funds.units, terms, rates),
        *check_price("--price", funds.price, terms, rates),
        *check_total(SizedOrder("the order", funds.units, price, is_market=funds.price is None), terms, rates),
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
    price = _expected_price(entry, rates)
    yield from check_total(SizedOrder("position", entry.units, price, is_market=entry.price is None), terms, rates)


def _check_steps(terms: Terms, steps: Sequence[Step], rates: Rates) -> Iterator[Reason]:
    for number, step in enumerate(terms.steps):
        if step not in steps:
            continue
        path = f"take_profit.steps[{number}]"
        yield from check_price(f"{path}.price", step.level.value, terms, rates)
        if step.level.value is None:
            continue
        units = truncate(terms.entry.units * step.volume_pct / _HUNDRED, rates.lot_step)
        is_market = step.order_type is OrderType.MARKET
        order = SizedOrder(path, units, step.level.value, is_market=is_market, share_pct=step.volume_pct)
        yield from check_total(order, terms, rates)


def _check_stop(terms: Terms, rates: Rates) -> Iterator[Reason]:
    stop = terms.stop_loss
    if stop is None:
        return
    yield from check_price("stop_loss.conditional.price", stop.trigger.value, terms, rates)
    yield from check_price("stop_loss.price", stop.limit_price, terms, rates)


def _expected_price(entry: Entry, rates: Rates) -> Decimal:
    if entry.price is not None:
        return entry.price
    if entry.condition is not None:
        return entry.condition.price
    return rates.prices.ask if entry.side is Side.BUY else rates.prices.bid
