"""Titles of views."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from reconciler.model.targets import Mode, TargetKind
from reconciler.rendering.views.titles import view_plan_title, view_title
from tests.support import builders


@pytest.mark.parametrize(
    ("kind", "mode", "is_real"),
    [
        (TargetKind.API, Mode.REAL, True),
        (TargetKind.API, Mode.PAPER, False),
        (TargetKind.SANDBOX, Mode.REAL, False),
    ],
)
def test_only_real_accounts_of_the_api_are_real_money(kind: TargetKind, mode: Mode, is_real: bool) -> None:
    assert view_title(builders.context(target_kind=kind, mode=mode)).is_real is is_real


def test_a_commit_is_short_and_says_whether_files_differ() -> None:
    title = view_title(builders.context(git_commit="9f2c1ab4d07e6b5a+dirty"))
    assert (title.commit, title.is_dirty) == ("9f2c1ab4", True)
    assert view_title(builders.context()).commit == ""


def test_the_oldest_price_counts() -> None:
    early = builders.NOW - timedelta(minutes=3)
    plan = replace(builders.plan(), seen_at={"a": builders.NOW, "b": early})
    assert view_plan_title(plan).seen_at == early
    assert view_plan_title(builders.plan()).seen_at == builders.NOW
    assert view_plan_title(plan, "sha256:1").digest == "sha256:1"
