"""Live trades as seen: the active ones, the history, and the records of the journal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from reconciler.codec.digests import entry_digest
from reconciler.matching.similarity import Unmarked, arrange_unmarked
from reconciler.model.journal import CreatedTrade
from reconciler.model.live import LiveTrade
from reconciler.model.marker import Marker, MarkerState
from reconciler.model.opening_reasons import OpeningReason
from reconciler.model.reasons import Reason, reason
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.model.statuses import TradeStatus
from reconciler.model.terms import Terms
from reconciler.model.unreadable import IDENTITY_PARTS, TERMS_PARTS, Part

NO_RENAMES: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Illegible:
    """A live entity or note that may belong to this workspace and cannot be read.

    Attributes:
        live_id: SmartTrade id, or None if even that is illegible.
        name: Name of the trade if it can still be read, else None.
        reason: What is wrong with it.
        is_unmarked: Whether its note can be read and has no marker: it concerns only creates in the same place.
        account_id: Its account, or None if that is illegible.
        pair: Its pair, or None if that is illegible.
    """

    live_id: int | None
    name: str | None
    reason: Reason
    is_unmarked: bool = False
    account_id: int | None = None
    pair: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """Active live trades, indexed.

    Attributes:
        by_name: Trades of this workspace.
        unmarked: Trades without a marker.
        elsewhere: Trades of other workspaces, by name.
        illegible: Trades that may belong to this workspace and cannot be read.
        damaged: Those of them whose marker alone cannot be read.
        damaged_elsewhere: Trades with what is left of a marker of another workspace.
        outside: Trades of this workspace on accounts that the target does not name, by name; nothing is done to them.
        unlisted: SmartTrade ids of active trades that the journal knows, that were read by id, and that no list shows.
        doubt: Why an active trade may be missing from it, or empty.
        vague: Trades of any owner of which it cannot be read what they are.
    """

    by_name: Mapping[str, Sequence[LiveTrade]]
    unmarked: Unmarked
    elsewhere: Mapping[str, Sequence[LiveTrade]]
    illegible: Sequence[Illegible]
    damaged: Sequence[LiveTrade] = ()
    damaged_elsewhere: Sequence[LiveTrade] = ()
    outside: Mapping[str, Sequence[LiveTrade]] = field(default_factory=dict)
    unlisted: frozenset[int] = frozenset()
    doubt: str = ""
    vague: Sequence[LiveTrade] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Result of the search for trades without an active counterpart.

    Attributes:
        newest: Name to the newest live trade with that name, ended or not.
        doubts: Name to the reason why it is not proven that no other trade than the newest has it.
        elsewhere: Name to ended trades of other workspaces with that name that were seen on the way.
        created: Name to the trade that the journal knows as created, the latest generation of each.
        vanished: Names of those of them that are open by the journal and that the API shows neither by list nor by id.
        unread: Names of those that no list shows and that were not read by id, since there are many of them.
        unmarked: Name to the ended trade that the journal knows under its id, and whose marker is gone.
    """

    newest: Mapping[str, LiveTrade]
    doubts: Mapping[str, str] = field(default_factory=dict)
    elsewhere: Mapping[str, Sequence[LiveTrade]] = field(default_factory=dict)
    created: Mapping[str, CreatedTrade] = field(default_factory=dict)
    vanished: Collection[str] = ()
    unread: Collection[str] = ()
    unmarked: Mapping[str, LiveTrade] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """All that decides whether a trade may be opened.

    Attributes:
        index: The active trades.
        history: What was found of trades that are not active.
        foreign: SmartTrade ids that are known not to belong to this workspace.
        all_names: Names in all files of the workspace.
        named_accounts: Ids of the accounts that any target of the workspace names, of this mode and host.
        pending: Name to the reason why a request of an earlier run may still open it.
    """

    index: Index
    history: History
    foreign: Collection[int] = ()
    all_names: Collection[str] = ()
    named_accounts: Collection[int] | None = None
    pending: Mapping[str, str] = field(default_factory=dict)


