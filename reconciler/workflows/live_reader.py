"""Read the live trades: from the lists, from the history, and by id where the journal knows better.

A list is never believed against better knowledge: a trade that the journal knows as open and that no list shows is read
by its id.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from reconciler.attention.evidence import find_watched
from reconciler.codec.live_trades import read_trade
from reconciler.errors import NotFound, UnreadableAnswer
from reconciler.live.averaging_orders import read_averaging_orders
from reconciler.live.history import NO_GENERATIONS, ActiveReading, HistoryReading, Identity, read_active, search_history
from reconciler.matching.sighting import NO_RENAMES, History, Illegible, Index, find_missing, index_active, is_over
from reconciler.model.averaging import SentOrder
from reconciler.model.journal import CreatedTrade
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.opening_reasons import OpeningReason
from reconciler.model.reasons import reason
from reconciler.model.specs import TradeSpec, map_renames
from reconciler.progress import Task
from reconciler.session import Session
from reconciler.workflows.hidden_trades import FEW_TRADES, HiddenTrades
from reconciler.workflows.reading_counts import ReadingCounts

# How long trades between two states are read again. Source: clients poll for seconds; an apply has a minute.
_PLAN_PATIENCE_S = 10.0
_APPLY_PATIENCE_S = 60.0
_SETTLE_WAIT_S = 1.0
# An emergency reads more of them: what it does not read it cannot close. At the usual pace these take some minutes.
_MOST_IN_EMERGENCY = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Reads the live trades of a workspace.

    Attributes:
        session: The workspace, where to read, and what the journal knows of created and of ended trades.
        ended: Name to the ended trade that an earlier reading found.
        gone: SmartTrade ids that an earlier reading did not find.
        counts: How many requests its readings took.
        past: Trades of the workspace, ended ones included, that searches of the history have seen, by identity.
    """

    session: Session
    ended: dict[str, LiveTrade] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    counts: ReadingCounts = field(default_factory=ReadingCounts)
    past: dict[Identity, LiveTrade] = field(default_factory=dict)

    def read(
        self,
        specs: Sequence[TradeSpec],
        renames: Mapping[str, str],
        *,
        is_whole: bool,
        is_every_state: bool = False,
        waits_for_busy: bool = False,
    ) -> tuple[Index, History]:
        """Read the active trades, and the history of specs without one.

        Args:
            specs: The specs in question.
            renames: Former to present name, of all specs of the workspace.
            is_whole: Whether trades that no file names are in question, too.
            is_every_state: Whether trades that shall not be open are searched for in the history, too.
            waits_for_busy: Whether to wait a while for trades that are between two phases.
        """
        names = {spec.name for spec in specs}
        active = self._read_settled(names, renames, waits_for_busy=waits_for_busy)
        listed = {live.id for live in active.trades}
        some = None if is_whole else {name for spec in specs for name in names_of(spec)}
        hidden = HiddenTrades(self.session, self.gone, self._find_known(some, renames, listed), listed)
        if hidden.is_few:
            hidden.read()
        index = self.index(active, renames, hidden)
        missing = find_missing(specs, index) | find_watched(specs, index)
        if is_every_state:
            missing = frozenset(spec.name for spec in specs if not index.by_name.get(spec.name))
        missing -= hidden.find_stripped()
        history = self._read_missing([spec for spec in specs if spec.name in missing], hidden)
        if not hidden.is_few:
            hidden.read(seen={live.id for live in history.newest.values()})
            index = self.index(active, renames, hidden)
        return index, hidden.add_to(history, index)

    def read_for_opening(self, generations: Mapping[str, int], renames: Mapping[str, str]) -> tuple[Index, History]:
        """Read the same for trades that are about to be opened, as late as possible.

        A history that was read to its end shows the active trades as well.

        Args:
            generations: Names of the trades to the generations that are opened.
            renames: Their former names to the present ones.
        """
        names = generations.keys()
        reading = self.search(generations, renames)
        active = reading.active if reading.reached_end and not reading.is_tied else read_active(self.session.api)
        listed = {live.id for live in active.trades}
        hidden = HiddenTrades(self.session, self.gone, self._find_known({*names, *renames}, renames, listed), listed)
        history = describe_history(reading, generations)
        hidden.read(seen={live.id for live in reading.newest.values()})
        index = self.index(active, renames, hidden)
        return index, hidden.add_to(history, index)

    def read_present(self, names: Collection[str] | None) -> tuple[Index, History]:
        """Read only the active trades, by the names in their notes, with all that the journal knows and no list shows.

        Args:
            names: Names of the trades in question; None for all.
        """
        active = read_active(self.session.api)
        listed = {live.id for live in active.trades}
        hidden = HiddenTrades(self.session, self.gone, self._find_known(names, NO_RENAMES, listed), listed)
        hidden.read(most=_MOST_IN_EMERGENCY)
        index = self.index(active, NO_RENAMES, hidden)
        return index, hidden.add_to(History(newest={}), index)

    def search(self, generations: Mapping[str, int], renames: Mapping[str, str] = NO_RENAMES) -> HistoryReading:
        """Search the history for some generations of names, and for the former names that `renames` leads to them."""
        settings, budget = self.session.settings, self.session.api.session.budget
        before = budget.sent
        with self.session.progress.show(Task.HISTORY) as advance:
            reading = search_history(
                self.session.api,
                generations.keys(),
                settings.workspaces,
                renames,
                generations=generations,
                accounts=settings.target.account_ids,
                advance=advance,
            )
        self.counts.add_search(budget.sent - before, reading)
        self.past.update(reading.newest)
        return reading

    def search_behind(
        self, generations: Mapping[str, int], renames: Mapping[str, str], excluded: Collection[int]
    ) -> HistoryReading:
        """Search the history for other trades of some names than known ones; an apply does not search so again.

        Args:
            generations: Names to the generations that are searched for.
            renames: Their former names to the present ones.
            excluded: SmartTrade ids of the known ones.
        """
        settings = self.session.settings
        with self.session.progress.show(Task.HISTORY) as advance:
            return search_history(
                self.session.api,
                generations.keys(),
                settings.workspaces,
                renames,
                generations=generations,
                accounts=settings.target.account_ids,
                excluded=excluded,
                advance=advance,
            )

    def _read_active(self) -> ActiveReading:
        budget = self.session.api.session.budget
        before = budget.sent
        with self.session.progress.show(Task.ACTIVE) as advance:
            reading = read_active(self.session.api, advance)
        self.counts.active = budget.sent - before
        return reading

    def read_known(self, live_id: int) -> LiveTrade | None:
        """Read a trade by its id; None if it does not exist."""
        try:
            return read_trade(self.session.api.get(live_id))
        except NotFound:
            return None

    def read_sent(self, live: LiveTrade) -> tuple[SentOrder, ...]:
        """Read the averaging orders of a trade; none if the list cannot be read, since it explains nothing then."""
        try:
            return read_averaging_orders(self.session.api, live)
        except (NotFound, UnreadableAnswer):
            return ()

    def _find_known(
        self, names: Collection[str] | None, renames: Mapping[str, str], listed: Collection[int]
    ) -> dict[str, CreatedTrade]:
        """Find trades that the journal knows as created, by present name.

        The embedded sandbox can be reset, and its lists never lag, so only those of its trades count that are listed.
        """
        created = self.session.journal.find_created(names)
        if self.session.settings.target.is_sandbox:
            created = {name: trade for name, trade in created.items() if trade.live_id in listed}
        found: dict[str, CreatedTrade] = {}
        for name, trade in created.items():
            present = renames.get(name, name)
            before = found.get(present)
            if before is None or (trade.generation, trade.live_id) > (before.generation, before.live_id):
                found[present] = trade
        return found

    def index(self, active: ActiveReading, renames: Mapping[str, str], hidden: HiddenTrades) -> Index:
        """Index the active trades, with those that no list shows."""
        workspaces = self.session.settings.workspaces
        unreadable = [
            Illegible(
                live_id=each.id,
                name=each.name,
                reason=reason(OpeningReason.ENTITY_UNREADABLE, problem=each.reason),
                is_unmarked=not each.carries_marker,
                account_id=each.account_id,
                pair=each.pair,
            )
            for each in active.unreadable
            if each.workspace is None or each.workspace in workspaces
        ]
        present = [live for live in active.trades if live.phase is not Phase.ENDED]
        index = index_active(
            [*present, *hidden.active.values()],
            workspaces,
            [*unreadable, *hidden.unreadable],
            renames=renames,
            accounts=self.session.settings.target.account_ids,
        )
        unlisted = frozenset(live.id for live in hidden.active.values())
        return replace(index, unlisted=unlisted, doubt=active.doubt)

    def _read_settled(
        self, names: Collection[str], renames: Mapping[str, str], *, waits_for_busy: bool
    ) -> ActiveReading:
        """Read the active trades; wait a while for those in question that are between two states.

        The stop of a position that was just entered or updated may still be `idle`. That is not a loss yet, so even a
        plan reads again. An apply waits longer, and also waits for trades between two phases.
        """
        workspaces = self.session.settings.workspaces

        def is_unsettled(live: LiveTrade) -> bool:
            marker = live.reading.marker
            if marker is None or marker.workspace not in workspaces:
                return False
            if renames.get(marker.name, marker.name) not in names:
                return False
            is_arming = live.phase is Phase.OPEN and live.stop_status == "idle"
            return is_arming or (waits_for_busy and live.phase is Phase.BUSY)

        active = self._read_active()
        ends_at = self.session.clock.monotonic() + (_APPLY_PATIENCE_S if waits_for_busy else _PLAN_PATIENCE_S)
        lives = {live.id: live for live in active.trades}
        while self.session.clock.monotonic() < ends_at:
            unsettled = [live.id for live in lives.values() if is_unsettled(live)]
            if not unsettled:
                break
            self.session.clock.sleep(_SETTLE_WAIT_S)
            lives |= self._read_again(unsettled)
        return replace(active, trades=tuple(lives.values()))

    def _read_again(self, live_ids: Sequence[int]) -> dict[int, LiveTrade]:
        """Read some active trades again: a few one by one, many from the pages of all."""
        if len(live_ids) <= FEW_TRADES:
            return {live_id: read_trade(self.session.api.get(live_id)) for live_id in live_ids}
        found = {live.id: live for live in read_active(self.session.api).trades}
        gone = [live_id for live_id in live_ids if live_id not in found]
        return found | {live_id: read_trade(self.session.api.get(live_id)) for live_id in gone}

    def _read_missing(self, specs: Sequence[TradeSpec], hidden: HiddenTrades) -> History:
        """Search the history for trades that are not active, but not for those that are known to have ended."""
        is_sandbox = self.session.settings.target.is_sandbox
        names = [name for spec in specs for name in names_of(spec) if name not in self.ended]
        known = self.ended | ({} if is_sandbox or not names else self.session.journal.find_ended(names))
        ended = {spec.name: live for spec in specs for live in _find_last(spec, known) if is_over(spec, live)}
        ended |= {spec.name: hidden.ended[spec.name] for spec in specs if spec.name in hidden.ended}
        wanted = {spec.name for spec in specs} - ended.keys()
        if not hidden.is_few:
            # With many the lists themselves are cheaper than to read each by its id.
            wanted |= hidden.names
        found = History(newest={})
        if wanted:
            asked = {spec.name: spec.generation for spec in specs if spec.name in wanted}
            generations = {name: trade.generation for name, trade in hidden.known.items() if name in wanted} | asked
            found = describe_history(self.search(generations, map_renames(specs)), generations)
        if not is_sandbox:
            self.session.journal.remember_ended([*found.newest.values(), *hidden.ended.values()])
        newest = {**found.newest, **hidden.ended}
        self.ended.update({name: live for name, live in newest.items() if live.phase is Phase.ENDED})
        return replace(found, newest={**found.newest, **ended})


