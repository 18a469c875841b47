"""Selection of live trades to import: those to write to a file, those in a file already, and those to skip."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from reconciler.importing.names import make_name
from reconciler.importing.statement import find_obstacles
from reconciler.matching.sighting import Index
from reconciler.matching.similarity import ArrangedSpecs, arrange_specs, find_specs_like, may_be
from reconciler.model.live import LiveTrade
from reconciler.model.marker import Marker, MarkerState
from reconciler.model.specs import TradeSpec
from reconciler.model.unreadable import CHANGE_PARTS, Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A live trade that is skipped.

    Attributes:
        live_id: SmartTrade id.
        reason: Why, and what to do.
    """

    live_id: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A live trade that a file names, or is to name.

    Attributes:
        live: The trade.
        name: Its name.
        generation: Its generation.
        spec: Its spec in a file, or None if no file has it.
    """

    live: LiveTrade
    name: str
    generation: int
    spec: TradeSpec | None

    @property
    def is_marked(self) -> bool:
        """Return whether it carries our marker."""
        return self.live.reading.marker is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """The decisions about some live trades.

    Attributes:
        chosen: Those that files name or are to name.
        refused: Those that are skipped.
    """

    chosen: tuple[Choice, ...]
    refused: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The facts that a choice depends on.

    Attributes:
        specs: All trades of all files, by name.
        index: The active trades.
        workspaces: Present and former names of the workspace.
        foreign: SmartTrade ids that are known not to belong to it.
        renames: Former to present name, for trades that were moved.
    """

    specs: Mapping[str, TradeSpec]
    index: Index
    workspaces: Collection[str]
    foreign: Collection[int]
    renames: Mapping[str, str] = field(default_factory=dict)

    def name_of(self, marker: Marker) -> str:
        """Return the present name of a marked trade."""
        return self.renames.get(marker.name, marker.name)


def choose(lives: Sequence[LiveTrade], around: Surroundings, *, name: str | None = None) -> Choices:
    """Decide about some live trades.

    Args:
        lives: The trades that were asked for.
        around: What the decision depends on.
        name: The name that the only one of them shall have, or None.
    """
    chosen: list[Choice] = []
    refused: list[Refusal] = []
    taken = {*around.specs, *around.index.by_name, *around.renames}
    free = _Free.of([spec for spec in around.specs.values() if spec.name not in around.index.by_name])
    for live in lives:
        unreadable = live.find_unreadable(CHANGE_PARTS | {Part.NOTE})
        reason = unreadable.problem if unreadable else next(find_obstacles(live), "")
        decision = Refusal(live_id=live.id, reason=reason) if reason else _decide(live, around, free, taken, name)
        if isinstance(decision, Refusal):
            refused.append(decision)
        else:
            taken.add(decision.name)
            chosen.append(decision)
    twice = {each for each, count in Counter(choice.name for choice in chosen).items() if count > 1}
    for choice in chosen:
        if choice.name in twice:
            reason = f"it is not the only one that may be {_locate(choice.spec, choice.name)}: name one id alone"
            refused.append(Refusal(live_id=choice.live.id, reason=reason))
    return Choices(chosen=tuple(choice for choice in chosen if choice.name not in twice), refused=tuple(refused))


@dataclass(frozen=True, slots=True)
class _Free:
    """Trades of the files that are not live under their names.

    Attributes:
        by_ending: By the last part of their names: that of a name made for a live trade is its id.
        arranged: All of them.
    """

    by_ending: Mapping[str, Sequence[TradeSpec]]
    arranged: ArrangedSpecs

    @classmethod
    def of(cls, specs: Sequence[TradeSpec]) -> _Free:
        by_ending: dict[str, list[TradeSpec]] = defaultdict(list)
        for spec in specs:
            by_ending[spec.name.rpartition("-")[2]].append(spec)
        return cls(by_ending, arrange_specs(specs))

    def find_like(self, live: LiveTrade) -> Sequence[TradeSpec]:
        """Find the specs that a live trade may belong to; a name with its id is stronger evidence than likeness."""
        own = [
            spec
            for spec in self.by_ending.get(str(live.id), ())
            if spec.name.endswith(f"-{live.id}") and may_be(live, spec.terms)
        ]
        return own or find_specs_like(live, self.arranged)


def _decide(
    live: LiveTrade, around: Surroundings, free: _Free, taken: Collection[str], name: str | None
) -> Choice | Refusal:
    reading = live.reading
    if reading.state is not MarkerState.ABSENT:
        return _decide_marked(live, around, name)
    if live.id in around.foreign:
        reason = "reconciler.yaml lists it under `foreign`: take it off that list first"
        return Refusal(live_id=live.id, reason=reason)
    if name is not None and name in around.renames:
        reason = f"the name {name} was moved to {around.renames[name]}: choose another --name"
        return Refusal(live_id=live.id, reason=reason)
    if name is not None:
        spec = around.specs.get(name)
        if name in around.index.by_name or (spec is not None and not may_be(live, spec.terms)):
            reason = (
                f"the name {name} is taken by {_locate(spec, f'#{_first_id(around, name)}')}: choose another --name"
            )
            return Refusal(live_id=live.id, reason=reason)
        return Choice(live=live, name=name, generation=spec.generation if spec else 1, spec=spec)
    alike = free.find_like(live)
    if len(alike) > 1:
        places = " and ".join(_locate(spec, spec.name) for spec in alike)
        return Refusal(live_id=live.id, reason=f"it may be {places}: say which with --name NAME")
    if alike:
        return Choice(live=live, name=alike[0].name, generation=alike[0].generation, spec=alike[0])
    return Choice(live=live, name=make_name(live.terms.pair, live.id, taken), generation=1, spec=None)


def _decide_marked(live: LiveTrade, around: Surroundings, name: str | None) -> Choice | Refusal:
    marker = live.reading.marker
    if marker is None:
        is_newer = live.reading.state is MarkerState.UNKNOWN_VERSION
        what = "was written by a newer reconciler" if is_newer else "is damaged"
        return Refusal(live_id=live.id, reason=f"the marker in its note {what}: repair the note in 3Commas")
    if marker.workspace not in around.workspaces:
        reason = f"it belongs to workspace `{marker.workspace}`, as `{marker.name}`: release it there first"
        return Refusal(live_id=live.id, reason=reason)
    present = around.name_of(marker)
    lives = around.index.by_name.get(present, ())
    if len(lives) > 1:
        ids = " and ".join(f"#{other.id}" for other in lives)
        reason = f"{ids} both carry the name {present}: end or release all but one of them in 3Commas"
        return Refusal(live_id=live.id, reason=reason)
    if name not in (None, marker.name, present):
        return Refusal(live_id=live.id, reason=f"it is marked as `{marker.name}` and keeps that name; leave --name out")
    spec = around.specs.get(present)
    if spec is not None and spec.generation != marker.generation:
        reason = f"it is generation {marker.generation}, and {_locate(spec, '')} says {spec.generation}"
        return Refusal(live_id=live.id, reason=reason)
    return Choice(live=live, name=present, generation=marker.generation, spec=spec)


def _first_id(around: Surroundings, name: str) -> int:
    return next((live.id for live in around.index.by_name.get(name, ())), 0)


def _locate(spec: TradeSpec | None, otherwise: str) -> str:
    return f"{spec.name} of {spec.origin.file}:{spec.origin.line}" if spec else otherwise
