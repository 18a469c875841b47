"""Decide whether a trade may be opened: one function does it, for a fresh plan, a saved plan and a resumed one.

A trade is created only if it is proven that it does not exist. Every doubt becomes an obstacle with its reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from reconciler.codec.contracts import is_same_contract
from reconciler.codec.digests import entry_digest
from reconciler.matching.sighting import History, Illegible, Sighting, made_way, made_way_to_some, owned_marker
from reconciler.matching.similarity import Place, find_like, place_of
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.opening_reasons import OpeningHint, OpeningReason
from reconciler.model.reasons import Reason, reason
from reconciler.model.specs import TradeSpec
from reconciler.model.terms import Terms
from reconciler.model.unreadable import TERMS_PARTS, Part

_REPAIR_NOTE = reason(OpeningHint.REPAIR_NOTE)
_PLAN_AGAIN = reason(OpeningHint.PLAN_AGAIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A trade that a file or a plan wants open.

    Attributes:
        name: Its name.
        generation: Its generation.
        terms: Its inputs.
        file: The file that names it, or empty if that is not known.
        replaced_id: SmartTrade id of the waiting trade that is cancelled to make way for it, or None.
    """

    name: str
    generation: int
    terms: Terms
    file: str = ""
    replaced_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """Reason why a trade may not be opened.

    Attributes:
        live_id: SmartTrade id of the other trade that prevents it, or None.
        reason: Why the trade may not be opened.
        hint: What the user can do.
    """

    live_id: int | None
    reason: Reason
    hint: Reason


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
        """Index the active trades, and those that no file names, so that no search reads all of them."""
        names, orphans = frozenset(self.sighting.all_names), defaultdict[Place, list[LiveTrade]](list)
        for name, lives in self.sighting.index.by_name.items():
            for live in lives if name not in names else ():
                orphans[place_of(live.terms)].append(live)
        object.__setattr__(self, "_orphans", orphans)
        named = {live.id: name for name, lives in self.sighting.index.by_name.items() for live in lives}
        object.__setattr__(self, "_named", named)

    def find_live(self, wanted: Wanted) -> Opening:
        """Find the trade of this name and generation, or why that is not certain; other obstacles are not checked."""
        lives = self.sighting.index.by_name.get(wanted.name, ())
        if len(lives) > 1:
            named = tuple(name_live(live, wanted.name) for live in lives)
            return _stop(lives[0], reason(OpeningReason.NAME_TWICE, trades=named), reason(OpeningHint.END_OTHERS))
        newest = self.sighting.history.newest.get(wanted.name)
        if not lives and newest is not None and newest.id in self._named:
            return _stop(
                newest,
                reason(OpeningReason.OTHER_MARKER_BEFORE, live_id=newest.id, name=self._named[newest.id]),
                reason(OpeningHint.REPAIR_COPIED_MARKER, live_id=newest.id),
            )
        live = lives[0] if lives else newest
        if live is None:
            return Opening()
        if live.id == wanted.replaced_id:
            return _find_other(live, newest)
        generation = owned_marker(live).generation
        if generation > wanted.generation:
            return _stop(
                live,
                reason(OpeningReason.NEWER_GENERATION, generation=generation, wanted=wanted.generation),
                reason(OpeningHint.OLD_BRANCH, generation=generation),
            )
        if generation < wanted.generation and live.phase is not Phase.ENDED:
            return _stop(
                live,
                reason(OpeningReason.OLDER_GENERATION_LIVE, generation=generation),
                reason(OpeningHint.END_OLDER_GENERATION, generation=generation),
            )
        if generation < wanted.generation or made_way(live, wanted.terms):
            return Opening()
        return Opening(live=live)

    def judge(self, wanted: Wanted) -> Opening:
        """Decide whether a trade may be opened.

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
            self._find_vague,
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
        """Find a live trade that cannot be read and that may have one of some names, by what is left of its own."""
        found = (each for each in self.sighting.index.illegible if not each.is_unmarked)
        return next((each for each in found if each.name in names), None)

    def _find_pending(self, wanted: Wanted) -> Obstacle | None:
        problem = self.sighting.pending.get(wanted.name)
        if problem is None:
            return None
        return Obstacle(
            live_id=None,
            reason=reason(OpeningReason.UNRESOLVED_REQUEST, problem=problem),
            hint=reason(OpeningHint.APPLY_LATER),
        )

    def _find_known(self, wanted: Wanted) -> Obstacle | None:
        """Check the journal, which knows more than the lists: an applied create is done, even if no list shows it."""
        history, known = self.sighting.history, self.sighting.history.created.get(wanted.name)
        if known is None or known.live_id in self.sighting.foreign:
            return None
        if wanted.name in history.unread:
            return Obstacle(
                live_id=known.live_id,
                reason=reason(OpeningReason.KNOWN_UNLISTED, live_id=known.live_id),
                hint=reason(OpeningHint.MANY_UNLISTED),
            )
        if wanted.name in history.vanished:
            return Obstacle(
                live_id=known.live_id,
                reason=reason(OpeningReason.KNOWN_VANISHED, live_id=known.live_id),
                hint=reason(OpeningHint.LIST_IF_GONE, live_id=known.live_id),
            )
        if known.generation > wanted.generation:
            return Obstacle(
                live_id=known.live_id,
                reason=reason(OpeningReason.NEWER_GENERATION, generation=known.generation, wanted=wanted.generation),
                hint=reason(OpeningHint.OLD_BRANCH, generation=known.generation),
            )
        if known.generation < wanted.generation or known.live_id in _seen_ids(history, wanted.name):
            return None
        ended = history.unmarked.get(wanted.name)
        is_over = known.is_ended or ended is not None
        if not is_over:
            return None
        return Obstacle(
            live_id=known.live_id,
            reason=reason(OpeningReason.KNOWN_ENDED, live_id=known.live_id, status=ended.status if ended else None),
            hint=reason(OpeningHint.RAISE_GENERATION, generation=wanted.generation + 1),
        )

    def _find_doubt(self, wanted: Wanted) -> Obstacle | None:
        doubt = self.sighting.history.doubts.get(wanted.name, "") or self.sighting.index.doubt
        if not doubt:
            return None
        return Obstacle(live_id=None, reason=reason(OpeningReason.UNPROVEN, doubt=doubt), hint=_REPAIR_NOTE)

    def _find_illegible(self, wanted: Wanted) -> Obstacle | None:
        illegible = self.find_illegible({None, wanted.name}) or self._find_unmarked_illegible(wanted.terms)
        return None if illegible is None else describe_illegible(illegible)

    def _find_unmarked_illegible(self, terms: Terms) -> Illegible | None:
        found = (each for each in self.sighting.index.illegible if each.is_unmarked)
        return next((each for each in found if _may_be_there(each.account_id, each.pair, terms)), None)

    def _find_vague(self, wanted: Wanted) -> Obstacle | None:
        """Find a trade in the same place of which it cannot be read what it is, whatever its note says."""
        for live in self.sighting.index.vague:
            marker = live.reading.marker
            is_own = live.id == wanted.replaced_id or (marker is not None and self._named.get(live.id) == wanted.name)
            unreadable = live.find_unreadable(TERMS_PARTS)
            if is_own or live.id in self.sighting.foreign or unreadable is None:
                continue
            account_id = None if live.find_unreadable({Part.ACCOUNT}) else live.terms.account_id
            if _may_be_there(account_id, live.terms.pair or None, wanted.terms):
                return Obstacle(
                    live_id=live.id,
                    reason=reason(OpeningReason.VAGUE, live_id=live.id, problem=unreadable.problem),
                    hint=reason(OpeningHint.END_OR_FOREIGN, live_id=live.id),
                )
        return None

    def _find_orphan(self, wanted: Wanted) -> Obstacle | None:
        for orphan in self._orphans.get(place_of(wanted.terms), ()):
            name = owned_marker(orphan).name
            return Obstacle(
                live_id=orphan.id,
                reason=reason(OpeningReason.LIKE_ORPHAN, live_id=orphan.id, name=name),
                hint=reason(
                    OpeningHint.MOVED_OR_END, file=wanted.file or "the plan file", former=name, name=wanted.name
                ),
            )
        return None

    def _find_elsewhere(self, wanted: Wanted) -> Obstacle | None:
        """Find a trade of another workspace that may be this one.

        Without this check, a renamed workspace that does not list its former name would open all its trades again.
        """
        digest, index, history = entry_digest(wanted.terms), self.sighting.index, self.sighting.history
        ended = [
            other
            for other in history.elsewhere.get(wanted.name, ())
            if owned_marker(other).generation >= wanted.generation
        ]
        for other in (*index.elsewhere.get(wanted.name, ()), *ended):
            marker = owned_marker(other)
            if other.id not in self.sighting.foreign and digest in (marker.entry.applied, marker.entry.pending):
                has_ended = other.phase is Phase.ENDED
                code = OpeningReason.OTHER_WORKSPACE_ENDED if has_ended else OpeningReason.OTHER_WORKSPACE
                found: dict[str, str | int] = {"live_id": other.id, "workspace": marker.workspace}
                return Obstacle(
                    live_id=other.id,
                    reason=reason(code, **found),
                    hint=reason(OpeningHint.WORKSPACE_WAS_OR_FOREIGN, **found),
                )
        return None

    def _find_outside(self, wanted: Wanted) -> Obstacle | None:
        """Find a trade of this name on an account that no target names; a trade of another target is not meant."""
        accounts = self.sighting.named_accounts
        if accounts is None:
            return None
        for live in self.sighting.index.outside.get(wanted.name, ()):
            if live.terms.account_id not in accounts and live.id not in self.sighting.foreign:
                return Obstacle(
                    live_id=live.id,
                    reason=reason(OpeningReason.OUTSIDE_TARGETS, live_id=live.id, account=live.terms.account_id),
                    hint=reason(OpeningHint.NAME_ACCOUNT_OR_FOREIGN, live_id=live.id),
                )
        return None

    def _find_stripped(self, wanted: Wanted) -> Obstacle | None:
        """Find the active trade that the journal has under this name but whose marker was removed or overwritten."""
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
            reason=reason(OpeningReason.MARKER_REMOVED, live_id=known.live_id),
            hint=reason(OpeningHint.RESTORE_NOTE_OR_FOREIGN, live_id=known.live_id),
        )

    def _find_alike(self, wanted: Wanted) -> Obstacle | None:
        live = find_like(wanted.terms, self.sighting.index.unmarked, self.sighting.foreign)
        if live is None:
            return None
        return Obstacle(
            live_id=live.id,
            reason=reason(OpeningReason.UNMARKED_ALIKE, live_id=live.id),
            hint=reason(OpeningHint.ADOPT_OR_FOREIGN, live_id=live.id),
        )


def describe_illegible(illegible: Illegible) -> Obstacle:
    """Make the obstacle of a live trade that cannot be read and may be the one that is wanted."""
    code = OpeningReason.ILLEGIBLE_TRADE if illegible.live_id else OpeningReason.ILLEGIBLE
    found = reason(code, live_id=illegible.live_id, problem=illegible.reason)
    is_unreadable = illegible.reason.code is OpeningReason.ENTITY_UNREADABLE
    return Obstacle(live_id=None, reason=found, hint=_PLAN_AGAIN if is_unreadable else _REPAIR_NOTE)


def _may_be_there(account_id: int | None, pair: str | None, terms: Terms) -> bool:
    """Return whether a trade may be on the account and pair of some terms; None may be any."""
    return account_id in (None, terms.account_id) and (pair is None or is_same_contract(pair, terms.pair))


def want(spec: TradeSpec, *, replaced_id: int | None = None) -> Wanted:
    """Describe the trade that a file asks to open.

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


