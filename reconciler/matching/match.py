"""Stage 5, MATCH: which live trade belongs to which spec."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from reconciler.matching.opening import Judge, Obstacle, describe_illegible, want
from reconciler.matching.sighting import Sighting
from reconciler.model.live import LiveTrade
from reconciler.model.opening_reasons import OpeningHint, OpeningReason
from reconciler.model.plan import Blocked
from reconciler.model.reasons import reason
from reconciler.model.specs import DesiredState, TradeSpec


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
        blocked: Specs that must not be applied.
        orphans: Active trades of this workspace that no file names.
    """

    matches: tuple[Match, ...]
    blocked: tuple[Blocked, ...]
    orphans: tuple[LiveTrade, ...]


def match(specs: Sequence[TradeSpec], sighting: Sighting, *, accounts: Collection[int] | None = None) -> Matching:
    """Match specs with live trades.

    Args:
        specs: The specs to plan.
        sighting: What was seen; its history holds what was found for `find_missing(specs, index)`.
        accounts: Ids of the accounts that the target names; None if all of the key count.
    """
    names, judge = frozenset(sighting.all_names), Judge(sighting)
    orphans = [live for name, lives in sighting.index.by_name.items() if name not in names for live in lives]
    matches: list[Match] = []
    blocked: list[Blocked] = []
    for spec in specs:
        if accounts is not None and spec.terms.account_id not in accounts:
            blocked.append(_block_outside(spec))
            continue
        found = _judge(spec, judge)
        if isinstance(found, Obstacle):
            blocked.append(_block(spec, found))
        else:
            matches.append(Match(spec=spec, live=found))
    return Matching(matches=tuple(matches), blocked=tuple(blocked), orphans=tuple(orphans))


def _judge(spec: TradeSpec, judge: Judge) -> LiveTrade | Obstacle | None:
    """Find the live trade of a spec: the trade, None if there is none, or the reason for doubt."""
    if spec.state is DesiredState.OPEN:
        verdict = judge.judge(want(spec))
        return verdict.obstacle or verdict.live
    verdict = judge.find_live(want(spec))
    if verdict.obstacle is not None or verdict.live is not None:
        return verdict.obstacle or verdict.live
    illegible = judge.find_illegible({spec.name})
    return None if illegible is None else describe_illegible(illegible)


def _block_outside(spec: TradeSpec) -> Blocked:
    account = spec.terms.account_id
    return Blocked(
        trade=spec.name,
        live_id=None,
        reason=reason(OpeningReason.ACCOUNT_OUTSIDE, account=account),
        hint=reason(OpeningHint.NAME_ACCOUNT, account=account),
    )


def _block(spec: TradeSpec, obstacle: Obstacle) -> Blocked:
    return Blocked(trade=spec.name, live_id=obstacle.live_id, reason=obstacle.reason, hint=obstacle.hint)
