"""The pictures of the documents can be made again from the plan of the suite, and the documents show them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.pictures import FOLDER, make_pictures, paint

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[3]


@pytest.mark.slow
def test_each_picture_is_made_from_the_plan_and_is_in_the_repository(browser: Browser, tmp_path: Path) -> None:
    made = {path.name: path.read_bytes() for path in make_pictures(browser, tmp_path)}
    assert set(made) == {path.name for path in FOLDER.iterdir()}
    assert all(picture.startswith(b"\x89PNG") and len(picture) > 20_000 for picture in made.values())


@pytest.mark.parametrize("document", ["README.md", "plans/README.md"])
def test_page_and_terminal_are_shown_in_a_document(document: str) -> None:
    text = (ROOT / document).read_text("utf-8")
    assert ".github/images/plan-terminal.png" in text
    assert ".github/images/plan-page-light.png" in text or ".github/images/plan-trade-light.png" in text


def test_colours_of_a_terminal_become_colours_of_a_page_and_text_is_escaped() -> None:
    assert paint("a\x1b[31;1m<b>\x1b[0mc") == 'a<span style="color:#ff8f86;font-weight:bold">&lt;b&gt;</span>c'
