"""What a command would do to a live trade: refused where the trade does not allow it, else its effect in money.

Flags of the entity are the authority on what the API takes now. Source: SmartTradesV2 page, `data.*_available`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal

from reconciler.codec.note import MARKER_START, NOTE_LIMIT_CHARS, room_for_text, write_note
from reconciler.codec.numbers import plain, truncate
from reconciler.diffing.firing import find_fires
from reconciler.errors import CommandRefused, UsageError
from reconciler.model.commands import Command, Funds
from reconciler.model.fires import STOP_FIRES
from reconciler.model.live import LiveTrade, Phase, Rates
from reconciler.model.marker import MarkerState
from reconciler.model.operations import Action, Cause, Effect, Operation
from reconciler.model.orders import LiveOrder
from reconciler.planning import forecasts
from reconciler.planning.amounts import describe_amount
from reconciler.planning.market_limits import find_unfit_funds
from reconciler.planning.operations import precondition_of

# Of sizes in sentences. Source: SmartTradesV2 page, entity: amounts have about 8 decimals.
_SMALLEST_UNITS = Decimal("0.00000001")


class Commands:
    """Commands for one live trade.

    Args:
        live: The trade, just read.
        workspaces: The present and the former names of the workspace.
    """

    def __init__(self, live: LiveTrade, workspaces: Collection[str]) -> None:
        self.live = live
        marker = live.reading.marker
        is_ours = marker is not None and marker.workspace in workspaces
        self._trade = marker.name if marker and is_ours else f"#{live.id}"
        self._generation = marker.generation if marker and is_ours else 0

    def start(self) -> Operation:
        """Enter at market what waits for its price.

        Raises:
            CommandRefused: The entry does not wait.
        """
        self._require("start", is_offered=self.live.flags.force_start)
        live = self.live
        effect, words = forecasts.describe_start(live, live.prices)
        fires = find_fires(live.terms, live.prices, is_entered=True) if live.prices else ()
        if STOP_FIRES in fires:
            words += "; THE STOP IS PASSED at the present price and executes at once"
        elif fires:
            words += "; at the present price a take-profit step executes at once"
        return self.make(Action.START, effect, words)

    def process(self) -> Operation:
        """Let the API look at the trade again.

        Raises:
            CommandRefused: The trade is over.
        """
        self._require("process", is_offered=self.live.flags.force_process)
        words = "asks 3Commas to process the trade now; what that does is documented by its name only"
        return self.make(Action.PROCESS, Effect.LABELS, words)

    def close(self) -> Operation:
        """Close the position at market.

        Raises:
            CommandRefused: There is no position that can be closed now.
        """
        live = self.live
        hint = "; `trade cancel` takes its entry back" if live.phase is Phase.ENTERING else ""
        self._require("close", is_offered=live.flags.close, hint=hint)
        effect, words = forecasts.describe_close(live, live.prices)
        profit = forecasts.describe_profit(live)
        return self.make(Action.CLOSE, effect, f"{words}; profit now {profit}" if profit else words)

    def cancel(self) -> Operation:
        """Cancel the trade and keep what it holds.

        Raises:
            CommandRefused: It cannot be cancelled now.
        """
        self._require("cancel", is_offered=self.live.flags.cancel)
        effect, words = forecasts.describe_cancel(self.live)
        if effect is Effect.FREES:
            return self.make(Action.CANCEL, effect, f"frees {words}")
        return self.make(Action.CANCEL, effect, f"{words}: THE POSITION STAYS, UNPROTECTED")

    def add_funds(
        self, funds: Funds, orders: Sequence[LiveOrder], order_ids: tuple[int, ...], rates: Rates | None = None
    ) -> Operation:
        """Make the position larger.

        Args:
            funds: The order.
            orders: The orders of the trade, just read.
            order_ids: Those of them among which the new one will be.
            rates: Limits of the pair, or None where they are not known: then they are not checked.

        Raises:
            CommandRefused: The trade does not take funds now, or the exchange no such order.
        """
        hint = "; 3Commas adds none to simple trades, nor where something trails"
        self._require("add funds to", is_offered=self.live.flags.add_funds, hint=hint)
        self._require_fit(funds, rates, adds=True)
        effect, words = forecasts.describe_added(self.live, funds, self.live.prices)
        waiting = [order for order in orders if order.id in order_ids and order.cancelable and order.filled_units == 0]
        if self.live.phase is not Phase.OPEN:
            words += "; the entry still waits, and until it is filled NO STOP stands behind what is bought now"
        elif waiting:
            words += f"; {len(waiting)} such order{'s' if len(waiting) > 1 else ''} already waiting"
        command = Command(live=self.live, funds=funds, order_ids=order_ids)
        return self.make(Action.ADD_FUNDS, effect, words, command=command)

    def reduce_funds(self, funds: Funds, largest: Decimal, rates: Rates | None = None) -> Operation:
        """Make the position smaller.

        Args:
            funds: The order.
            largest: The most that the API takes, base currency.
            rates: Limits of the pair, or None where they are not known: then they are not checked.

        Raises:
            CommandRefused: The trade cannot be reduced now, or not by so much, or the exchange takes no such order.
        """
        live = self.live
        self.require_reducible()
        # The API tells up to 27 digits; the last units that no market trades are left out.
        most = f"at most {plain(truncate(largest, _SMALLEST_UNITS))} {live.terms.base}"
        if funds.units > largest:
            raise CommandRefused(
                f"{self.subject} can be reduced by {most}, and {plain(funds.units)} are asked for; `trade close`"
                " closes all of it"
            )
        self._require_fit(funds, rates, adds=False)
        effect, words = forecasts.describe_reduced(live, funds, live.prices)
        command = Command(live=live, funds=funds, order_ids=live.reduction_ids)
        return self.make(Action.REDUCE_FUNDS, effect, f"{words} ({most})", command=command)

    def require_reducible(self) -> None:
        """Refuse where the trade cannot be reduced now.

        Raises:
            CommandRefused: It cannot.
        """
        self._require("reduce", is_offered=self.live.flags.reduce_funds)

    def note(self, text: str) -> Operation:
        """Replace the user's text of the note; a marker stays in front of it.

        Raises:
            UsageError: The text is no note.
            CommandRefused: The note holds a marker that cannot be read.
        """
        reading, text = self.live.reading, text.strip()
        if MARKER_START in text.lower():
            raise UsageError(f"found {MARKER_START!r} in the note, which begins the ownership marker; use other words")
        if not text.isprintable():
            raise UsageError("found a line break or another control character in the note, expected one line")
        if reading.marker is None and reading.state is not MarkerState.ABSENT:
            raise CommandRefused(f"the note of {self.subject} holds a marker that cannot be read; repair it first")
        marker = reading.marker
        room = NOTE_LIMIT_CHARS if marker is None else room_for_text(marker.workspace, marker.name)
        if len(text) > room:
            raise UsageError(f"found a note of {len(text)} characters, expected at most {room}")
        if not text and marker is None:
            raise UsageError("found an empty note, expected at least one character: 3Commas takes no empty one")
        whole = text if marker is None else write_note(marker, text)
        was = f"instead of `{reading.text}`" if reading.text else "none before"
        return self.make(Action.NOTE, Effect.LABELS, f"note `{text}`, {was}", note=whole)

    def _require_fit(self, funds: Funds, rates: Rates | None, *, adds: bool) -> None:
        problems = () if rates is None else find_unfit_funds(funds, self.live.terms, rates, adds=adds)
        if problems:
            raise CommandRefused(f"the exchange would refuse it: {'; '.join(problems)}")

    def _require(self, verb: str, *, is_offered: bool, hint: str = "") -> None:
        if is_offered and self.live.phase is not Phase.ENDED:
            return
        status = self.live.status
        words = "has ended" if self.live.phase is Phase.ENDED else "does not allow that now"
        raise CommandRefused(f"cannot {verb} {self.subject}: it is {status} and {words}{hint}")

    @property
    def subject(self) -> str:
        """How messages name the trade."""
        return f"{self._trade} #{self.live.id}" if self._generation else f"#{self.live.id}"

    def make(
        self, action: Action, effect: Effect, money: str, *, note: str | None = None, command: Command | None = None
    ) -> Operation:
        """Make an operation by hand for the trade.

        Args:
            action: What is done.
            effect: What it does to money.
            money: The same in words and amounts.
            note: The whole note afterwards: note only.
            command: What else only a command says, or None if nothing else is to be said.
        """
        return Operation(
            action=action,
            trade=self._trade,
            generation=self._generation,
            cause=Cause.COMMAND,
            effect=effect,
            money=money,
            note_after=note,
            precondition=precondition_of(self.live),
            command=command or Command(live=self.live),
        )


def describe_totals(operations: Sequence[Operation]) -> str:
    """What some commands are about in money, for each quote currency."""
    by_quote: dict[str, list[LiveTrade]] = {}
    for operation in operations:
        if operation.command is not None:
            live = operation.command.live
            by_quote.setdefault(live.terms.quote, []).append(live)
    return "; ".join(_describe_total(quote, lives) for quote, lives in sorted(by_quote.items()))


def _describe_total(quote: str, lives: Sequence[LiveTrade]) -> str:
    worth = sum((_worth(live) for live in lives), Decimal(0))
    profit = sum((live.profit or Decimal(0) for live in lives), Decimal(0))
    words = f", profit now {describe_amount(profit, quote)}" if profit else ""
    return f"{len(lives)} worth about {describe_amount(worth, quote)}{words}"


def _worth(live: LiveTrade) -> Decimal:
    """Quote currency: of a waiting entry what it commits, of a position what it holds at the present price."""
    if live.was_never_filled:
        return live.terms.entry.units * forecasts.expected_entry_price(live.terms)
    price = live.prices.last if live.prices else live.average_price or Decimal(0)
    return live.held_units * price