def name_live(live: LiveTrade, name: str) -> Reason:
    """Name a live trade by its id, and by the name in its marker if that is another one."""
    marked = owned_marker(live).name
    return reason(OpeningReason.LIVE_NAME, live_id=live.id, name=None if marked == name else marked)


def _find_other(live: LiveTrade, other: LiveTrade | None) -> Opening:
    """Find another trade of the same name: then a marker was pasted into this one, and it must not be replaced."""
    generation = owned_marker(live).generation
    if other is None or other.id == live.id or owned_marker(other).generation < generation:
        return Opening()
    if other.id > live.id:
        return _stop(
            other,
            reason(OpeningReason.OPENED_LATER, live_id=other.id, status=other.status, older_id=live.id),
            reason(OpeningHint.REPAIR_COPIED_MARKER, live_id=live.id),
        )
    if owned_marker(other).generation == generation and made_way_to_some(other):
        return Opening()
    return _stop(
        other,
        reason(OpeningReason.OPENED_EARLIER, live_id=other.id, status=other.status, later_id=live.id),
        reason(OpeningHint.REPAIR_COPIED_OR_RAISE, live_id=live.id, generation=owned_marker(other).generation + 1),
    )


def _stop(live: LiveTrade, found: Reason, hint: Reason) -> Opening:
    return Opening(obstacle=Obstacle(live_id=live.id, reason=found, hint=hint))
