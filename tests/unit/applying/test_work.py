"""What the stages of an operation hand on to each other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.applying.work import Work
from reconciler.model.live import Phase
from tests.support import builders, planning

CREATE = planning.only(planning.plan([builders.spec()]))


def test_a_stage_cannot_use_what_was_not_read() -> None:
    with pytest.raises(AssertionError, match="reads the trade"):
        _ = Work(operation=CREATE).live


def test_the_last_answer_counts() -> None:
    before, after = builders.live(), builders.live(phase=Phase.OPEN)
    work = Work(operation=CREATE, read=before)
    assert work.after == before
    work.changed = after
    assert (work.live, work.after) == (before, after)


def test_terms_are_those_of_the_operation() -> None:
    assert Work(operation=CREATE).terms == CREATE.after
    with pytest.raises(AssertionError, match="has no terms"):
        _ = Work(operation=replace(CREATE, after=None)).terms