def index_active(
    active: Iterable[LiveTrade],
    workspaces: Collection[str],
    unreadable: Iterable[Illegible] = (),
    *,
    renames: Mapping[str, str] = NO_RENAMES,
    accounts: Collection[int] | None = None,
) -> Index:
    """Index the active live trades, in one pass.

    Args:
        active: What the API lists as active.
        workspaces: The present and the former names of the workspace.
        unreadable: Entities that carry a marker and cannot be read.
        renames: Former to present name, for trades that were moved: they are filed under the present one.
        accounts: Ids of the accounts that the target names; None if all of the key count.
    """
    lives = tuple(active)
    outside: dict[str, list[LiveTrade]] = defaultdict(list)
    by_name: dict[str, list[LiveTrade]] = defaultdict(list)
    unmarked: list[LiveTrade] = []
    elsewhere: dict[str, list[LiveTrade]] = defaultdict(list)
    illegible = [replace(each, name=renames.get(each.name or "", each.name)) for each in unreadable]
    damaged: list[LiveTrade] = []
    damaged_elsewhere: list[LiveTrade] = []
    for live in lives:
        reading = live.reading
        if _is_outside(live, accounts):
            if reading.marker is not None and reading.marker.workspace in workspaces:
                outside[renames.get(reading.marker.name, reading.marker.name)].append(live)
        elif reading.state is MarkerState.ABSENT:
            unmarked.append(live)
        elif reading.marker is None:
            if reading.damaged_workspace is None or reading.damaged_workspace in workspaces:
                illegible.append(_describe_illegible(live, renames))
                damaged.append(live)
            else:
                damaged_elsewhere.append(live)
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
        damaged_elsewhere=damaged_elsewhere,
        outside=outside,
        vague=[live for live in lives if _is_vague(live) and not _is_outside(live, accounts)],
    )


def _is_outside(live: LiveTrade, accounts: Collection[int] | None) -> bool:
    """Return whether a trade is on an account that does not count; one that cannot be read may be any."""
    is_elsewhere = accounts is not None and live.terms.account_id not in accounts
    return is_elsewhere and live.find_unreadable({Part.ACCOUNT}) is None


def _is_vague(live: LiveTrade) -> bool:
    """Return whether it cannot be read what a trade is; a valid marker says that as far as account and entry agree."""
    return live.find_unreadable(IDENTITY_PARTS if live.reading.marker is not None else TERMS_PARTS) is not None


def find_missing(specs: Iterable[TradeSpec], index: Index) -> frozenset[str]:
    """Find the names whose absence would lead to a create, so that the history must be searched for them."""
    return frozenset(
        spec.name for spec in specs if spec.state is DesiredState.OPEN and not index.by_name.get(spec.name)
    )


def is_over(spec: TradeSpec, ended: LiveTrade) -> bool:
    """Return whether an ended trade completes its spec, so that no new trade may be opened for it.

    Args:
        spec: What the file wants.
        ended: The latest ended trade that is known of this name.
    """
    return owned_marker(ended).generation >= spec.generation and not was_replaced(ended, spec)


def owned_marker(live: LiveTrade) -> Marker:
    """Return the marker of a live trade that was matched by it.

    Raises:
        ValueError: It has none.
    """
    if live.reading.marker is None:
        raise ValueError(f"#{live.id} carries no valid marker")
    return live.reading.marker


def made_way(live: LiveTrade, terms: Terms) -> bool:
    """Return whether a trade was cancelled, unfilled, to be replaced by one with exactly these terms."""
    return made_way_to_some(live) and owned_marker(live).entry.pending == entry_digest(terms)


def made_way_to_some(live: LiveTrade) -> bool:
    """Return whether a trade was cancelled, unfilled, to be replaced by another one, whose terms may have changed."""
    is_announced = owned_marker(live).entry.pending is not None
    return live.status == TradeStatus.CANCELLED and live.was_never_filled and is_announced


def was_replaced(live: LiveTrade, spec: TradeSpec) -> bool:
    """Return whether a trade was cancelled, unfilled, to be replaced by one for exactly this spec."""
    return made_way(live, spec.terms)


def _describe_illegible(live: LiveTrade, renames: Mapping[str, str]) -> Illegible:
    is_newer = live.reading.state is MarkerState.UNKNOWN_VERSION
    code = OpeningReason.MARKER_NEWER if is_newer else OpeningReason.MARKER_DAMAGED
    name = live.reading.damaged_name
    unreadable = live.find_unreadable({Part.NOTE})
    if unreadable is not None:
        found = reason(OpeningReason.ENTITY_UNREADABLE, problem=f"#{live.id}: {unreadable.problem}")
        return Illegible(live_id=live.id, name=None, reason=found)
    return Illegible(live_id=live.id, name=renames.get(name or "", name), reason=reason(code))
