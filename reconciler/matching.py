"""Stage 5, MATCH: which live trade belongs to which spec.

What is not proven absent is not created: every doubt about a spec that has no live trade becomes a block with its
reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from reconciler.likeness import Place, Unmarked, arrange_unmarked, find_like, place_of
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.marker import Marker, MarkerState, entry_digest
from reconciler.model.plan import Blocked
from reconciler.model.specs import DesiredState, TradeSpec

NO_RENAMES: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Illegible:
    """A live entity or note that may be ours and cannot be read.

    Attributes:
        live_id: SmartTrade id, or None where even that is illegible.
        name: Name of the trade where it can still be seen, else None.
        reason: What is wrong with it.
    """

    live_id: int | None
    name: str | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """Active live trades, arranged for look-up.

    Attributes:
        by_name: Trades of this workspace.
        unmarked: Trades without a marker.
        elsewhere: Trades of other workspaces, by name.
        illegible: What may be ours and cannot be read.
        damaged: Those of them whose marker alone cannot be read.
    """

    by_name: Mapping[str, Sequence[LiveTrade]]
    unmarked: Unmarked
    elsewhere: Mapping[str, Sequence[LiveTrade]]
    illegible: Sequence[Illegible]
    damaged: Sequence[LiveTrade] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What the search for trades without an active counterpart found.

    Attributes:
        newest: Name to the newest live trade with that name, ended or not.
        doubts: Name to the reason why it is not proven that no other trade than the newest has it.
        elsewhere: Name to ended trades of other workspaces with that name that were seen on the way.
        opened: Name to the id under which the journal last knew it live.
    """

    newest: Mapping[str, LiveTrade]
    doubts: Mapping[str, str] = field(default_factory=dict)
    elsewhere: Mapping[str, Sequence[LiveTrade]] = field(default_factory=dict)
    opened: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A spec and what the API has for it.

    Attributes:
        spec: What the file wants.
        live: The trade of this name and generation, ended or not; None when absence is proven or irrelevant.
    """

    spec: TradeSpec
    live: LiveTrade | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """The result of matching.

    Attributes:
        matches: Every spec that is not blocked.
        blocked: Specs that must be left alone.
        orphans: Active trades of this workspace that no file names.
    """

    matches: tuple[Match, ...]
    blocked: tuple[Blocked, ...]
    orphans: tuple[LiveTrade, ...]


def index_active(
    active: Iterable[LiveTrade],
    workspaces: Collection[str],
    unreadable: Iterable[Illegible] = (),
    *,
    renames: Mapping[str, str] = NO_RENAMES,
) -> Index:
    """Arrange the active live trades for look-up, in one pass.

    Args:
        active: What the API lists as active.
        workspaces: The present and the former names of the workspace.
        unreadable: Entities that carry a marker and cannot be read.
        renames: Former to present name, for trades that were moved: they are filed under the present one.
    """
    by_name: dict[str, list[LiveTrade]] = defaultdict(list)
    unmarked: list[LiveTrade] = []
    elsewhere: dict[str, list[LiveTrade]] = defaultdict(list)
    illegible = [replace(each, name=renames.get(each.name or "", each.name)) for each in unreadable]
    damaged: list[LiveTrade] = []
    for live in active:
        reading = live.reading
        if reading.state is MarkerState.ABSENT:
            unmarked.append(live)
        elif reading.marker is None:
            if reading.damaged_workspace is None or reading.damaged_workspace in workspaces:
                illegible.append(_describe_illegible(live, renames))
                damaged.append(live)
        elif reading.marker.workspace in workspaces:
            by_name[renames.get(reading.marker.name, reading.marker.name)].append(live)
        else:
            elsewhere[reading.marker.name].append(live)
    return Index(
        by_name=by_name,
        unmarked=arrange_unmarked(unmarked),
        elsewhere=elsewhere,
        illegible=illegible,
        damaged=damaged,
    )


def find_missing(specs: Iterable[TradeSpec], index: Index) -> frozenset[str]:
    """The names whose absence would lead to a create, so that the history must be searched for them."""
    return frozenset(
        spec.name for spec in specs if spec.state is DesiredState.OPEN and not index.by_name.get(spec.name)
    )


def match(
    specs: Sequence[TradeSpec],
    *,
    all_names: Collection[str],
    index: Index,
    history: History,
    foreign: Collection[int],
) -> Matching:
    """Match specs with live trades.

    Args:
        specs: The specs to plan.
        all_names: Names in all files of the workspace, planned or not.
        index: The active trades.
        history: What was found for `find_missing(specs, index)`.
        foreign: SmartTrade ids that are known not to belong to this workspace.
    """
    names = frozenset(all_names)
    orphans = [live for name, lives in index.by_name.items() if name not in names for live in lives]
    orphans_by_place: dict[Place, list[LiveTrade]] = defaultdict(list)
    for orphan in orphans:
        orphans_by_place[place_of(orphan.terms)].append(orphan)

    matches: list[Match] = []
    blocked: list[Blocked] = []
    for spec in specs:
        found = _find_live(spec, index, history)
        if isinstance(found, Blocked):
            blocked.append(found)
            continue
        obstacle = None
        if found is None and spec.state is DesiredState.OPEN:
            obstacle = _find_obstacle(spec, index, history, orphans_by_place, foreign)
        elif found is None:
            obstacle = _find_illegible(spec, index, names={spec.name})
        if obstacle is not None:
            blocked.append(obstacle)
        else:
            matches.append(Match(spec=spec, live=found))
    return Matching(matches=tuple(matches), blocked=tuple(blocked), orphans=tuple(orphans))


def is_over(spec: TradeSpec, ended: LiveTrade) -> bool:
    """Whether a trade that has ended settles its spec, so that nothing can be opened for it.

    Args:
        spec: What the file wants.
        ended: The latest ended trade that is known of this name.
    """
    return owned_marker(ended).generation >= spec.generation and not was_replaced(ended, spec)


def owned_marker(live: LiveTrade) -> Marker:
    """The marker of a live trade that was matched by it.

    Raises:
        ValueError: It has none.
    """
    if live.reading.marker is None:
        raise ValueError(f"#{live.id} carries no valid marker")
    return live.reading.marker


def _find_live(spec: TradeSpec, index: Index, history: History) -> LiveTrade | Blocked | None:
    lives = index.by_name.get(spec.name, ())
    if len(lives) > 1:
        ids = " and ".join(_name_live(live, spec.name) for live in lives)
        return _block(
            spec,
            lives[0],
            f"{ids} both carry this name",
            "end or release all but one of them in 3Commas, then plan again",
        )
    live = lives[0] if lives else history.newest.get(spec.name)
    if live is None:
        return None
    generation = owned_marker(live).generation
    if generation > spec.generation:
        return _block(
            spec,
            live,
            f"generation {generation} was opened already and the file says {spec.generation}",
            f"is this an old branch? Set `generation: {generation}`",
        )
    if generation < spec.generation:
        if live.phase is Phase.ENDED:
            return None
        return _block(
            spec,
            live,
            f"generation {generation} is still live",
            f"end it first: set `generation: {generation}` with `state: closed` or `state: abandoned` and apply",
        )
    if was_replaced(live, spec):
        return None
    return live


def _name_live(live: LiveTrade, name: str) -> str:
    """A live trade by its id, and by the name that it still has where that is another one."""
    marked = owned_marker(live).name
    return f"#{live.id}" if marked == name else f"#{live.id} (still named {marked})"


def was_replaced(live: LiveTrade, spec: TradeSpec) -> bool:
    """Whether the trade was cancelled, unfilled, to make way for just this spec."""
    pending = owned_marker(live).entry.pending
    return (live.status == "cancelled" and live.was_never_filled and pending is not None) and pending == entry_digest(
        spec.terms
    )


def _find_obstacle(
    spec: TradeSpec,
    index: Index,
    history: History,
    orphans: Mapping[Place, Sequence[LiveTrade]],
    foreign: Collection[int],
) -> Blocked | None:
    if spec.name in history.doubts:
        reason = f"it is not proven that it does not exist yet: {history.doubts[spec.name]}"
        return _block(spec, None, reason, "repair or empty the note of that trade in 3Commas, then plan again")
    illegible = _find_illegible(spec, index, names={None, spec.name})
    if illegible is not None:
        return illegible
    for orphan in orphans.get(place_of(spec.terms), ()):
        return _block(
            spec,
            orphan,
            f"#{orphan.id} of this workspace, `{owned_marker(orphan).name}`, is in no file and has the same account,"
            " pair and side",
            f"if it was renamed, write into {spec.origin.file} beside `trades:`"
            f" `moved: [{{from: {owned_marker(orphan).name}, to: {spec.name}}}]`;"
            " if not, end the old trade first, then plan again",
        )
    elsewhere = _find_elsewhere(spec, index, history, foreign)
    if elsewhere is not None:
        return elsewhere
    stripped = _find_stripped(spec, index, history, foreign)
    if stripped is not None:
        return stripped
    unmarked = find_like(spec.terms, index.unmarked, foreign)
    if unmarked is not None:
        return _block(
            spec,
            unmarked,
            f"#{unmarked.id} carries no marker and has the same entry",
            f"if it is this trade: `reconciler import {unmarked.id} --adopt`;"
            f" if it is not, list it in reconciler.yaml: `foreign: [{unmarked.id}]`",
        )
    return None


def _find_elsewhere(spec: TradeSpec, index: Index, history: History, foreign: Collection[int]) -> Blocked | None:
    """A trade of another workspace that may be this one: a workspace that lost its former name would open all again."""
    wanted = entry_digest(spec.terms)
    ended = [
        other for other in history.elsewhere.get(spec.name, ()) if owned_marker(other).generation >= spec.generation
    ]
    for other in (*index.elsewhere.get(spec.name, ()), *ended):
        marker = owned_marker(other)
        if other.id not in foreign and wanted in (marker.entry.applied, marker.entry.pending):
            has_ended = " and has ended" if other.phase is Phase.ENDED else ""
            return _block(
                spec,
                other,
                f"#{other.id} of workspace `{marker.workspace}` has this name and this entry{has_ended}",
                f"if the workspace was renamed, say so in reconciler.yaml: `workspace_was: [{marker.workspace}]`;"
                f" if it is another trade, list it there: `foreign: [{other.id}]`",
            )
    return None


def _find_stripped(spec: TradeSpec, index: Index, history: History, foreign: Collection[int]) -> Blocked | None:
    """The trade that the journal knows under this name, live, but with its marker taken off or overwritten by hand."""
    live_id = history.opened.get(spec.name)
    if live_id is None or live_id in foreign:
        return None
    # A note that was copied from another trade makes two of that one.
    copies = (lives for lives in index.by_name.values() if len(lives) > 1)
    for live in (live for lives in (index.unmarked.lives, *copies) for live in lives):
        if live.id == live_id:
            return _block(
                spec,
                live,
                f"#{live_id} was opened for it, and somebody took its marker off",
                "give it back the note that `reconciler journal export` has; or, if it shall be left to you,"
                f" list it in reconciler.yaml: `foreign: [{live_id}]`",
            )
    return None


def _find_illegible(spec: TradeSpec, index: Index, *, names: Collection[str | None]) -> Blocked | None:
    """A live trade that cannot be read and, by what is left of its name, may be this one."""
    for illegible in index.illegible:
        if illegible.name in names:
            where = f"#{illegible.live_id}" if illegible.live_id else "a live trade"
            reason = f"{where} may be this trade: {illegible.reason}"
            return _block(spec, None, reason, "repair or empty its note in 3Commas, then plan again")
    return None


def _describe_illegible(live: LiveTrade, renames: Mapping[str, str]) -> Illegible:
    is_newer = live.reading.state is MarkerState.UNKNOWN_VERSION
    reason = "its marker was written by a newer reconciler" if is_newer else "the marker in its note is damaged"
    name = live.reading.damaged_name
    return Illegible(live_id=live.id, name=renames.get(name or "", name), reason=reason)


def _block(spec: TradeSpec, live: LiveTrade | None, reason: str, hint: str) -> Blocked:
    return Blocked(trade=spec.name, live_id=live.id if live else None, reason=reason, hint=hint)
