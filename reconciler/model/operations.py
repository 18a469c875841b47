"""Operations: what apply sends for one trade, with all that a reviewer needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from reconciler.model.averaging import AveragingOrder
from reconciler.model.commands import Command
from reconciler.model.consequences import Closing, Liquidation, Moment, PreviousGeneration
from reconciler.model.field_groups import STOP_STATUS_PATH, STOP_TRIGGER_PATH, FieldGroup
from reconciler.model.fires import STOP_FIRES, Fire
from reconciler.model.live import Prices
from reconciler.model.reasons import Reason
from reconciler.model.statuses import TradeStatus
from reconciler.model.terms import Step, Terms


class Origin(StrEnum):
    """Source of an operation: a file, or a command of the user.

    Attributes:
        FILE: The plan files: the operation is part of a plan.
        BY_HAND: The user, by a `trade` command: the operation is never part of a plan.
    """

    FILE = "file"
    BY_HAND = "by_hand"


class Action(StrEnum):
    """Action of an operation on a SmartTrade; those from `START` on are by hand only."""

    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    CANCEL = "cancel"
    CANCEL_STEP = "cancel_step"
    CLOSE = "close"
    SET_NOTE = "set_note"
    RELEASE = "release"
    ADD_FUNDS = "add_funds"
    CANCEL_AVERAGING = "cancel_averaging"
    START = "start"
    PROCESS = "process"
    REDUCE_FUNDS = "reduce_funds"
    NOTE = "note"
    CLOSE_STEP = "close_step"
    CANCEL_ORDER = "cancel_order"


# What a plan never holds.
BY_HAND_ACTIONS = frozenset(
    {
        Action.START,
        Action.PROCESS,
        Action.REDUCE_FUNDS,
        Action.NOTE,
        Action.CLOSE_STEP,
        Action.CANCEL_ORDER,
    }
)
# After these the trade has ended.
ENDING_ACTIONS = frozenset({Action.CLOSE, Action.CANCEL})
# These may bind money that was not bound before, or spend it, when they are asked for by hand.
COMMITTING_ACTIONS = frozenset({Action.START, Action.ADD_FUNDS})


class Effect(StrEnum):
    """Effect of an operation on money."""

    PROTECTS = "protects"
    FREES = "frees"
    EXECUTES = "executes"
    REPRICES = "reprices"
    UNPROTECTS = "unprotects"
    LABELS = "labels"
    COMMITS = "commits"


class Cause(StrEnum):
    """Reason for which an operation is planned.

    Attributes:
        FILE: The file is new or has changed since it was last applied.
        STATE: The file says `state: closed`, `abandoned` or `released`.
        OMISSION: The trade is no longer in any file.
        DRIFT: The file is as last applied; the live trade was edited outside.
        FILE_AND_DRIFT: The file has changed, and the live trade may have been edited outside too.
        LOSS: A stop that should protect is not active.
        MARKER: Only the marker or the user's text needs writing.
        MOVED: The trade has another name in the files, and nothing else needs doing.
        COMMAND: The user asks for it by a `trade` command.
    """

    FILE = "file"
    STATE = "state"
    OMISSION = "omission"
    DRIFT = "drift"
    FILE_AND_DRIFT = "file_and_drift"
    LOSS = "loss"
    MARKER = "marker"
    MOVED = "moved"
    COMMAND = "command"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One input that would change.

    Attributes:
        path: The field in the shape of the API body, for example `stop_loss.conditional.price.value`.
        live: Text of the live value, or None if the live trade does not have the field.
        wanted: Text of the value that the file asks for, or None if it asks for none.
    """

    path: str
    live: str | None
    wanted: str | None

    @property
    def group(self) -> FieldGroup:
        """The part of the trade that it changes."""
        return FieldGroup.of(self.path)

    @property
    def is_of_trigger(self) -> bool:
        """Return whether it changes the trigger of the stop."""
        return self.path.startswith(STOP_TRIGGER_PATH)

    @property
    def is_rearming(self) -> bool:
        """Return whether it only makes an inactive stop active again."""
        return self.path == STOP_STATUS_PATH


