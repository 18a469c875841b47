"""Finding out by reading what became of a write whose answer was lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from reconciler.applying.command_effects import ORDER_KINDS, TRACED_KINDS, Trace, find_trace
from reconciler.applying.gateway_delay import describe_delay, is_delayed
from reconciler.applying.polling import FIRST_WAIT_S, LONGEST_WAIT_S
from reconciler.clock import Clock
from reconciler.codec.live_trades import read_trade
from reconciler.codec.note import read_note
from reconciler.diffing.averaging_orders import find_sent
from reconciler.diffing.compare import compare
from reconciler.errors import ApiError, NotFound, ReconcilerError, UnreadableAnswer
from reconciler.journal.protocol import Journal
from reconciler.live.averaging_orders import read_averaging_orders
from reconciler.live.endpoints import SmartTradeApi
from reconciler.live.history import HistoryReading, search_history
from reconciler.live.orders import read_orders
from reconciler.model.journal import SENT_ONCE, Intent, IntentState, Write, WriteKind
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.marker import Marker

# What a request that is older than this could do it has done; assumed: no gateway holds one back for longer.
_OLD_AFTER = timedelta(minutes=5)
# A trade that is on its way to its end is not told to end again. Source: SmartTradesV2 page, answers of both actions.
_ENDING_STATUSES = {
    WriteKind.CANCEL: ("cancellation_pending", "cancellation_in_progress"),
    WriteKind.CLOSE: ("panic_sell_pending", "panic_sell_in_progress"),
}


@dataclass(frozen=True, slots=True)
class Delayed:
    """A request that shows no effect and may still have it.

    Attributes:
        reason: Until when.
    """

    reason: str


# The trade with the effect, None where there was none, why it cannot be told, or that it is too early to tell.
Verdict = LiveTrade | str | Delayed | None


class Unsettled(ReconcilerError):
    """The answer to a write was lost, and reading cannot tell what became of it.

    Args:
        message: Why.
        cause: What kept it from being read or written down, or None.
        live_id: The trade that it created or changed, where that is known.
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
            The trade, with the effect; None where it is proven that there was none.

        Raises:
            Unsettled: It cannot be told.
        """
        look = self._find_newest if write.kind is WriteKind.CREATE else self._find_effect
        wait_s, ends_at = FIRST_WAIT_S, self._clock.monotonic() + self._find_left_s(since)
        try:
            while (live := look(write)) is None and self._clock.monotonic() < ends_at:
                self._clock.sleep(min(wait_s, ends_at - self._clock.monotonic()))
                wait_s = min(wait_s * 2, LONGEST_WAIT_S)
            if live is None and write.kind is WriteKind.CREATE:
                return self._find_in_history(write)
        except UnreadableAnswer as error:
            raise Unsettled(f"it cannot be read what became of it: {error.message}") from error
        except ApiError as error:
            raise Unsettled(f"it cannot be read what became of it: {error.message}", cause=error) from error
        return live

    def settle_creates(self, writes: Sequence[Write], since: datetime) -> list[LiveTrade | str | None]:
        """Like `settle` for creates of an earlier run, with one reading of the history for all.

        Returns:
            For each the trade, None where its absence is proven, or why it cannot be told.
        """
        self._clock.sleep(self._find_left_s(since))
        markers = [_wanted(write) for write in writes]
        reading = _search(self._api, markers)
        return [_judge(reading, marker) for marker in markers]

    def _find_left_s(self, since: datetime) -> float:
        """How long to wait still, in seconds; never longer than the settle time, whatever the clock did."""
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
        verdict = _judge(_search(self._api, [wanted]), wanted)
        if isinstance(verdict, str):
            raise Unsettled(verdict)
        return verdict

    def _find_effect(self, write: Write) -> LiveTrade | None:
        if write.live_id is None:
            raise AssertionError(f"{write.kind} works on a trade")
        live = read_trade(self._api.get(write.live_id))
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
        """Whether the orders of a trade show the effect of a write on one of them."""
        orders = read_averaging_orders(self._api, live)
        if write.kind is WriteKind.CANCEL_AVERAGING:
            return write.step_id not in {sent.id for sent in orders if sent.is_pending}
        # It was sent only because none like it was there.
        return write.averaging is not None and bool(find_sent(write.averaging, orders))


def settle_earlier_runs(
    journal: Journal,
    api: SmartTradeApi,
    clock: Clock,
    settle_s: float,
    tell: Callable[[str], None] = lambda _: None,
    *,
    delay_s: float = 0,
) -> dict[str, str]:
    """Settle what earlier runs sent without learning what became of it.

    Args:
        journal: What they sent; what is found out is written there.
        api: Where to read.
        clock: Where to wait.
        settle_s: How long something that was sent may take to show up, in seconds.
        tell: Told what is found out, one sentence for each write.
        delay_s: The longest time in seconds that a gateway may hold a request back: what commits money and shows no
            effect is settled only after it.

    Returns:
        Trade to the reason why nothing may be done for it.

    Raises:
        ApiError: Nothing can be read now.
    """
    found = journal.find_unresolved()
    # What a damaged one sent cannot be known by reading; nobody but the user can settle it.
    blocked = {intent.write.trade: _describe_damage(intent) for intent in found if intent.damage}
    intents = [intent for intent in found if not intent.damage]
    settler = Settler(api, clock, settle_s)
    creates = [intent for intent in intents if intent.write.kind is WriteKind.CREATE]
    if creates:
        since = max(_since(intent, clock.now()) for intent in creates)
        verdicts = settler.settle_creates([intent.write for intent in creates], since)
        for intent, verdict in zip(creates, verdicts, strict=True):
            _write_verdict(journal, intent, _hold_back(intent, verdict, clock, delay_s), blocked, tell)
    for intent in intents:
        if intent.write.kind is not WriteKind.CREATE:
            verdict = _settle_one(settler, intent, clock.now())
            _write_verdict(journal, intent, _hold_back(intent, verdict, clock, delay_s), blocked, tell)
    return blocked


def _hold_back(intent: Intent, verdict: Verdict, clock: Clock, delay_s: float) -> Verdict:
    """A verdict that says no more than can be known: what commits money may still arrive."""
    may_arrive = verdict is None and intent.write.kind in SENT_ONCE and is_delayed(intent, clock.now(), delay_s)
    return Delayed(describe_delay(intent, clock.now(), delay_s)) if may_arrive else verdict


def has_happened(write: Write, live: LiveTrade) -> bool:
    """Whether a trade shows the effect of a write.

    Args:
        write: Any write but a create and those whose traces are looked for.
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


