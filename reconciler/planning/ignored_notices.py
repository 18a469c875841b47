"""Notices of differences that `lifecycle.ignore_changes` leaves unchanged."""

from __future__ import annotations

from reconciler.diffing.compare import compare
from reconciler.model.live import LiveTrade, Phase, Rates
from reconciler.model.operations import FieldChange
from reconciler.model.plan import Notice, NoticeKind
from reconciler.model.plan_reasons import NoticeReason
from reconciler.model.reasons import Reason, reason
from reconciler.model.specs import TradeSpec
from reconciler.planning.decisions import notice

# A notice is one line: more differences than this are only counted, longer texts are cut.
_MOST_SHOWN = 3
_LONGEST_SHOWN = 40
_SWITCH = ".enabled"
_ON_OFF = {"true": "on", "false": "off", None: "off"}


def notice_ignored(spec: TradeSpec, effective: TradeSpec, live: LiveTrade, rates: Rates | None) -> tuple[Notice, ...]:
    """Say what is different and left so.

    Args:
        spec: What the file wants.
        effective: The same with the live values of ignored fields.
        live: The trade as it is.
        rates: Limits of the pair, for rounding.
    """
    if effective == spec:
        return ()
    skipped = _find_skipped(spec, effective, live, rates)
    found: list[Notice] = []
    if live.phase is Phase.OPEN and spec.terms.stop_loss is not None and effective.terms.stop_loss is None:
        found.append(notice(NoticeKind.LOSS, spec.name, live, reason(NoticeReason.NO_STOP_IGNORED)))
    if skipped:
        found.append(notice(NoticeKind.IGNORED, spec.name, live, _describe(skipped)))
    return tuple(found)


def _find_skipped(spec: TradeSpec, effective: TradeSpec, live: LiveTrade, rates: Rates | None) -> list[FieldChange]:
    ignored = spec.lifecycle.ignored
    left = set(compare(live, effective.terms, rates, ignored).all)
    skipped = [change for change in compare(live, spec.terms, rates, ignored).all if change not in left]
    if effective.note != spec.note:
        skipped.append(FieldChange(path="note", live=effective.note or None, wanted=spec.note or None))
    return skipped


def _describe(skipped: list[FieldChange]) -> Reason:
    shown = [
        reason(
            NoticeReason.IGNORED_FIELD,
            field=change.path.removesuffix(".value"),
            wanted=_cut(change.wanted),
            live=_cut(change.live),
        )
        for change in _join_switched(skipped)
    ]
    more = len(shown) - _MOST_SHOWN if len(shown) > _MOST_SHOWN else None
    return reason(NoticeReason.IGNORED, fields=tuple(shown[:_MOST_SHOWN]), more=more)


def _join_switched(skipped: list[FieldChange]) -> list[FieldChange]:
    """Show a group that only one side has as one change instead of one for each of its fields."""
    switched = [change for change in skipped if change.path.endswith(_SWITCH)]
    groups = [change.path.removesuffix(_SWITCH) for change in switched]
    whole = [
        FieldChange(path=group, live=_ON_OFF[change.live], wanted=_ON_OFF[change.wanted])
        for group, change in zip(groups, switched, strict=True)
        if not any(group.startswith(f"{other}.") for other in groups)
    ]
    return whole + [change for change in skipped if not any(change.path.startswith(f"{group}.") for group in groups)]


def _cut(text: str | None) -> str:
    if text is None:
        return "none"
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
