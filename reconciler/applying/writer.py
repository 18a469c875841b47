"""The writer: each write is in the journal before it is sent, and a lost answer is settled by reading."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol

from reconciler.applying.lost_answers import Settler, Unsettled
from reconciler.clock import Clock
from reconciler.codec.live_trades import read_trade
from reconciler.errors import AnswerLost, JournalError, ReconcilerError, UnreadableAnswer
from reconciler.journal.protocol import Journal
from reconciler.live.endpoints import Entity, SmartTradeApi
from reconciler.model.journal import SENT_ONCE, Intent, IntentState, Write
from reconciler.model.live import LiveTrade
from reconciler.model.outcome_codes import SettlingReason
from reconciler.model.reasons import Reason, reason

# How often one write is sent at most, each time but the first after it is proven that the one before had no effect.
MOST_TRIES = 2


class Gate(Protocol):
    """Decides whether a write may be sent."""

    def check(self, write: Write) -> None:
        """Raise an error if a write must not be sent."""
        ...


class HadNoEffect(Exception):
    """The answer to a write was lost, and reading proved that it had no effect."""


class Writer:
    """Sends writes, each of them written down first.

    Args:
        api: Where requests go.
        clock: Where waiting happens.
        journal: Where each write is written down before it is sent.
        settle_s: How long something that was sent may take to show up, in seconds.
        gate: Is asked right before each write; by default nothing is held back.
    """

    def __init__(
        self, api: SmartTradeApi, clock: Clock, journal: Journal, settle_s: float, gate: Gate | None = None
    ) -> None:
        self.sent = 0
        self._gate = gate
        self._clock = clock
        self._journal = journal
        self._settler = Settler(api, clock, settle_s)
        self._intent_id: int | None = None
        self._api = api

    def send(self, write: Write, request: Callable[[SmartTradeApi], Entity]) -> LiveTrade | None:
        """Send a write.

        Args:
            write: What it does.
            request: Sends it by the API that it is given, which writes it down right before.

        Returns:
            The trade as the answer, or the reading that settled it, shows it; None if the answer was empty.

        Raises:
            HadNoEffect: Its answer was lost, it does not commit money, and reading shows that it had no effect.
            Unsettled: Its answer was lost, and nobody knows whether it had, or will have, an effect.
            Locked: This run no longer holds the lock; nothing was sent.
            Frozen: A freeze holds it back; nothing was sent.
            JournalError: It could not be written down; nothing was sent.
            ApiError: It was refused, or never sent.
        """
        self._intent_id = None
        try:
            entity = request(self._api.announcing(partial(self._intend, write)))
            live = _read_answer(entity)
        except AnswerLost as error:
            return self._settle(write, error)
        except JournalError:
            raise
        except ReconcilerError as error:
            self._resolve(IntentState.FAILED, reason(SettlingReason.REFUSED, message=error.message))
            raise
        self._resolve(IntentState.APPLIED, live=live, answer=entity, live_id=write.live_id)
        return live

    def find_writes(self, live_id: int) -> tuple[Intent, ...]:
        """Find all writes on a trade that the journal knows, oldest first."""
        return self._journal.find_writes(live_id)

    def _intend(self, write: Write, method: str, path: str, body: Mapping[str, object] | None) -> None:
        """Write an intent down right before its request is sent; what this raises keeps it from being sent."""
        if self._gate is not None:
            self._gate.check(write)
        self._intent_id = self._journal.intend(write, method, path, body)
        self._journal.check_lock()
        self.sent += 1

    def _settle(self, write: Write, error: AnswerLost) -> LiveTrade:
        try:
            live = self._settler.settle(write, self._clock.now())
        except Unsettled as unsettled:
            raise Unsettled(f"{error.message}, and {unsettled.message}", cause=unsettled.cause) from error
        if live is None and write.kind in SENT_ONCE:
            raise Unsettled(
                f"{error.message}; reading shows no effect yet; it is not sent again in this run, as it may still"
                " arrive. Apply again later"
            ) from error
        if live is None:
            self._resolve(IntentState.FAILED, reason(SettlingReason.LOST_NO_EFFECT, message=error.message))
            raise HadNoEffect(error.message) from error
        self._resolve(IntentState.APPLIED, reason(SettlingReason.LOST_SETTLED, message=error.message), live=live)
        return live

    def _resolve(
        self,
        state: IntentState,
        why: Reason | None = None,
        *,
        live: LiveTrade | None = None,
        live_id: int | None = None,
        answer: Entity | None = None,
    ) -> None:
        if self._intent_id is None:
            return
        live_id = live.id if live else live_id
        try:
            self._journal.resolve(self._intent_id, state, why=why, live_id=live_id, answer=answer)
        except JournalError as error:
            # The next run finds the intent and settles it by reading.
            raise Unsettled(
                f"it was done (#{live_id}), but could not be written down: {error.message}"
                if state is IntentState.APPLIED and live_id
                else f"its result could not be written to the journal: {error.message}",
                cause=error,
                live_id=live_id,
            ) from error


def _read_answer(entity: Entity) -> LiveTrade | None:
    if not entity:
        return None
    try:
        return read_trade(entity)
    except UnreadableAnswer as error:
        raise AnswerLost(f"it was done, but the answer cannot be read: {error.message}") from error
