"""What the user orders for one live trade at once, beside all files."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from reconciler.model.live import LiveTrade
from reconciler.model.operations import Effect
from reconciler.model.outcomes import OutcomeKind
from reconciler.model.terms import OrderType, Terms


class CommandKind(StrEnum):
    """What a command does to a SmartTrade."""

    START = "start"
    PROCESS = "process"
    CLOSE = "close"
    CANCEL = "cancel"
    ADD_FUNDS = "add_funds"
    REDUCE_FUNDS = "reduce_funds"
    NOTE = "note"
    CLOSE_STEP = "close_step"
    CANCEL_STEP = "cancel_step"
    CANCEL_ORDER = "cancel_order"


# After these the trade is over.
ENDING_KINDS = frozenset({CommandKind.CLOSE, CommandKind.CANCEL})
# These may bind money that was not bound before, or spend it.
COMMITTING_KINDS = frozenset({CommandKind.START, CommandKind.ADD_FUNDS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Funds:
    """An order that adds to a position or takes from it.

    Attributes:
        order_type: Market or limit.
        units: Size in base currency.
        price: Limit price in quote currency; None for a market order.
    """

    order_type: OrderType
    units: Decimal
    price: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One write that the user asks for by name or id.

    Attributes:
        kind: What is done.
        trade: Name of the trade; of a trade that is not of this workspace `#` and its id.
        generation: Generation of the trade; 0 where it is not of this workspace.
        live: The trade as it was when the user was asked.
        effect: What it does to money.
        money: The same in words and amounts.
        funds: The order: add and reduce funds only.
        note: The whole note afterwards: note only.
        step_id: Trade id of the step or order: these kinds only.
        order_ids: Trade ids of the orders that were there before: add and reduce funds only.
    """

    kind: CommandKind
    trade: str
    generation: int
    live: LiveTrade
    effect: Effect
    money: str
    funds: Funds | None = None
    note: str | None = None
    step_id: int | None = None
    order_ids: tuple[int, ...] = ()

    @property
    def is_ours(self) -> bool:
        """Whether the trade belongs to this workspace."""
        return self.generation > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandOutcome:
    """What one command did.

    Attributes:
        command: The command.
        kind: How it ended.
        text: What happened, for the user; empty where nothing needs saying.
        takeover: A trade that takes charge of what was filled while it was being cancelled, else None.
    """

    command: Command
    kind: OutcomeKind
    text: str = ""
    takeover: Terms | None = None
