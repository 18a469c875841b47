"""Writes whose answer was lost: reading shows whether they had their effect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from reconciler.applying.command_effects import ORDER_KINDS, TRACED_KINDS, Trace, find_trace
from reconciler.applying.polling import FIRST_WAIT_S, LONGEST_WAIT_S
from reconciler.clock import Clock
from reconciler.codec.live_trades import read_trade
from reconciler.codec.note import read_note
from reconciler.diffing.averaging_orders import find_sent
from reconciler.diffing.compare import compare
from reconciler.errors import ApiError, ReconcilerError, UnreadableAnswer
from reconciler.live.averaging_orders import read_averaging_orders
from reconciler.live.endpoints import SmartTradeApi
from reconciler.live.history import HistoryReading, search_history
from reconciler.live.orders import read_orders
from reconciler.model.journal import Write, WriteKind
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.marker import Marker
from reconciler.model.outcome_codes import SettlingReason
from reconciler.model.reasons import Reason, reason
from reconciler.model.statuses import TradeStatus
from reconciler.model.unreadable import CHANGE_PARTS, Part

# A trade that is about to end is not asked to end again. Source: SmartTradesV2 page, answers of both actions.
_ENDING_STATUSES = {
    WriteKind.CANCEL: (TradeStatus.CANCELLATION_PENDING, TradeStatus.CANCELLATION_IN_PROGRESS),
    WriteKind.CANCEL_TO_CLOSE: (TradeStatus.CANCELLATION_PENDING, TradeStatus.CANCELLATION_IN_PROGRESS),
    WriteKind.CLOSE: (TradeStatus.PANIC_SELL_PENDING, TradeStatus.PANIC_SELL_IN_PROGRESS),
}
# What of a trade must be readable to see the effect; of other writes all that a plan changes.
_NEEDED_PARTS: Mapping[WriteKind, frozenset[Part]] = {
    WriteKind.CANCEL: frozenset({Part.STATUS}),
    WriteKind.CLOSE: frozenset({Part.STATUS}),
    WriteKind.SET_NOTE: frozenset({Part.NOTE}),
}


@dataclass(frozen=True, slots=True)
class HadEffect:
    """A request had its effect.

    Attributes:
        live: The trade, with the effect.
    """

    live: LiveTrade


@dataclass(frozen=True, slots=True)
class HadNone:
    """A request is proven to have had no effect."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """Reading cannot show whether a request had its effect.

    Attributes:
        why: Why not.
    """

    why: Reason


@dataclass(frozen=True, slots=True)
class Delayed:
    """A request that shows no effect and may still have it.

    Attributes:
        why: Until when.
    """

    why: Reason


Verdict = HadEffect | HadNone | Unclear | Delayed


class Unsettled(ReconcilerError):
    """The answer to a write was lost, and reading does not show what became of it.

    Args:
        message: Why.
        cause: What kept it from being read or written down, or None.
        live_id: The trade that it created or changed, if that is known.
    """

    def __init__(self, message: str, *, cause: ReconcilerError | None = None, live_id: int | None = None) -> None:
        super().__init__(message)
        self.cause = cause
        self.live_id = live_id


class Settler:
    """Reads what became of writes.

    Args:
        api: Where to read.
        clock: Where to wait.
        settle_s: How long something that was sent may take to show up, in seconds.
    """

    def __init__(self, api: SmartTradeApi, clock: Clock, settle_s: float) -> None:
        self._api = api
        self._clock = clock
        self._settle = timedelta(seconds=settle_s)

    def settle(self, write: Write, since: datetime) -> LiveTrade | None:
        """Read until the effect of a write shows, or its absence is proven.

        Args:
            write: What was sent.
            since: From when on it must not show for its absence to be proven.

        Returns:
            The trade, with the effect; None if it is proven that there was none.

        Raises:
            Unsettled: Reading does not show it.
        """
        find = self._find_newest if write.kind is WriteKind.CREATE else self._find_effect
        wait_s, ends_at = FIRST_WAIT_S, self._clock.monotonic() + self._find_left_s(since)
        try:
            while (live := find(write)) is None and self._clock.monotonic() < ends_at:
                self._clock.sleep(min(wait_s, ends_at - self._clock.monotonic()))
                wait_s = min(wait_s * 2, LONGEST_WAIT_S)
            if live is None and write.kind is WriteKind.CREATE:
                return self._find_in_history(write)
        except UnreadableAnswer as error:
            raise Unsettled(f"its result cannot be read: {error.message}") from error
        except ApiError as error:
            raise Unsettled(f"its result cannot be read: {error.message}", cause=error) from error
        return live

    def settle_creates(self, writes: Sequence[Write], since: datetime) -> list[Verdict]:
        """Settle creates of an earlier run, with one reading of the history for all."""
        self._clock.sleep(self._find_left_s(since))
        markers = [_wanted(write) for write in writes]
        reading = _search(self._api, markers)
        return [_judge(reading, marker) for marker in markers]

    def _find_left_s(self, since: datetime) -> float:
        """Return how long to wait still, in seconds; never longer than the settle time, whatever the clock did."""
        left = since + self._settle - self._clock.now()
        return min(left, self._settle).total_seconds()

    def _find_newest(self, write: Write) -> LiveTrade | None:
        wanted = _wanted(write)
        for entity in self._api.list_smart_trades(status="all", page=1, order_direction="desc"):
            if isinstance(entity, Mapping) and _is_wanted(read_note(_note_of(entity)).marker, wanted):
                return read_trade(entity)
        return None

    def _find_in_history(self, write: Write) -> LiveTrade | None:
        wanted = _wanted(write)
        reading = _search(self._api, [wanted])
        live = _find_created(reading, wanted)
        doubt = "" if live is not None else _find_doubt(reading, wanted)
        if doubt:
            raise Unsettled(f"it is not proven that it does not exist: {doubt}")
        return live

    def _find_effect(self, write: Write) -> LiveTrade | None:
        if write.live_id is None:
            raise AssertionError(f"{write.kind} works on a trade")
        live = read_trade(self._api.get(write.live_id))
        unreadable = live.find_unreadable(_NEEDED_PARTS.get(write.kind, CHANGE_PARTS))
        if unreadable is not None:
            raise Unsettled(f"its result cannot be read: {unreadable.problem}")
        if write.averaging is not None:
            return live if self._has_averaged(write, live) else None
        if write.kind in TRACED_KINDS:
            return live if self._has_trace(write, live) else None
        return live if has_happened(write, live) else None

    def _has_trace(self, write: Write, live: LiveTrade) -> bool:
        orders = read_orders(self._api, live.id) if write.kind in ORDER_KINDS else ()
        trace = find_trace(write, live, orders)
        if trace is Trace.UNCLEAR:
            raise Unsettled(f"#{live.id} shows {live.entered_units} units now, which its entry may have bought as well")
        return trace is Trace.FOUND

    def _has_averaged(self, write: Write, live: LiveTrade) -> bool:
        """Return whether the orders of a trade show the effect of a write on one of them."""
        orders = read_averaging_orders(self._api, live)
        if write.kind is WriteKind.CANCEL_AVERAGING:
            return write.step_id not in {sent.id for sent in orders if sent.is_pending}
        # It was sent only because none like it was there.
        return write.averaging is not None and bool(find_sent(write.averaging, orders))


def has_happened(write: Write, live: LiveTrade) -> bool:
    """Return whether a trade shows the effect of a write.

    Args:
        write: Any write but a create and those of `TRACED_KINDS`.
        live: The trade that it works on, just read.
    """
    match write.kind:
        case WriteKind.SET_NOTE:
            return live.note == write.note
        case WriteKind.CANCEL_STEP:
            return write.step_id not in {step.id for step in live.open_steps}
        case WriteKind.UPDATE:
            return _is_updated(write, live)
        case _:
            return live.phase is Phase.ENDED or live.status in _ENDING_STATUSES.get(write.kind, ())


def _search(api: SmartTradeApi, wanted: Sequence[Marker]) -> HistoryReading:
    generations: dict[str, int] = {}
    for marker in wanted:
        generations[marker.name] = min(marker.generation, generations.get(marker.name, marker.generation))
    return search_history(api, generations.keys(), {marker.workspace for marker in wanted}, generations=generations)


def _judge(reading: HistoryReading, wanted: Marker) -> Verdict:
    live = _find_created(reading, wanted)
    if live is not None:
        return HadEffect(live)
    doubt = _find_doubt(reading, wanted)
    return Unclear(reason(SettlingReason.UNPROVEN, doubt=doubt)) if doubt else HadNone()


def _find_created(reading: HistoryReading, wanted: Marker) -> LiveTrade | None:
    live = reading.newest.get((wanted.name, wanted.generation))
    return live if live is not None and _is_wanted(live.reading.marker, wanted) else None


def _find_doubt(reading: HistoryReading, wanted: Marker) -> str:
    # All that is newer than a trade of this generation was read, and what is searched for would be newer.
    is_found = (wanted.name, wanted.generation) in reading.newest
    return reading.doubt_about(wanted.name, is_found=is_found)


def _wanted(write: Write) -> Marker:
    marker = read_note(write.note).marker
    if marker is None:
        raise AssertionError("whatever opens a trade writes a marker")
    return marker


def _is_wanted(marker: Marker | None, wanted: Marker) -> bool:
    # A digest on its way to another is that of a trade that made way, perhaps for the very one that is wanted.
    return marker is not None and (marker.workspace, marker.name, marker.generation, marker.entry) == (
        wanted.workspace,
        wanted.name,
        wanted.generation,
        wanted.entry,
    )


def _note_of(entity: Mapping[object, object]) -> str:
    note = entity.get("note_raw") or entity.get("note")
    return note if isinstance(note, str) else ""


def _is_updated(write: Write, live: LiveTrade) -> bool:
    if write.after is None:
        return False
    is_rearming = "stop_loss.status" in write.changed
    if is_rearming and live.phase is Phase.OPEN and live.lacks_active_stop:
        return False
    groups = {path.partition(".")[0] for path in write.changed}
    return not any(change.path.partition(".")[0] in groups for change in compare(live, write.after).all)
