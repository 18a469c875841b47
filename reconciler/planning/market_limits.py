"""What the exchange would refuse: prices off the tick, sizes off the lot, orders that are too small or too large.

Source: SmartTradesV2 page, limits of units, price and total, which come from currency_rates.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_CEILING, Decimal

from reconciler.codec.numbers import plain, truncate
from reconciler.model.averaging import AveragingOrder
from reconciler.model.commands import Funds
from reconciler.model.live import Account, LiveTrade, Rates
from reconciler.model.operations import Action, Operation
from reconciler.model.plan import Notice, NoticeKind
from reconciler.model.specs import TradeSpec
from reconciler.model.terms import Entry, OrderType, Side, Step, Terms
from reconciler.planning.decisions import Decision, block

_CHECKED = (Action.CREATE, Action.REPLACE, Action.UPDATE, Action.ADD_FUNDS)
_HUNDRED = Decimal(100)
# Quote currencies that are worth a US dollar, near enough to be compared with what an account is worth.
_DOLLARS = frozenset({"USD", "USDT", "USDC", "BUSD", "FDUSD", "TUSD", "USDP", "DAI"})
# 3Commas brings the worth of an account up to date now and then only; assumed.
_WORTH_TOLERANCE = Decimal("1.05")


def refuse_unfit(decision: Decision, spec: TradeSpec, live: LiveTrade | None, rates: Rates | None) -> Decision:
    """A decision without what the exchange would refuse; a stop that is armed again goes out all the same, with a warning.

    Args:
        decision: What was decided about a trade.
        spec: What its file wants.
        live: The trade as it is, or None.
        rates: Prices and limits of its pair, or None where they were not read: then nothing is checked.
    """
    checked = [operation for operation in decision.operations if operation.action in _CHECKED]
    if rates is None or not checked:
        return decision
    problems = [problem for operation in checked for problem in find_unfit(operation, live, rates)]
    if not problems:
        return decision
    text = "; ".join(problems)
    if any(change.path == "stop_loss.status" for operation in checked for change in operation.changes):
        warning = Notice(kind=NoticeKind.WARNING, trade=spec.name, live_id=live.id if live else None, text=text)
        return Decision(operations=decision.operations, blocked=decision.blocked, notices=(*decision.notices, warning))
    refused = block(spec, live, f"the exchange would refuse it: {text}", "correct the file")
    return Decision(blocked=(*decision.blocked, *refused.blocked), notices=decision.notices)


def refuse_on_account(decision: Decision, spec: TradeSpec, live: LiveTrade | None, account: Account) -> Decision:
    """A decision without what cannot be sent to an account; cancels, closes and notes go out all the same.

    Args:
        decision: What was decided about a trade.
        spec: What its file wants.
        live: The trade as it is, or None.
        account: One with an obstacle.
    """
    if not any(operation.action in _CHECKED for operation in decision.operations):
        return decision
    name = f" ({account.name})" if account.name else ""
    refused = block(spec, live, f"account {account.id}{name} {account.obstacle}", "look at the account in 3Commas")
    return Decision(blocked=(*decision.blocked, *refused.blocked), notices=decision.notices)


def warn_of_funds(operations: Iterable[Operation], accounts: Mapping[int, Account]) -> list[Notice]:
    """Warnings of creates that commit more than all that is on their account is worth.

    The API tells what an account is worth in dollars and Bitcoin, and not what is free in a currency, so this finds
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
    worth = account.usd_amount if quote in _DOLLARS else account.btc_amount if quote == "BTC" else None
    if worth is None or total <= worth * _WORTH_TOLERANCE:
        return None
    unit = "BTC" if quote == "BTC" else "US dollars"
    text = (
        f"what is to be opened on account {account.id} commits {plain(total)} {quote},"
        f" and all that is on it is worth {plain(worth)} {unit}; not all of it can be filled"
    )
    return Notice(kind=NoticeKind.WARNING, trade="", live_id=None, text=text)


def _is_paid_in_full(terms: Terms) -> bool:
    return terms.entry.side is Side.BUY and not terms.skip_enter_step and terms.leverage is None


def find_unfit(operation: Operation, live: LiveTrade | None, rates: Rates) -> tuple[str, ...]:
    """What the exchange would refuse of a create, a replace, or the changed groups of an update.

    Args:
        operation: What would be sent.
        live: The trade as it is, or None.
        rates: Prices and limits of its pair.

    Returns:
        A sentence for each, with the nearest value that would be taken.
    """
    terms = operation.after
    if terms is None:
        return ()
    if operation.opens or live is None:
        return (*_check_entry(terms, rates), *_check_steps(terms, terms.steps, rates), *_check_stop(terms, rates))
    groups = {change.path.partition(".")[0].partition("[")[0] for change in operation.changes}
    found: list[str] = []
    if "position" in groups:
        found += _check_entry(terms, rates)
    if "take_profit" in groups:
        # What the exchange has taken before it takes again.
        fresh = tuple(step for step in terms.steps if step not in live.terms.steps)
        found += _check_steps(terms, fresh, rates)
    if "stop_loss" in groups and terms.stop_loss != live.terms.stop_loss:
        found += _check_stop(terms, rates)
    return tuple(found)


