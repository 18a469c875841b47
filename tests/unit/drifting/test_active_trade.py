"""Trades that are live."""

from __future__ import annotations

import pytest

from reconciler.model.drift import FindingKind
from reconciler.model.journal import AppliedTrade
from reconciler.model.live import Phase
from tests.support import builders
from tests.support.surveys import SPEC, check, kept, topics


@pytest.mark.parametrize("phase", [Phase.ENTERING, Phase.FILLING, Phase.OPEN])
@pytest.mark.parametrize("journal", [{}, kept()], ids=["empty disk", "journal"])
def test_a_trade_as_last_applied_is_not_reported(phase: Phase, journal: dict[str, AppliedTrade]) -> None:
    assert topics(check([SPEC], [builders.live(phase=phase)], applied=journal)) == []


def test_a_trade_between_two_phases_is_only_shown() -> None:
    live = builders.live(phase=Phase.BUSY, shown=builders.terms(stop_loss=None))
    (busy,) = check([SPEC], [live])
    assert (busy.kind, busy.topic) == (FindingKind.PROGRESS, "busy")
