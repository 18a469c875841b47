"""Whether a trade may be opened: one function decides it, for a fresh plan, a saved plan and a resumed one.

What is not proven absent is not created: every doubt about a trade that nothing shows becomes an obstacle with its
reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from reconciler.codec.digests import entry_digest
from reconciler.matching.sighting import History, Illegible, Sighting, made_way, owned_marker
from reconciler.matching.similarity import Place, find_like, place_of
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.specs import TradeSpec
from reconciler.model.terms import Terms

_REPAIR_HINT = "repair the note of that trade in 3Commas, then plan again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A trade that a file or a plan wants open.

    Attributes:
        name: Its name.
        generation: Its generation.
        terms: Its inputs.
        file: The file that names it, or empty where that is not known.
        replaced_id: SmartTrade id of the waiting trade that is cancelled to make way for it, or None.
    """

    name: str
    generation: int
    terms: Terms
    file: str = ""
    replaced_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """Why a trade may not be opened.

    Attributes:
        live_id: SmartTrade id of the trade that is in the way, or None.
        reason: What is in the way.
        hint: What the user can do.
    """

    live_id: int | None
    reason: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """The verdict: neither a trade nor an obstacle means that it may be opened.

    Attributes:
        live: The trade of this name and generation, active or ended; what it wants is done already.
        obstacle: Why it may not be opened.
    """

    live: LiveTrade | None = None
    obstacle: Obstacle | None = None