def find_newest(
    session: Session,
    names: Collection[str],
    renames: Mapping[str, str] = NO_RENAMES,
    generations: Mapping[str, int] = NO_GENERATIONS,
) -> dict[str, LiveTrade]:
    """Find in the history the trade of the highest generation of each name, and of those the newest.

    Args:
        session: The workspace, its target and where to read.
        names: Names of the trades; what no trade has is left out.
        renames: Former to present name.
        generations: Name to the generation that ends the search; without one any does.
    """
    settings = session.settings
    accounts = settings.target.account_ids
    reading = search_history(
        session.api, names, settings.workspaces, renames, generations=generations, accounts=accounts
    )
    return {name: live for name, live in reading.newest_by_name().items() if name in names}


def describe_history(reading: HistoryReading, generations: Mapping[str, int]) -> History:
    """Describe what a search of the history found about some generations of names."""
    doubts = {
        name: reading.doubt_about(name, is_found=(name, generation) in reading.newest)
        for name, generation in generations.items()
    }
    return History(
        newest=reading.newest_by_name(),
        doubts={name: doubt for name, doubt in doubts.items() if doubt},
        elsewhere=reading.elsewhere,
    )


def names_of(spec: TradeSpec) -> tuple[str, ...]:
    """Return the names by which a spec may be known, the present one first."""
    return (spec.name, *spec.former_names)


def _find_last(spec: TradeSpec, known: Mapping[str, LiveTrade]) -> Sequence[LiveTrade]:
    """Find the latest of the ended trades that a spec had by any of its names; empty if none is known."""
    lives = [known[name] for name in names_of(spec) if name in known]
    return sorted(lives, key=lambda live: (live.created_at, live.id))[-1:]
