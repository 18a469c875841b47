"""Trades that the journal knows as open and that no list shows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from reconciler.codec.live_trades import read_trade
from reconciler.errors import NotFound, UnreadableAnswer
from reconciler.matching.sighting import History, Illegible, Index
from reconciler.model.journal import CreatedTrade
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.opening_reasons import OpeningReason
from reconciler.model.reasons import reason
from reconciler.session import Session

# More trades than this are read again by the page, and no more than this are read by id if lists do not show them.
FEW_TRADES = 10


@dataclass(slots=True)
class HiddenTrades:
    """Trades that the journal knows as open and that no list shows; they are read by id.

    Attributes:
        session: The workspace, and where to read.
        gone: SmartTrade ids that do not exist; what is found out is added.
        known: Name to the trade that the journal knows as created.
        listed: SmartTrade ids that a list shows.
        active: Name to the trade that is active.
        ended: Name to the trade that has ended.
        unmarked: Name to the trade that has ended and has no marker of this workspace.
        unreadable: Trades that cannot be read.
        vanished: Names of trades that do not exist.
        unread: Names of trades that were not read, because there are too many.
    """

    session: Session
    gone: set[int]
    known: Mapping[str, CreatedTrade]
    listed: Collection[int]
    active: dict[str, LiveTrade] = field(default_factory=dict)
    ended: dict[str, LiveTrade] = field(default_factory=dict)
    unmarked: dict[str, LiveTrade] = field(default_factory=dict)
    unreadable: list[Illegible] = field(default_factory=list)
    vanished: set[str] = field(default_factory=set)
    unread: set[str] = field(default_factory=set)

    @property
    def is_few(self) -> bool:
        """Return whether they are few enough to be read one by one before the history is searched."""
        return len(self._find()) <= FEW_TRADES

    def read(self, seen: Collection[int] = (), *, most: int = FEW_TRADES) -> None:
        """Read those that the history does not show either; of very many the rest counts as not there.

        Args:
            seen: SmartTrade ids that the history shows.
            most: How many are read at most.
        """
        names = [name for name, trade in self._find().items() if trade.live_id not in seen]
        gone = {name for name in names if self.known[name].live_id in self.gone}
        unread = [name for name in names if name not in gone]
        for name in unread[:most]:
            self._read_one(name, self.known[name].live_id)
        self.vanished |= gone
        self.unread |= set(unread[most:])

    @property
    def names(self) -> frozenset[str]:
        """Their names."""
        return frozenset(self._find())

    def find_stripped(self) -> frozenset[str]:
        """Find names whose trade is active under its id, so that the history need not be searched for it."""
        active = {*self.listed, *(live.id for live in self.active.values())}
        return frozenset(name for name, trade in self.known.items() if not trade.is_ended and trade.live_id in active)

    def add_to(self, history: History, index: Index) -> History:
        """Add what was found to the history; trades that reconciler.yaml lists as foreign are left out."""
        ended = {name: live for name, live in self.ended.items() if name not in index.by_name}
        newest = {**history.newest, **{name: live for name, live in ended.items() if name not in history.newest}}
        foreign = self.session.settings.foreign
        vanished, unread = (
            frozenset(name for name in names if self.known[name].live_id not in foreign)
            for names in (self.vanished, self.unread)
        )
        return replace(
            history, newest=newest, created=self.known, vanished=vanished, unread=unread, unmarked=self.unmarked
        )

    def _find(self) -> dict[str, CreatedTrade]:
        return {
            name: trade for name, trade in self.known.items() if not trade.is_ended and trade.live_id not in self.listed
        }

    def _read_one(self, name: str, live_id: int) -> None:
        try:
            live = read_trade(self.session.api.get(live_id))
        except NotFound:
            self.vanished.add(name)
            self.gone.add(live_id)
        except UnreadableAnswer as error:
            problem = reason(OpeningReason.ENTITY_UNREADABLE, problem=error.message)
            self.unreadable.append(Illegible(live_id=live_id, name=name, reason=problem))
        else:
            marker = live.reading.marker
            is_ours = marker is not None and marker.workspace in self.session.settings.workspaces
            place = self.active if live.phase is not Phase.ENDED else self.ended if is_ours else self.unmarked
            place[name] = live