@dataclass(frozen=True, slots=True)
class Judge:
    """Decides for many trades by one sighting.

    Attributes:
        sighting: What was seen.
    """

    sighting: Sighting
    _orphans: Mapping[Place, Sequence[LiveTrade]] = field(init=False, repr=False, compare=False)
    _named: Mapping[int, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Arrange the active trades, and those that no file names, so that no look-up goes through all of them."""
        names, orphans = frozenset(self.sighting.all_names), defaultdict[Place, list[LiveTrade]](list)
        for name, lives in self.sighting.index.by_name.items():
            for live in lives if name not in names else ():
                orphans[place_of(live.terms)].append(live)
        object.__setattr__(self, "_orphans", orphans)
        named = {live.id: name for name, lives in self.sighting.index.by_name.items() for live in lives}
        object.__setattr__(self, "_named", named)

    def find_live(self, wanted: Wanted) -> Opening:
        """The trade of this name and generation, or why none can be told; says nothing about other obstacles."""
        lives = self.sighting.index.by_name.get(wanted.name, ())
        if len(lives) > 1:
            ids = " and ".join(_name_live(live, wanted.name) for live in lives)
            return _stop(
                lives[0],
                f"{ids} both carry this name",
                "end or release all but one of them in 3Commas, then plan again",
            )
        newest = self.sighting.history.newest.get(wanted.name)
        if not lives and newest is not None and newest.id in self._named:
            return _stop(
                newest,
                f"#{newest.id} was read with the marker of {self._named[newest.id]}, and a moment later with this one",
                "if somebody copied a marker into it, repair its note in 3Commas, then plan again",
            )
        live = lives[0] if lives else newest
        if live is None:
            return Opening()
        if live.id == wanted.replaced_id:
            return _find_later(live, newest)
        generation = owned_marker(live).generation
        if generation > wanted.generation:
            return _stop(
                live,
                f"generation {generation} was opened already and the file says {wanted.generation}",
                f"is this an old branch? Set `generation: {generation}`",
            )
        if generation < wanted.generation and live.phase is not Phase.ENDED:
            return _stop(
                live,
                f"generation {generation} is still live",
                f"end it first: set `generation: {generation}` with `state: closed` or `state: abandoned` and apply",
            )
        if generation < wanted.generation or made_way(live, wanted.terms):
            return Opening()
        return Opening(live=live)

    def judge(self, wanted: Wanted) -> Opening:
        """Whether a trade may be opened.

        Args:
            wanted: The trade.
        """
        found = self.find_live(wanted)
        if found.live is not None or found.obstacle is not None:
            return found
        for find in (
            self._find_pending,
            self._find_known,
            self._find_doubt,
            self._find_illegible,
            self._find_orphan,
            self._find_elsewhere,
            self._find_outside,
            self._find_stripped,
            self._find_alike,
        ):
            obstacle = find(wanted)
            if obstacle is not None:
                return Opening(obstacle=obstacle)
        return Opening()

    def find_illegible(self, names: Collection[str | None]) -> Illegible | None:
        """A live trade that cannot be read and, by what is left of its name, may be one of some names."""
        return next((each for each in self.sighting.index.illegible if each.name in names), None)

    def _find_pending(self, wanted: Wanted) -> Obstacle | None:
        reason = self.sighting.pending.get(wanted.name)
        return None if reason is None else Obstacle(live_id=None, reason=reason, hint="apply again later")

    def _find_known(self, wanted: Wanted) -> Obstacle | None:
        """What the journal knows better than the lists: a create that was applied is done, whatever they show."""
        history, known = self.sighting.history, self.sighting.history.created.get(wanted.name)
        if known is None or known.live_id in self.sighting.foreign:
            return None
        if wanted.name in history.unread:
            return Obstacle(
                live_id=known.live_id,
                reason=f"the journal knows #{known.live_id} as opened for it, and no list shows that trade",
                hint="many trades are missing from the lists, so not all of them were read by id; plan again later",
            )
        if wanted.name in history.vanished:
            return Obstacle(
                live_id=known.live_id,
                reason=f"the journal knows #{known.live_id} as opened for it, and 3Commas does not show that trade",
                hint="check it in 3Commas; if it does not exist any more, list it in reconciler.yaml:"
                f" `foreign: [{known.live_id}]`",
            )
        if known.generation > wanted.generation:
            return Obstacle(
                live_id=known.live_id,
                reason=f"generation {known.generation} was opened already and the file says {wanted.generation}",
                hint=f"is this an old branch? Set `generation: {known.generation}`",
            )
        if known.generation < wanted.generation or known.live_id in _seen_ids(history, wanted.name):
            return None
        ended = history.unmarked.get(wanted.name)
        is_over = known.is_ended or ended is not None
        if not is_over:
            return None
        return Obstacle(
            live_id=known.live_id,
            reason=f"#{known.live_id} was opened for it and has ended{f' ({ended.status})' if ended else ''}",
            hint=f"to open it again raise generation to {wanted.generation + 1}",
        )

    def _find_doubt(self, wanted: Wanted) -> Obstacle | None:
        doubt = self.sighting.history.doubts.get(wanted.name, "") or self.sighting.index.doubt
        if not doubt:
            return None
        return Obstacle(live_id=None, reason=f"it is not proven that it does not exist yet: {doubt}", hint=_REPAIR_HINT)

    def _find_illegible(self, wanted: Wanted) -> Obstacle | None:
        illegible = self.find_illegible({None, wanted.name})
        return None if illegible is None else describe_illegible(illegible)

    def _find_orphan(self, wanted: Wanted) -> Obstacle | None:
        for orphan in self._orphans.get(place_of(wanted.terms), ()):
            name = owned_marker(orphan).name
            return Obstacle(
                live_id=orphan.id,
                reason=f"#{orphan.id} of this workspace, `{name}`, is in no file and has the same account, pair and"
                " side",
                hint=f"if it was renamed, write into {wanted.file or 'the plan file'} beside `trades:`"
                f" `moved: [{{from: {name}, to: {wanted.name}}}]`; if not, end the old trade first, then plan again",
            )
        return None

    def _find_elsewhere(self, wanted: Wanted) -> Obstacle | None:
        """A trade of another workspace that may be this one: else one that lost its former name would open all."""
        digest, index, history = entry_digest(wanted.terms), self.sighting.index, self.sighting.history
        ended = [
            other
            for other in history.elsewhere.get(wanted.name, ())
            if owned_marker(other).generation >= wanted.generation
        ]
        for other in (*index.elsewhere.get(wanted.name, ()), *ended):
            marker = owned_marker(other)
            if other.id not in self.sighting.foreign and digest in (marker.entry.applied, marker.entry.pending):
                has_ended = " and has ended" if other.phase is Phase.ENDED else ""
                return Obstacle(
                    live_id=other.id,
                    reason=f"#{other.id} of workspace `{marker.workspace}` has this name and this entry{has_ended}",
                    hint="if the workspace was renamed, say so in reconciler.yaml:"
                    f" `workspace_was: [{marker.workspace}]`;"
                    f" if it is another trade, list it there: `foreign: [{other.id}]`",
                )
        return None

    def _find_outside(self, wanted: Wanted) -> Obstacle | None:
        """A trade of this name on an account that no target names any more; that of another target is another trade."""
        accounts = self.sighting.named_accounts
        if accounts is None:
            return None
        for live in self.sighting.index.outside.get(wanted.name, ()):
            if live.terms.account_id not in accounts and live.id not in self.sighting.foreign:
                return Obstacle(
                    live_id=live.id,
                    reason=f"#{live.id} of this name is live on account {live.terms.account_id}, which no target names",
                    hint="name the account in a target to manage it there; or end it; or, if it is left to you, list it"
                    f" in reconciler.yaml: `foreign: [{live.id}]`",
                )
        return None

    def _find_stripped(self, wanted: Wanted) -> Obstacle | None:
        """The trade that the journal knows under this name, active, but with its marker taken off or overwritten."""
        known = self.sighting.history.created.get(wanted.name)
        if known is None or known.is_ended or known.live_id in {*self.sighting.foreign, wanted.replaced_id}:
            return None
        index = self.sighting.index
        # A note that was copied from another trade hides its own.
        others = (
            *(index.unmarked.lives, index.damaged, index.damaged_elsewhere),
            *(*index.by_name.values(), *index.elsewhere.values()),
        )
        if not any(live.id == known.live_id for lives in others for live in lives):
            return None
        return Obstacle(
            live_id=known.live_id,
            reason=f"#{known.live_id} was opened for it, and somebody took its marker off",
            hint="write the note back that `reconciler journal export` has; or, if it is to be left to you,"
            f" list it in reconciler.yaml: `foreign: [{known.live_id}]`",
        )

    def _find_alike(self, wanted: Wanted) -> Obstacle | None:
        live = find_like(wanted.terms, self.sighting.index.unmarked, self.sighting.foreign)
        if live is None:
            return None
        return Obstacle(
            live_id=live.id,
            reason=f"#{live.id} carries no marker and has the same entry",
            hint=f"if it is this trade: `reconciler import {live.id} --adopt`;"
            f" if it is not, list it in reconciler.yaml: `foreign: [{live.id}]`",
        )


def describe_illegible(illegible: Illegible) -> Obstacle:
    """A live trade that cannot be read and may be the one that is wanted."""
    where = f"#{illegible.live_id}" if illegible.live_id else "a live trade"
    return Obstacle(live_id=None, reason=f"{where} may be this trade: {illegible.reason}", hint=_REPAIR_HINT)


def want(spec: TradeSpec, *, replaced_id: int | None = None) -> Wanted:
    """What a file wants open.

    Args:
        spec: What the file says.
        replaced_id: SmartTrade id of the trade that is cancelled to make way for it, or None.
    """
    return Wanted(
        name=spec.name,
        generation=spec.generation,
        terms=spec.terms,
        file=spec.origin.file,
        replaced_id=replaced_id,
    )


def _seen_ids(history: History, name: str) -> set[int]:
    newest = history.newest.get(name)
    return set() if newest is None else {newest.id}


def _name_live(live: LiveTrade, name: str) -> str:
    """A live trade by its id, and by the name that it still has where that is another one."""
    marked = owned_marker(live).name
    return f"#{live.id}" if marked == name else f"#{live.id} (still named {marked})"


def _find_later(live: LiveTrade, newest: LiveTrade | None) -> Opening:
    """A trade is only replaced if it is the last one of its name: else a marker was pasted into an older trade."""
    if newest is None or newest.id <= live.id or owned_marker(newest).generation < owned_marker(live).generation:
        return Opening()
    return _stop(
        newest,
        f"#{newest.id} ({newest.status}) carries this name too and was opened after #{live.id}",
        f"if somebody copied the marker into #{live.id}, repair its note in 3Commas, then plan again",
    )


def _stop(live: LiveTrade, reason: str, hint: str) -> Opening:
    return Opening(obstacle=Obstacle(live_id=live.id, reason=reason, hint=hint))