def find_unfit_order(order: AveragingOrder, path: str, terms: Terms, rates: Rates) -> tuple[str, ...]:
    """What the exchange would refuse of an averaging order; a sentence for each.

    Args:
        order: The order.
        path: Where it stands in the file, below the trade.
        terms: The trade.
        rates: Prices and limits of its pair.
    """
    return (
        *_check_units(f"{path}.units", order.units, terms.base, rates),
        *_check_price(f"{path}.price", order.price, rates),
        *_check_total(path, order.units, order.price, terms, rates, is_market=False),
    )


def find_unfit_funds(funds: Funds, terms: Terms, rates: Rates, *, adds: bool) -> tuple[str, ...]:
    """What the exchange would refuse of an order of the command line; a sentence for each.

    Args:
        funds: The order.
        terms: The trade that it changes.
        rates: Prices and limits of its pair.
        adds: Whether it makes the position larger.
    """
    buys = (terms.entry.side is Side.BUY) is adds
    price = funds.price or (rates.prices.ask if buys else rates.prices.bid)
    return (
        *_check_units("--units", funds.units, terms.base, rates),
        *_check_price("--price", funds.price, rates),
        *_check_total("the order", funds.units, price, terms, rates, is_market=funds.price is None),
    )


def _check_entry(terms: Terms, rates: Rates) -> Iterator[str]:
    entry = terms.entry
    yield from _check_units("position.units", entry.units, terms.base, rates)
    if not terms.skip_enter_step:
        # An own average price need not lie on the grid of prices.
        yield from _check_price("position.price", entry.price, rates)
    if entry.condition is not None:
        yield from _check_price("position.conditional.price", entry.condition.price, rates)
    if terms.skip_enter_step:
        return
    price = _expected_price(entry, rates)
    yield from _check_total("position", entry.units, price, terms, rates, is_market=entry.price is None)


def _check_steps(terms: Terms, steps: Sequence[Step], rates: Rates) -> Iterator[str]:
    for number, step in enumerate(terms.steps):
        if step not in steps:
            continue
        path = f"take_profit.steps[{number}]"
        yield from _check_price(f"{path}.price", step.level.value, rates)
        if step.level.value is None:
            continue
        units = truncate(terms.entry.units * step.volume_pct / _HUNDRED, rates.lot_step)
        is_market = step.order_type is OrderType.MARKET
        name = f"{path} ({plain(step.volume_pct)} %)"
        yield from _check_total(name, units, step.level.value, terms, rates, is_market=is_market)


def _check_stop(terms: Terms, rates: Rates) -> Iterator[str]:
    stop = terms.stop_loss
    if stop is None:
        return
    yield from _check_price("stop_loss.conditional.price", stop.trigger.value, rates)
    yield from _check_price("stop_loss.price", stop.limit_price, rates)


def _check_price(path: str, price: Decimal | None, rates: Rates) -> Iterator[str]:
    if price is None:
        return
    limits = rates.limits
    if limits.min_price is not None and price < limits.min_price:
        yield f"{path} {plain(price)} is below the smallest price {plain(limits.min_price)}"
    elif limits.max_price is not None and price > limits.max_price:
        yield f"{path} {plain(price)} is above the largest price {plain(limits.max_price)}"
    elif truncate(price, rates.price_step) != price:
        yield (
            f"{path} {plain(price)} is no multiple of the tick {plain(rates.price_step)}:"
            f" {_neighbours(price, rates.price_step)}"
        )


def _check_units(path: str, units: Decimal, base: str, rates: Rates) -> Iterator[str]:
    limits = rates.limits
    if limits.min_lot is not None and units < limits.min_lot:
        yield f"{path} {plain(units)} {base} is below the smallest order: at least {plain(limits.min_lot)}"
    elif limits.max_lot is not None and units > limits.max_lot:
        yield f"{path} {plain(units)} {base} is above the largest order: at most {plain(limits.max_lot)}"
    elif truncate(units, rates.lot_step) != units:
        yield (
            f"{path} {plain(units)} {base} is no multiple of the lot {plain(rates.lot_step)}:"
            f" {_neighbours(units, rates.lot_step)}"
        )


def _check_total(
    name: str, units: Decimal, price: Decimal, terms: Terms, rates: Rates, *, is_market: bool
) -> Iterator[str]:
    """Whether an order is too small or too large in quote currency."""
    limits = rates.limits
    total = units * price
    smallest = limits.min_market_total if is_market and limits.min_market_total is not None else limits.min_total
    money = f"{name} is {plain(units)} {terms.base} = {plain(total)} {terms.quote}"
    if smallest is not None and total < smallest:
        yield (
            f"{money}, below the smallest order of {plain(smallest)} {terms.quote}:"
            f" at least {_round_up(smallest / price, rates.lot_step)} {terms.base}"
        )
    elif limits.max_total is not None and total > limits.max_total:
        most = truncate(limits.max_total / price, rates.lot_step)
        yield (
            f"{money}, above the largest order of {plain(limits.max_total)} {terms.quote}:"
            f" at most {plain(most)} {terms.base}"
        )


def _expected_price(entry: Entry, rates: Rates) -> Decimal:
    if entry.price is not None:
        return entry.price
    if entry.condition is not None:
        return entry.condition.price
    return rates.prices.ask if entry.side is Side.BUY else rates.prices.bid


def _neighbours(number: Decimal, step: Decimal) -> str:
    below = truncate(number, step)
    return f"{plain(below)} or {plain(below + step)}" if below > 0 else plain(step)


def _round_up(units: Decimal, step: Decimal) -> str:
    if step <= 0:
        return plain(round(units, 8))
    return plain((units / step).to_integral_value(rounding=ROUND_CEILING) * step)
