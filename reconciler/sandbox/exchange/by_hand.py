"""The acts of a person in the app: open a trade, move its stop, close or cancel it, rewrite its note.

They follow the rules of the API's requests, and take effect at once unless intermediate states last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal

from reconciler.sandbox.engine.happenings import Happening
from reconciler.sandbox.engine.moment import Moment
from reconciler.sandbox.engine.trade import SmartTrade
from reconciler.sandbox.exchange.access import MODES
from reconciler.sandbox.exchange.create_trade import create_trade
from reconciler.sandbox.exchange.sandbox_file import SandboxFile
from reconciler.sandbox.exchange.transaction import Transaction
from reconciler.sandbox.requests.read_terms import MAX_NOTE_LENGTH
from reconciler.sandbox.requests.trade_actions import cancel_trade, close_trade
from reconciler.sandbox.requests.update_trade import update_trade
from reconciler.sandbox.values.decimals import read_decimal
from reconciler.sandbox.values.errors import InvalidAct
from reconciler.sandbox.values.market import PriceType
from reconciler.sandbox.values.options import MissingGroups
from reconciler.sandbox.values.pairs import find_pair
from reconciler.sandbox.values.refusals import RequestRefused
from reconciler.sandbox.values.terms import (
    ChangeTerms,
    EntryTerms,
    EntryType,
    OrderType,
    Side,
    StepTerms,
    StopTerms,
    TradeTerms,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A trade as a person fills it in.

    Args:
        account_id: The account that trades.
        pair: Pair in the API's notation.
        side: `buy` for a long trade, `sell` for a short one.
        units: Size in base currency.
        price: Limit price of the entry; None for a market order.
        target: Price of one limit step that closes all; None for none.
        stop: Trigger of a market stop; None for none.
        note: The note, or None.
    """

    account_id: int
    pair: str
    side: Side
    units: Decimal
    price: Decimal | None = None
    target: Decimal | None = None
    stop: Decimal | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedTrade:
    """A trade by which a person finds it.

    Args:
        id: Its id.
        note: Its note, or None.
        is_active: Whether it has not ended.
    """

    id: int
    note: str | None
    is_active: bool


def list_noted_trades(sandbox: SandboxFile) -> list[NotedTrade]:
    """List all trades with their notes, by id."""
    with sandbox.transaction(write=False) as transaction:
        ids = transaction.trades.select_ids("SELECT id FROM trades ORDER BY id", ())
        trades = [transaction.trades.read_trade(trade_id) for trade_id in ids]
    return [NotedTrade(id=trade.id, note=trade.note, is_active=not trade.is_terminal) for trade in trades]


def open_trade(sandbox: SandboxFile, ticket: Ticket) -> tuple[int, list[Happening]]:
    """Open a trade, and return its id and what happened to it.

    Args:
        sandbox: The sandbox.
        ticket: The trade.

    Raises:
        UnknownPair: The sandbox does not trade the pair.
        InvalidAct: There is no such account, the note does not fit, or a rule is broken.
    """
    find_pair(ticket.pair)
    for number in (ticket.units, ticket.price, ticket.target, ticket.stop):
        _check_number(number)
    with _acting(sandbox) as transaction:
        if transaction.accounts.find_account(ticket.account_id) is None:
            raise InvalidAct(f"there is no account {ticket.account_id}")
        _check_note(ticket.note)
        trade = create_trade(transaction, _read_ticket(ticket))
        transaction.settle()
    return trade.id, transaction.happened


def drag_stop(sandbox: SandboxFile, trade_id: int, trigger: Decimal) -> list[Happening]:
    """Move the stop of a trade, and return what happened to it.

    Args:
        sandbox: The sandbox.
        trade_id: The trade.
        trigger: The new trigger in quote currency.

    Raises:
        InvalidAct: There is no such trade, it has no stop, or the service refuses it.
    """
    _check_number(trigger)

    def drag(trade: SmartTrade, moment: Moment) -> None:
        if trade.stop is None:
            raise InvalidAct(f"#{trade_id} has no stop")
        stop = replace(trade.stop.terms, trigger=trigger, percent=None)
        change = ChangeTerms(units=trade.position.terms.units, replaces_stop=True, stop=stop)
        update_trade(trade, change, _keep_groups(moment), transaction.take_order_ids)

    with _acting(sandbox) as transaction:
        return _act(transaction, trade_id, drag)


