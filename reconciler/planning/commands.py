"""Operations by hand on a live trade: refused if the trade does not allow it, else its effect in money.

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
from reconciler.model.forecasts import Forecast
from reconciler.model.live import LiveTrade, Phase, Rates
from reconciler.model.marker import MarkerState
from reconciler.model.operations import Action, Cause, Effect, Operation
from reconciler.model.orders import LiveOrder
from reconciler.model.reasons import Amount, Reason, reason
from reconciler.model.unreadable import CHANGE_PARTS
from reconciler.planning import forecasts
from reconciler.planning.market_limits import are_off_grid, find_unfit_funds
from reconciler.planning.operations import precondition_of
from reconciler.rendering.reasons import describe_all

# Of sizes in sentences. Source: SmartTradesV2 page, entity: amounts have about 8 decimals.
_SMALLEST_UNITS = Decimal("0.00000001")


_CLOSE_HINTS = {
    Phase.ENTERING: "; `trade cancel` takes its entry back",
    Phase.FILLING: "; `trade cancel` takes the rest of its entry back, and what is filled stays, without a stop",
}


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
        self._require_readable("start")
        live = self.live
        effect, money = forecasts.forecast_start(live, live.prices)
        fires = find_fires(live.terms, live.prices, is_entered=True) if live.prices else ()
        if fires:
            code = Forecast.STOP_PASSED if STOP_FIRES in fires else Forecast.STEP_REACHED
            money = (*money, reason(code))
        return self.make(Action.START, effect, money)

    def process(self) -> Operation:
        """Let the API process the trade again.

        Raises:
            CommandRefused: The trade is over.
        """
        self._require("process", is_offered=self.live.flags.force_process)
        money = (reason(Forecast.ASKS_TO_PROCESS),)
        return self.make(Action.PROCESS, Effect.LABELS, money)

    def close(self, *, is_half_closed: bool = False) -> Operation:
        """Close the position at market; of a partly filled entry the rest is cancelled first.

        Args:
            is_half_closed: Whether an earlier close has cancelled the rest of the entry and was cut short.

        Raises:
            CommandRefused: There is no position that can be closed now.
        """
        live = self.live
        if is_half_closed or self._can_take_back():
            return self.make(Action.CLOSE, *forecasts.forecast_sale(live, live.prices))
        hint = _CLOSE_HINTS.get(live.phase, "")
        self._require("close", is_offered=live.flags.close, hint=hint)
        effect, money = forecasts.forecast_close(live, live.prices)
        return self.make(Action.CLOSE, effect, (*money, *forecasts.forecast_profit(live)))

    def cancel(self) -> Operation:
        """Cancel the trade and keep what it holds.

        Raises:
            CommandRefused: It cannot be cancelled now.
        """
        self._require("cancel", is_offered=self.live.flags.cancel)
        effect, money = forecasts.forecast_cancel(self.live)
        if effect is Effect.FREES:
            terms = self.live.terms
            price = forecasts.price_of_contracts(terms)
            freed = reason(Forecast.FREES_NOW, total=forecasts.find_commitment(terms), price=price)
            return self.make(Action.CANCEL, effect, (freed,))
        if not self.live.is_size_known:
            return self.make(Action.CANCEL, effect, money)
        return self.make(Action.CANCEL, effect, (*money, reason(Forecast.POSITION_STAYS)))

    def add_funds(
        self, funds: Funds, orders: Sequence[LiveOrder], order_ids: tuple[int, ...], rates: Rates | None = None
    ) -> Operation:
        """Make the position larger.

        Args:
            funds: The order.
            orders: The orders of the trade, just read.
            order_ids: Those of them among which the new one will be.
            rates: Limits of the pair, or None if they are not known: then they are not checked.

        Raises:
            CommandRefused: The trade does not take funds now, or the exchange no such order.
        """
        hint = "; 3Commas adds none to simple trades, nor to trades that trail"
        self._require("add funds to", is_offered=self.live.flags.add_funds, hint=hint)
        self._require_readable("add funds to")
        self._require_fit(funds, rates, adds=True)
        effect, money = forecasts.forecast_added(self.live, funds, self.live.prices)
        waiting = [order for order in orders if order.id in order_ids and order.cancelable and order.filled_units == 0]
        if self.live.phase is not Phase.OPEN:
            money = (*money, reason(Forecast.NO_STOP_YET))
        elif waiting:
            money = (*money, reason(Forecast.ORDERS_WAITING, count=len(waiting)))
        command = Command(live=self.live, funds=funds, order_ids=order_ids)
        return self.make(Action.ADD_FUNDS, effect, money, command=command)

    def reduce_funds(self, funds: Funds, largest: Decimal, rates: Rates | None = None) -> Operation:
        """Make the position smaller.

        Args:
            funds: The order.
            largest: The most that the API takes, base currency.
            rates: Limits of the pair, or None if they are not known: then they are not checked.

        Raises:
            CommandRefused: The trade cannot be reduced now, or not by so much, or the exchange takes no such order.
        """
        live = self.live
        self.require_reducible()
        # The API shows up to 27 digits; the last units that no market trades are left out.
        most = f"at most {plain(truncate(largest, _SMALLEST_UNITS))} {live.terms.unit}"
        if funds.units > largest:
            raise CommandRefused(
                f"{self.subject} can be reduced by {most}, and {plain(funds.units)} are asked for; `trade close`"
                " closes all of it"
            )
        self._require_fit(funds, rates, adds=False)
        effect, money = forecasts.forecast_reduced(live, funds, live.prices)
        money = (*money, reason(Forecast.AT_MOST, largest=Amount(truncate(largest, _SMALLEST_UNITS), live.terms.unit)))
        command = Command(live=live, funds=funds, order_ids=live.reduction_ids)
        return self.make(Action.REDUCE_FUNDS, effect, money, command=command)

    def require_reducible(self) -> None:
        """Refuse the command if the trade cannot be reduced now.

        Raises:
            CommandRefused: It cannot.
        """
        self._require("reduce", is_offered=self.live.flags.reduce_funds)
        self._require_readable("reduce")

    def note(self, text: str) -> Operation:
        """Replace the user's text of the note; a marker stays in front of it.

        Raises:
            UsageError: The text cannot be a note.
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
        money = reason(Forecast.NOTE_ADDED, text=text)
        if reading.text:
            money = reason(Forecast.NOTE_REPLACED, text=text, before=reading.text)
        return self.make(Action.NOTE, Effect.LABELS, (money,), note=whole)

    def _can_take_back(self) -> bool:
        """Return whether the rest of a partly filled entry can be cancelled and what is held be closed.

        The trade that closes it carries the marker of the old one, so there must be one.
        """
        live = self.live
        return live.phase is Phase.FILLING and live.flags.cancel and self._generation > 0 and not live.terms.instant

    def _require_fit(self, funds: Funds, rates: Rates | None, *, adds: bool) -> None:
        problems = () if rates is None else find_unfit_funds(funds, self.live.terms, rates, adds=adds)
        if problems:
            who = "3Commas would cut or refuse it" if are_off_grid(problems) else "the exchange would refuse it"
            raise CommandRefused(f"{who}: {describe_all(problems)}")

    def _require_readable(self, verb: str) -> None:
        """Refuse a command whose money depends on a field that cannot be read."""
        unreadable = self.live.find_unreadable(CHANGE_PARTS)
        if unreadable is not None:
            raise CommandRefused(f"cannot {verb} {self.subject}: a part of it cannot be read: {unreadable.problem}")

    def _require(self, verb: str, *, is_offered: bool, hint: str = "") -> None:
        if is_offered and self.live.phase is not Phase.ENDED:
            return
        status = self.live.status
        words = "has ended" if self.live.phase is Phase.ENDED else "does not allow that now"
        raise CommandRefused(f"cannot {verb} {self.subject}: it is {status} and {words}{hint}")

    @property
    def subject(self) -> str:
        """The name of the trade in messages."""
        return f"{self._trade} #{self.live.id}" if self._generation else f"#{self.live.id}"

    def make(
        self,
        action: Action,
        effect: Effect,
        money: tuple[Reason, ...],
        *,
        note: str | None = None,
        command: Command | None = None,
    ) -> Operation:
        """Make an operation by hand for the trade.

        Args:
            action: What is done.
            effect: What it does to money.
            money: The same in detail.
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
