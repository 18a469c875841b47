"""Money at risk of trades that were edited outside the files: as they were applied, and as they are live."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from reconciler.drifting.baseline import find_baseline
from reconciler.drifting.edits import STOP_PATH
from reconciler.drifting.survey import Survey
from reconciler.model.drift import Finding, Topic
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.operations import Action, Cause, Effect, FieldChange, Operation
from reconciler.model.risk import OperationRisk
from reconciler.model.terms import Terms
from reconciler.risk.changes import change_state
from reconciler.risk.levels import make_levels
from reconciler.risk.live_risk import measure_state
from reconciler.risk.plan_risk import Seen
from reconciler.risk.trade_risk import Rules

# What a finding without an input is about.
_PATHS = {Topic.STOP_GONE: STOP_PATH, Topic.STOP_NOT_ARMED: STOP_PATH}
_NOTE = "note"


def measure_edits(
    survey: Survey, findings: Iterable[Finding], seen: Seen, rules: Mapping[int, Rules]
) -> dict[str, OperationRisk]:
    """Measure what edits have done to the money at risk of their trades, by name.

    Args:
        survey: The live trades.
        findings: All findings about them.
        seen: Averaging orders and prices.
        rules: Account id to its fee and margin.
    """
    paths: dict[tuple[str, int], list[str]] = defaultdict(list)
    for finding in findings:
        path = finding.path or _PATHS.get(finding.topic, "")
        if finding.counts and finding.live_id is not None and path and path != _NOTE:
            paths[finding.trade, finding.live_id].append(path)
    specs = {spec.name: spec for spec in survey.specs}
    lives = _list_lives(survey)
    found: dict[str, OperationRisk] = {}
    for (name, live_id), edited in paths.items():
        live = lives.get(live_id)
        if live is None or live.phase is Phase.ENDED or name in found:
            continue
        baseline = find_baseline(live, specs.get(name), survey.applied.get(name))
        if baseline is not None:
            found[name] = _measure(name, live, baseline.terms, edited, seen, rules)
    return found


def _list_lives(survey: Survey) -> dict[int, LiveTrade]:
    index = survey.index
    groups = (*index.by_name.values(), index.unmarked.lives, index.damaged, survey.history.newest.values())
    return {live.id: live for group in groups for live in group}


def _measure(
    name: str, live: LiveTrade, applied: Terms, edited: Iterable[str], seen: Seen, rules: Mapping[int, Rules]
) -> OperationRisk:
    """Measure a trade as it is, and as it would be with the applied values of what was edited."""
    now = seen.state_of(name, live)
    restored = change_state(now, _restore(name, applied.on(live.terms.market), edited))
    before = None if restored is None else measure_state(restored, rules)
    after = measure_state(now, rules)
    return OperationRisk(
        trade=name,
        before=before.risk if before else None,
        after=after.risk,
        levels=make_levels(before, after, live.prices),
    )


def _restore(name: str, applied: Terms, edited: Iterable[str]) -> Operation:
    """Make the operation that puts the applied values back; it is never sent."""
    return Operation(
        action=Action.UPDATE,
        trade=name,
        generation=1,
        cause=Cause.DRIFT,
        effect=Effect.REPRICES,
        money=(),
        after=applied,
        changes=tuple(FieldChange(path=path, live=None, wanted=None) for path in edited),
    )