def _check_number(number: Decimal | None) -> None:
    if number is not None and read_decimal(number) is None:
        raise InvalidAct(f"{number:.6} is no size or price that makes sense")


def close_by_hand(sandbox: SandboxFile, trade_id: int) -> list[Happening]:
    """Close a trade at market, and return what happened to it.

    Args:
        sandbox: The sandbox.
        trade_id: The trade.

    Raises:
        InvalidAct: There is no such trade, or the service refuses it.
    """
    with _acting(sandbox) as transaction:
        (close_id,) = transaction.take_order_ids(1)
        return _act(transaction, trade_id, lambda trade, moment: close_trade(trade, close_id, moment))


def cancel_by_hand(sandbox: SandboxFile, trade_id: int) -> list[Happening]:
    """Cancel a trade, whose coins stay in the account, and return what happened to it.

    Args:
        sandbox: The sandbox.
        trade_id: The trade.

    Raises:
        InvalidAct: There is no such trade, or the service refuses it.
    """
    with _acting(sandbox) as transaction:
        return _act(transaction, trade_id, cancel_trade)


def rewrite_note(sandbox: SandboxFile, trade_id: int, note: str) -> list[Happening]:
    """Replace the note of a trade, and return what happened to it.

    Args:
        sandbox: The sandbox.
        trade_id: The trade.
        note: The new note; an empty one removes it, which the app allows and the API does not.

    Raises:
        InvalidAct: There is no such trade, or the note is too long.
    """

    def rewrite(trade: SmartTrade, moment: Moment) -> None:
        _check_note(note)
        trade.note = note or None
        trade.updated_at_ms = moment.at_ms

    with _acting(sandbox) as transaction:
        return _act(transaction, trade_id, rewrite)


def _keep_groups(moment: Moment) -> Moment:
    """Return the moment with groups that are missing in a request left unchanged: the app sends them all."""
    return replace(moment, options=replace(moment.options, missing_groups=MissingGroups.UNCHANGED))


@contextmanager
def _acting(sandbox: SandboxFile) -> Iterator[Transaction]:
    """Open a transaction in which earlier requests have taken effect; a refusal is an error in words."""
    try:
        with sandbox.transaction() as transaction:
            transaction.settle()
            transaction.happened.clear()
            yield transaction
    except RequestRefused as refusal:
        problems = [f"{key} {message}" for key, messages in (refusal.attributes or {}).items() for message in messages]
        raise InvalidAct(f"refused: {'; '.join(problems) or refusal.description}") from refusal


def _act(transaction: Transaction, trade_id: int, act: Callable[[SmartTrade, Moment], None]) -> list[Happening]:
    if not any(transaction.trades.has_trade(trade_id, mode) for mode in MODES):
        raise InvalidAct(f"there is no trade #{trade_id}")
    transaction.change(trade_id, act)
    transaction.settle()
    return transaction.happened


def _check_note(note: str | None) -> None:
    if note is not None and len(note) > MAX_NOTE_LENGTH:
        raise InvalidAct(f"the note has {len(note)} characters, expected at most {MAX_NOTE_LENGTH}")


def _read_ticket(ticket: Ticket) -> TradeTerms:
    order_type = EntryType.MARKET if ticket.price is None else EntryType.LIMIT
    step = stop = None
    if ticket.target is not None:
        step = StepTerms(
            order_type=OrderType.LIMIT, volume_pct=Decimal(100), price_type=PriceType.LAST, price=ticket.target
        )
    if ticket.stop is not None:
        stop = StopTerms(order_type=OrderType.MARKET, price_type=PriceType.LAST, trigger=ticket.stop)
    return TradeTerms(
        account_id=ticket.account_id,
        pair=ticket.pair,
        is_instant=False,
        skip_enter_step=False,
        entry=EntryTerms(side=ticket.side, order_type=order_type, units=ticket.units, price=ticket.price),
        steps=None if step is None else (step,),
        stop=stop,
        note=ticket.note or None,
    )
