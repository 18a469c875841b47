"""The last applied values of a live trade."""

from __future__ import annotations

from reconciler.model.live import Phase
from tests.support import builders
from tests.support.surveys import SPEC, check, kept, topics


def test_a_journal_that_knows_less_than_the_marker_is_not_believed() -> None:
    newer = builders.spec(builders.terms(stop_loss=builders.stop(58700)))
    assert topics(check([newer], [builders.live(newer, Phase.OPEN)], applied=kept(SPEC))) == []
