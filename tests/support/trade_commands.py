"""Commands on live trades, run as the program runs them, in a world whose wire can be watched and cut."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import click

from reconciler.applying.command_effects import list_added
from reconciler.cli.console import print_message
from reconciler.cli.trade.run_command import run_command
from reconciler.codec.numbers import to_decimal
from reconciler.live.orders import read_orders
from reconciler.model.commands import Funds, Selector
from reconciler.model.live import LiveTrade
from reconciler.model.operations import Operation
from reconciler.model.terms import OrderType
from reconciler.planning import step_commands
from reconciler.planning.commands import Commands
from reconciler.session import Session
from reconciler.workflows.trade_session import TradeSession
from tests.support.world import World

MARKET = Funds(order_type=OrderType.MARKET, units=Decimal("0.002"), price=None)
LIMIT = Funds(order_type=OrderType.LIMIT, units=Decimal("0.002"), price=Decimal(50000))
ABOVE = Funds(order_type=OrderType.LIMIT, units=Decimal("0.002"), price=Decimal(61000))

Make = Callable[[World, LiveTrade], Operation]


def session_of(world: World) -> TradeSession:
    """The session of a command in a new process."""
    session = Session(
        settings=world.settings, api=world.api, clock=world.clock, journal=world.journal, report=print_message
    )
    return TradeSession(session=session, is_approved=True)


def order(world: World, make: Make, name: str = "btc-dip") -> int:
    """Give one command, approved; the exit code."""
    with click.Context(click.Command("trade")):
        return run_command(session_of(world), Selector(name=name, live_id=None), lambda live: make(world, live))


def settle(world: World) -> None:
    """Do the first steps of every command."""
    with click.Context(click.Command("trade")):
        session_of(world).settle()


def _commands(world: World, live: LiveTrade) -> Commands:
    return Commands(live, world.settings.workspaces)


def start(world: World, live: LiveTrade) -> Operation:
    return _commands(world, live).start()


def process(world: World, live: LiveTrade) -> Operation:
    return _commands(world, live).process()


def close(world: World, live: LiveTrade) -> Operation:
    return _commands(world, live).close()


def cancel(world: World, live: LiveTrade) -> Operation:
    return _commands(world, live).cancel()


def note(world: World, live: LiveTrade) -> Operation:
    return _commands(world, live).note("sold half by hand")


def close_step(world: World, live: LiveTrade) -> Operation:
    return step_commands.close_step(_commands(world, live), 1, None)


def cancel_step(world: World, live: LiveTrade) -> Operation:
    return step_commands.cancel_step(_commands(world, live), 2, None)


def cancel_order(world: World, live: LiveTrade) -> Operation:
    orders = read_orders(world.api, live.id)
    return step_commands.cancel_step(_commands(world, live), None, list_added(orders)[-1], orders)


def adding(funds: Funds) -> Make:
    """Add funds."""

    def make(world: World, live: LiveTrade) -> Operation:
        orders = read_orders(world.api, live.id)
        return _commands(world, live).add_funds(funds, orders, list_added(orders))

    return make


def reducing(funds: Funds) -> Make:
    """Reduce funds."""

    def make(world: World, live: LiveTrade) -> Operation:
        commands = _commands(world, live)
        commands.require_reducible()
        largest = to_decimal(world.api.reduce_funds_info(live.id)["max_reduce_funds_amount"])
        return commands.reduce_funds(funds, largest)

    return make
