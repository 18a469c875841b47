"""Pages that the browser opens: made once for all tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reconciler.rendering.html.pages import render_drift_page, render_plan_page
from reconciler.rendering.views.plan_view import view_plan
from tests.support.browser import start_browser
from tests.support.drift_views import make_drift_view
from tests.support.hostile_views import poison
from tests.support.large_plans import make_large_plan

if TYPE_CHECKING:
    from playwright.sync_api import Browser

DIGEST = f"sha256:{'5c' * 32}"


# Not for the whole session: as long as it runs, a loop of events runs in this process, which other tests may mind.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with start_browser() as started:
        yield started


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Name to file of pages: plans of 50 trades, of 1,000 changes and of hostile names, and a check of drift."""
    folder = tmp_path_factory.mktemp("pages")
    view = view_plan(make_large_plan(50), DIGEST)
    views = {"50": view, "1000": view_plan(make_large_plan(1090), DIGEST), "hostile": poison(view)}
    texts = {name: render_plan_page(each) for name, each in views.items()}
    texts["drift"] = render_drift_page(make_drift_view())
    found = {name: folder / f"{name}.html" for name in texts}
    for name, text in texts.items():
        found[name].write_text(text, encoding="utf-8")
    return found