@dataclass(frozen=True, slots=True, kw_only=True)
class Precondition:
    """State of the live trade when the operation was planned; if it has changed, the operation is stale.

    Attributes:
        live_id: SmartTrade id.
        status: Status word of the API.
        note: The whole note.
        terms: The inputs.
        finished_steps: How many take-profit steps had been executed.
    """

    live_id: int
    status: str
    note: str
    terms: Terms
    finished_steps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One API write, with all it needs to be carried out and to be reviewed.

    Attributes:
        action: What is done.
        trade: Name of the trade.
        generation: Generation of the trade.
        cause: Why.
        effect: What it does to money.
        money: The same in detail: one forecast for each thing that it does.
        after: Terms that hold afterwards: create, update and replace only.
        changes: The inputs that would change.
        note_after: The whole note afterwards, or None if the operation does not change it.
        step: The take-profit step to cancel: cancel step only.
        copies_left: How many open steps, or pending averaging orders, just like it stay: cancel step and cancel
            averaging only.
        precondition: What the live trade was; None for a create.
        fires: What acts at once at the prices seen.
        averaging: The order to send or to cancel: add funds and cancel averaging only.
        former_names: Names that the trade had before, the latest first.
        ignored: Fields that are left as they are on the live trade.
        side_effects: What it does to money beside `effect`, the most severe first.
        closing: Part of the position that it closes, or None if it closes nothing.
        liquidation: Where the exchange would liquidate afterwards: with leverage only.
        reviewed_prices: The prices that the reviewer sees, or None if they were not read.
        previous: How the generation before a raised one ended: create only.
        command: What only a `trade` command says; None in a plan.
    """

    action: Action
    trade: str
    generation: int
    cause: Cause
    effect: Effect
    money: tuple[Reason, ...]
    after: Terms | None = None
    changes: tuple[FieldChange, ...] = ()
    note_after: str | None = None
    step: Step | None = None
    copies_left: int = 0
    precondition: Precondition | None = None
    fires: tuple[Fire, ...] = ()
    averaging: AveragingOrder | None = None
    former_names: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    side_effects: tuple[Effect, ...] = ()
    closing: Closing | None = None
    liquidation: Liquidation | None = None
    reviewed_prices: Prices | None = None
    previous: PreviousGeneration | None = None
    command: Command | None = field(default=None, hash=False)

    @property
    def origin(self) -> Origin:
        """Return the source of the operation: a file or a command."""
        return Origin.FILE if self.command is None else Origin.BY_HAND

    @property
    def live_id(self) -> int | None:
        """SmartTrade id of the trade that it works on; None for a create."""
        return self.precondition.live_id if self.precondition else None

    @property
    def is_ours(self) -> bool:
        """Return whether its trade belongs to this workspace; commands can change any trade of the key."""
        return self.generation > 0

    @property
    def names(self) -> tuple[str, ...]:
        """The names under which the trade may be known."""
        return (self.trade, *self.former_names)

    @property
    def opens(self) -> bool:
        """Return whether it sends a create. If so, it must first be proven that the trade does not exist."""
        return self.action in (Action.CREATE, Action.REPLACE)

    @property
    def effects(self) -> tuple[Effect, ...]:
        """All that it does to money, the most severe first."""
        return (self.effect, *self.side_effects)

    @property
    def closes(self) -> bool:
        """Return whether it ends a position, either at the prices seen or right after the entry."""
        if self.closing is not None:
            return self.closing.counts_as_close
        # Plans of version 1.0 do not say what is closed.
        return self.action is Action.CLOSE or (self.effect is Effect.EXECUTES and STOP_FIRES in self.fires)

    @property
    def destroys(self) -> bool:
        """Return whether it ends a live trade when it is carried out."""
        if self.action in (Action.CANCEL, Action.CLOSE, Action.REPLACE):
            return True
        is_now = self.closing is None or (self.closing.is_whole and self.closing.moment is Moment.NOW)
        return self.precondition is not None and self.closes and is_now

    @property
    def sells_rest(self) -> bool:
        """Return whether it closes what a partly filled entry holds, or what the cancel of such an entry has left.

        3Commas offers no close before the entry is filled: the rest is cancelled, and a trade of its own closes what
        is held.
        """
        statuses = (TradeStatus.WAITING_POSITION, TradeStatus.CANCELLED)
        return self.action is Action.CLOSE and self.precondition is not None and self.precondition.status in statuses

    @property
    def executes(self) -> bool:
        """Return whether it buys or sells at the market, so that the reviewed prices matter."""
        return Effect.EXECUTES in self.effects or self.action is Action.CLOSE

    @property
    def pair(self) -> str:
        """The pair that it trades."""
        if self.after is not None:
            return self.after.pair
        return self.precondition.terms.pair if self.precondition else ""
