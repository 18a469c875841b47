"""Whole pages that were reviewed once, without their style and script, which are the same in all."""

from __future__ import annotations

import re

from reconciler.rendering.html.pages import render_drift_page, render_plan_page
from reconciler.rendering.views.plan_view import view_plan
from tests.support.drift_views import make_drift_view
from tests.support.golden_files import check_golden
from tests.support.shown_plan import make_shown_plan

DIGEST = f"sha256:{'5c' * 32}"
_SAME = re.compile(r"<(style|script)>.*?</\1>|<meta http-equiv[^>]*>|<symbol.*?</symbol>", re.DOTALL)


def strip(page: str) -> str:
    """The page without what is the same in all of them."""
    return re.sub(r"\n{2,}", "\n", _SAME.sub("", page))


def test_the_page_of_the_plan_that_people_are_shown_first() -> None:
    check_golden("plan-shown.html", strip(render_plan_page(view_plan(make_shown_plan(), DIGEST))))


def test_the_page_of_a_check_of_drift() -> None:
    check_golden("drift.html", strip(render_drift_page(make_drift_view())))
