"""Reading live trades: what is active now, and whether a trade was ever opened.

A list proves something only if it was read to an empty page and its order is certain. Source: SmartTradesV2 page,
list: pages without total; assumed: a server may give shorter pages than asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from reconciler.codec.live_trades import carries_marker, has_ended_status, read_trade
from reconciler.codec.note import read_note
from reconciler.errors import UnreadableAnswer
from reconciler.live.accounts import read_accounts
from reconciler.live.endpoints import LARGEST_PAGE, SmartTradeApi
from reconciler.live.paging import Pages, created_of, id_of
from reconciler.model.live import Account, LiveTrade, Phase
from reconciler.model.marker import MarkerState, NoteReading
from reconciler.model.unreadable import Part
from reconciler.progress import Advance, advance_nothing

# Name and generation of a trade in its workspace.
Identity = tuple[str, int]
# Page sizes that are tried one after the other if equal instants on both sides of a page border make the order
# uncertain: with another size the borders are elsewhere.
_PAGE_SIZES = (LARGEST_PAGE, LARGEST_PAGE - 3, LARGEST_PAGE - 11)
TIE_DOUBT = "trades of one instant are on both sides of a page border, so that one may be missing from the list"
NO_RENAMES: Mapping[str, str] = {}
NO_GENERATIONS: Mapping[str, int] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """An entity that cannot be understood, or whose marker cannot.

    Attributes:
        id: SmartTrade id, or None if not even that is legible.
        reason: What is wrong.
        carries_marker: Whether it has, or may have, a marker of this tool.
        workspace: The workspace of its marker, if legible.
        name: The trade's name in its marker, if legible.
        account_id: Its account, if legible.
        pair: Its pair, if legible.
    """

    id: int | None
    reason: str
    carries_marker: bool
    workspace: str | None = None
    name: str | None = None
    account_id: int | None = None
    pair: str | None = None

    def may_be(self, name: str, workspaces: Collection[str]) -> bool:
        """Return whether it may be the named trade of one of the workspaces; what is not legible may be any."""
        return (
            self.carries_marker
            and (self.workspace is None or self.workspace in workspaces)
            and (self.name is None or self.name == name)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveReading:
    """All trades that have not ended, as far as they were seen: it proves presence, not absence.

    Attributes:
        trades: Trades of this tool and others, oldest first.
        unreadable: Those that cannot be understood.
        doubt: Why one may be missing, or empty.
    """

    trades: tuple[LiveTrade, ...]
    unreadable: tuple[Unreadable, ...]
    doubt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveState:
    """The live trades and accounts that a plan starts from.

    Attributes:
        accounts: All accounts of the key in the session's mode.
        active: Trades that have not ended, of this tool and others, oldest first.
        unreadable: Active trades that cannot be understood.
    """

    accounts: tuple[Account, ...]
    active: tuple[LiveTrade, ...]
    unreadable: tuple[Unreadable, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryReading:
    """The part of the history that is about our trades, back to where all wanted names were found or to its beginning.

    Attributes:
        newest: The newest trade of each identity that was seen, wanted or not, ended or not.
        unreadable: Entities that may have a marker and cannot be understood, damaged markers included.
        reached_end: Whether an empty page came.
        workspaces: Present and former names of the workspace.
        elsewhere: Name to ended trades of other workspaces with that name; wanted names only.
        active: All active trades that were seen, of any workspace, with or without a marker.
        is_tied: Whether an entry may be missing, since equal instants make the order uncertain.
    """

    newest: Mapping[Identity, LiveTrade]
    unreadable: tuple[Unreadable, ...]
    reached_end: bool
    workspaces: frozenset[str]
    elsewhere: Mapping[str, Sequence[LiveTrade]]
    active: ActiveReading = ActiveReading(trades=(), unreadable=())
    is_tied: bool = False

    def newest_by_name(self) -> dict[str, LiveTrade]:
        """Find the trade of the highest generation of each name; if there are several, the newest.

        Instants do not decide between generations: the marker of an earlier one may be pasted into a newer trade.
        """
        return {name: trade for (name, _), trade in sorted(self.newest.items(), key=lambda found: found[0])}

    def doubt_about(self, name: str, *, is_found: bool = False) -> str:
        """Return why there may be a newer trade of a name than was seen; empty if it is proven that there is none.

        Args:
            name: A trade's name.
            is_found: Whether a trade of the wanted generation was seen: newest first, so only what is illegible may be
                newer.
        """
        if not self.reached_end and not is_found:
            return "the history was not read to its end"
        if self.is_tied:
            return TIE_DOUBT
        doubts = (entry.reason for entry in self.unreadable if entry.may_be(name, self.workspaces))
        return next(doubts, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Filed:
    """The trades that a search has seen so far, moved ones under their present names."""

    workspaces: frozenset[str]
    accounts: Collection[int] | None
    renames: Mapping[str, str] = field(default_factory=dict)
    excluded: Collection[int] = ()
    newest: dict[Identity, LiveTrade] = field(default_factory=dict)
    unreadable: list[Unreadable] = field(default_factory=list)
    elsewhere: dict[str, list[LiveTrade]] = field(default_factory=lambda: defaultdict(list))
    active: list[LiveTrade] = field(default_factory=list)
    unreadable_active: list[Unreadable] = field(default_factory=list)

    def add(self, entity: object) -> None:
        """Add one entity; an ended one with a readable note and no marker is not of this workspace."""
        is_marked, has_ended = carries_marker(entity), has_ended_status(entity)
        if has_ended and not is_marked:
            return
        reading = _read_entity(entity)
        if not has_ended:
            self._add_active(reading)
        if is_marked:
            self._add_marked(reading)

    def _add_active(self, reading: LiveTrade | Unreadable) -> None:
        if isinstance(reading, Unreadable):
            self.unreadable_active.append(reading)
        else:
            self.active.append(reading)

    def _add_marked(self, reading: LiveTrade | Unreadable) -> None:
        if isinstance(reading, Unreadable):
            self.unreadable.append(self._rename(reading))
            return
        is_elsewhere = self.accounts is not None and reading.terms.account_id not in self.accounts
        if is_elsewhere and reading.find_unreadable({Part.ACCOUNT}) is None:
            return
        note = reading.reading
        if note.state in (MarkerState.DAMAGED, MarkerState.UNKNOWN_VERSION):
            reason = f"SmartTrade {reading.id} carries a marker that is damaged or of a newer version"
            self.unreadable.append(self._rename(_describe(reading.id, reason, note, is_marked=True)))
        elif note.marker is not None and note.marker.workspace in self.workspaces:
            identity = (self.renames.get(note.marker.name, note.marker.name), note.marker.generation)
            if reading.id in self.excluded:
                return
            self.newest[identity] = max(self.newest.get(identity, reading), reading, key=_created)
        elif note.marker is not None and reading.phase is Phase.ENDED:
            self.elsewhere[note.marker.name].append(reading)

    def _rename(self, unreadable: Unreadable) -> Unreadable:
        return replace(unreadable, name=self.renames.get(unreadable.name or "", unreadable.name))


def read_live_state(api: SmartTradeApi) -> LiveState:
    """Read accounts and active trades.

    Raises:
        UnreadableAnswer: A page is not a list, a list does not end, or an account cannot be read.
        ApiError: A request failed.
    """
    accounts, reading = read_accounts(api), read_active(api)
    return LiveState(accounts=accounts, active=reading.trades, unreadable=reading.unreadable)


def read_active(api: SmartTradeApi, advance: Advance = advance_nothing) -> ActiveReading:
    """Read all trades that have not ended.

    Args:
        api: Where to read.
        advance: Gets the number of trades of each page.

    Raises:
        UnreadableAnswer: A page is not a list, or the list does not end.
        ApiError: A request failed.
    """
    reading = ActiveReading(trades=(), unreadable=())
    for per_page in _PAGE_SIZES:
        reading = _read_active_once(api, per_page, advance)
        if not reading.doubt:
            break
    return reading


def _read_active_once(api: SmartTradeApi, per_page: int, advance: Advance) -> ActiveReading:
    trades: list[LiveTrade] = []
    unreadable: list[Unreadable] = []
    pages = Pages(lambda page: api.list_smart_trades(status="active", page=page, per_page=per_page), created_of)
    for entity in _flatten(pages, advance):
        reading = _read_entity(entity)
        if isinstance(reading, Unreadable):
            unreadable.append(reading)
        else:
            trades.append(reading)
    doubt = TIE_DOUBT if pages.is_tied else ""
    return ActiveReading(trades=tuple(trades), unreadable=tuple(unreadable), doubt=doubt)


def _flatten(pages: Iterable[Sequence[object]], advance: Advance) -> Iterator[object]:
    for page in pages:
        advance(len(page))
        yield from page


def search_history(
    api: SmartTradeApi,
    wanted: Collection[str],
    workspaces: Collection[str],
    renames: Mapping[str, str] = NO_RENAMES,
    generations: Mapping[str, int] = NO_GENERATIONS,
    accounts: Collection[int] | None = None,
    excluded: Collection[int] = (),
    advance: Advance = advance_nothing,
) -> HistoryReading:
    """Search the whole history for trades of this workspace, ended ones included, newest first.

    Args:
        api: Where to read.
        wanted: Names; reading ends when all are found. What is found on the way is returned too.
        workspaces: Present and former names of the workspace.
        renames: Former to present name, for trades that were moved: they are filed under the present one.
        generations: Name to the generation that is searched for: others do not end the search, since their markers may
            be pasted into newer trades. Without one every generation ends it.
        accounts: Ids of the accounts that count; None for all of the key.
        excluded: SmartTrade ids of trades that are not searched for, whatever their markers say: others of the same
            name are found behind them.
        advance: Gets the number of trades of each page.

    Raises:
        UnreadableAnswer: A page is not a list, or the list does not end.
        ApiError: A request failed.
    """
    search = _Search(api, frozenset(wanted), generations, advance)

    def run(per_page: int) -> HistoryReading:
        filed = _Filed(workspaces=frozenset(workspaces), accounts=accounts, renames=renames, excluded=excluded)
        return search.run(filed, per_page)

    reading = run(LARGEST_PAGE)
    for per_page in _PAGE_SIZES[1:]:
        if not reading.is_tied:
            break
        reading = run(per_page)
    return reading


@dataclass(frozen=True, slots=True)
class _Search:
    """Reads the history until all names that are searched for were found."""

    api: SmartTradeApi
    wanted: frozenset[str]
    generations: Mapping[str, int]
    advance: Advance

    def run(self, filed: _Filed, per_page: int) -> HistoryReading:
        """Read the history once, with pages of some size."""
        pages = Pages(
            lambda page: self.api.list_smart_trades(status="all", page=page, per_page=per_page, order_direction="desc"),
            created_of,
        )
        if self.wanted:
            self._read(pages, filed)
        return HistoryReading(
            newest=filed.newest,
            unreadable=tuple(filed.unreadable),
            reached_end=pages.reached_end,
            workspaces=filed.workspaces,
            elsewhere={name: filed.elsewhere[name] for name in self.wanted if name in filed.elsewhere},
            active=ActiveReading(trades=tuple(filed.active), unreadable=tuple(filed.unreadable_active)),
            is_tied=pages.is_tied,
        )

    def _read(self, pages: Pages, filed: _Filed) -> None:
        missing = set(self.wanted)
        for page in pages:
            self.advance(len(page))
            for entity in page:
                filed.add(entity)
            missing -= {
                name for name, generation in filed.newest if generation == self.generations.get(name, generation)
            }
            if not missing:
                return


def _read_entity(entity: object) -> LiveTrade | Unreadable:
    if not isinstance(entity, Mapping):
        return Unreadable(id=None, reason="an entry of the list is not an object", carries_marker=True)
    try:
        return read_trade(entity)
    except UnreadableAnswer as error:
        found = _describe(id_of(entity), error.message, _read_note(entity), is_marked=carries_marker(entity))
        account, pair = entity.get("account"), entity.get("pair")
        account_id = id_of(account) if isinstance(account, Mapping) else None
        return replace(found, account_id=account_id, pair=pair if isinstance(pair, str) else None)


def _describe(entity_id: int | None, reason: str, reading: NoteReading, *, is_marked: bool) -> Unreadable:
    marker = reading.marker
    return Unreadable(
        id=entity_id,
        reason=reason,
        carries_marker=is_marked,
        workspace=marker.workspace if marker else reading.damaged_workspace,
        name=marker.name if marker else reading.damaged_name,
    )


def _read_note(entity: Mapping[str, object]) -> NoteReading:
    notes = (entity.get("note_raw"), entity.get("note"))
    return read_note(*(note for note in notes if isinstance(note, str)))


def _created(trade: LiveTrade) -> tuple[datetime, int]:
    return (trade.created_at, trade.id)
