"""Stage 6, DIFF: what differs between a spec and its live trade, apart from progress.

Everything is compared by plain equality once progress is undone; DeepDiff is called only to explain a difference that
is known to exist.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from reconciler.codec.body import Body, shared_body
from reconciler.diffing.progress import find_dropped, state_as_filed
from reconciler.model.field_groups import ENTRY_GROUPS, FieldGroup
from reconciler.model.live import LiveStep, LiveTrade, Rates
from reconciler.model.operations import FieldChange
from reconciler.model.terms import Terms

# Inputs that an update cannot change. Source: SmartTradesV2 page, update smart trade, parameters.
_FIXED_PATHS = frozenset({"account_id", "pair", "instant", "skip_enter_step", "position.type", "position.order_type"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The differences, by the part of the trade that an operation can change.

    Attributes:
        live: The live inputs with progress undone: what the changes start from.
        entry: Changes of account, pair, kind and position; only if the entry can still be compared.
        leverage: Changes of the leverage.
        steps: Changes of the take-profit steps.
        stop: Changes of the stop loss.
        dropped: Open live steps that the file no longer lists, if all else is equal; else empty.
    """

    live: Terms
    entry: tuple[FieldChange, ...]
    leverage: tuple[FieldChange, ...]
    steps: tuple[FieldChange, ...]
    stop: tuple[FieldChange, ...]
    dropped: tuple[LiveStep, ...]

    @property
    def all(self) -> tuple[FieldChange, ...]:
        """All changes."""
        return self.entry + self.leverage + self.steps + self.stop

    @property
    def needs_replacing(self) -> bool:
        """Return whether an update cannot do it."""
        return any(change.path in _FIXED_PATHS for change in self.entry)


def compare(live: LiveTrade, spec: Terms, rates: Rates | None = None, ignored: Collection[str] = ()) -> Difference:
    """Compare a live trade with the terms that a file states.

    Args:
        live: The trade; not ended.
        spec: What the file states.
        rates: Limits of the pair for lot and tick rounding; without them no rounding is assumed.
        ignored: Fields that the digests in the marker leave out; what differs there is reported like all else.
    """
    stated = state_as_filed(live, spec, rates, ignored)
    if stated == spec:
        return Difference(live=stated, entry=(), leverage=(), steps=(), stop=(), dropped=())
    changes = explain(stated, spec)
    steps = tuple(change for change in changes if change.group is FieldGroup.TAKE_PROFIT)
    return Difference(
        live=stated,
        entry=tuple(change for change in changes if change.group in ENTRY_GROUPS),
        leverage=tuple(change for change in changes if change.group is FieldGroup.LEVERAGE),
        steps=steps,
        stop=tuple(change for change in changes if change.group is FieldGroup.STOP_LOSS),
        dropped=find_dropped(live, spec, rates, ignored) if steps else (),
    )


def differs(live: LiveTrade, spec: Terms, rates: Rates | None = None) -> bool:
    """Return whether `compare` would find anything; quicker, since nothing is explained."""
    return state_as_filed(live, spec, rates) != spec


def explain(live: Terms, wanted: Terms) -> tuple[FieldChange, ...]:
    """Return the inputs that differ between two terms, in the order of the body."""
    from deepdiff import DeepDiff

    old, new = _leave_alike(shared_body(live), shared_body(wanted))
    # By default DeepDiff reports two groups that share few keys as one change.
    tree = DeepDiff(old, new, view="tree", zip_ordered_iterables=True, threshold_to_diff_deeper=0)
    changes: dict[str, FieldChange] = {}
    for nodes in tree.values():
        for node in nodes:
            path = _join(node.path(output_format="list"))
            was, becomes = dict(_leaves(path, _present(node.t1))), dict(_leaves(path, _present(node.t2)))
            for leaf in was | becomes:
                changes[leaf] = FieldChange(path=leaf, live=was.get(leaf), wanted=becomes.get(leaf))
    order = {path: place for place, (path, _) in enumerate(_leaves("", _overlay(old, new)))}
    return tuple(sorted(changes.values(), key=lambda change: order[change.path]))


def _leave_alike(old: Mapping[str, object], new: Mapping[str, object]) -> tuple[Body, Body]:
    """Keep only the groups that differ: usually one, and DeepDiff takes milliseconds for the steps alone."""
    keys = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
    return {key: old[key] for key in old if key in keys}, {key: new[key] for key in new if key in keys}


def _present(value: object) -> object:
    """Return the value, or None for the marker object that DeepDiff uses for a missing value."""
    return value if isinstance(value, dict | list | str | bool | int) else None


def _join(keys: list[str | int]) -> str:
    path = ""
    for key in keys:
        path += f"[{key}]" if isinstance(key, int) else f".{key}" if path else key
    return path


def _overlay(old: object, new: object) -> object:
    """Merge both bodies, so that a field that only one of them has keeps its place."""
    if isinstance(old, dict) and isinstance(new, dict):
        return {key: _overlay(old.get(key), new.get(key)) for key in dict([*old.items(), *new.items()])}
    if isinstance(old, list) and isinstance(new, list):
        return [_overlay(*pair) for pair in zip_longest(old, new)]
    return new if old is None else old


def _leaves(path: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(f"{path}.{key}" if path else str(key), inner)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _leaves(f"{path}[{place}]", inner)
    elif isinstance(value, bool):
        yield path, "true" if value else "false"
    elif value is not None:
        yield path, str(value)