def _settle_one(settler: Settler, intent: Intent, now: datetime) -> LiveTrade | str | None:
    try:
        return settler.settle(intent.write, _since(intent, now))
    except Unsettled as error:
        if isinstance(error.cause, NotFound):
            return f"#{intent.write.live_id} does not exist for this key and mode"
        if error.cause is not None:
            raise error.cause from error
        return error.message


def _describe_damage(intent: Intent) -> str:
    return (
        f"request {intent.id} of the journal is damaged ({intent.damage}), so it is not known what it did;"
        f" check 3Commas, then `reconciler journal resolve {intent.id} --as applied` or `--as failed`"
    )


def _write_verdict(
    journal: Journal,
    intent: Intent,
    verdict: Verdict,
    blocked: dict[str, str],
    tell: Callable[[str], None],
) -> None:
    kind = intent.write.kind.value.replace("_", " ")
    words = f"{intent.write.trade}: run {intent.run_id} sent a request ({kind}) and never learned what became of it"
    if isinstance(verdict, Delayed):
        blocked[intent.write.trade] = verdict.reason
    elif isinstance(verdict, str):
        blocked[intent.write.trade] = (
            f"run {intent.run_id} sent a {kind} whose answer was lost, and {verdict};"
            f" look in 3Commas, then `reconciler journal resolve {intent.id} --as applied` or `--as failed`"
        )
    elif verdict is None:
        journal.resolve(intent.id, IntentState.FAILED, text="settled by reading: it had no effect")
        tell(f"{words}: it had no effect")
    else:
        journal.resolve(intent.id, IntentState.APPLIED, text="settled by reading", live_id=verdict.id)
        tell(f"{words}: it had its effect (#{verdict.id} is {verdict.status})")


def _since(intent: Intent, now: datetime) -> datetime:
    """From when on the effect of an earlier run's write must not show; it may have been sent until this run began."""
    return intent.intended_at if now - intent.intended_at > _OLD_AFTER else now


def _search(api: SmartTradeApi, wanted: Sequence[Marker]) -> HistoryReading:
    generations: dict[str, int] = {}
    for marker in wanted:
        generations[marker.name] = min(marker.generation, generations.get(marker.name, marker.generation))
    return search_history(api, generations.keys(), {marker.workspace for marker in wanted}, generations=generations)


def _judge(reading: HistoryReading, wanted: Marker) -> LiveTrade | str | None:
    live = reading.newest.get((wanted.name, wanted.generation))
    if live is not None and _is_wanted(live.reading.marker, wanted):
        return live
    # All that is newer than a trade of this generation was read, and what is searched for would be newer.
    doubt = reading.doubt_about(wanted.name, is_found=live is not None)
    return f"it is not proven that it does not exist: {doubt}" if doubt else None


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
    if is_rearming and live.phase is Phase.OPEN and live.terms.stop_loss is not None and not live.is_stop_armed:
        return False
    groups = {path.partition(".")[0] for path in write.changed}
    return not any(change.path.partition(".")[0] in groups for change in compare(live, write.after).all)
