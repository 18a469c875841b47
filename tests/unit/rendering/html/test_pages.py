from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace

import pytest

from reconciler.model.phrases import Tone
from reconciler.rendering.html.pages import LARGEST_BYTES, render_drift_page, render_plan_page
from reconciler.rendering.views.plan_view import view_plan
from tests.support import builders
from tests.support.drift_views import make_drift_view
from tests.support.hostile_views import poison
from tests.support.large_plans import make_large_plan
from tests.support.outline import HARMLESS, Outline

VIEW = view_plan(make_large_plan(24), f"sha256:{'5c' * 32}")
DRIFT = make_drift_view()


@pytest.mark.parametrize("page", [render_plan_page(VIEW), render_drift_page(DRIFT)], ids=["plan", "drift"])
def test_a_page_is_whole_and_every_link_leads_somewhere_in_it(page: str) -> None:
    outline = Outline(page)
    assert len(set(outline.addresses)) == len(outline.addresses)
    assert {link.removeprefix("#") for link in outline.links} <= set(outline.addresses)
    assert all(link.startswith("#") for link in outline.links)


def test_nothing_in_a_page_has_a_style_or_a_handler_of_its_own() -> None:
    outline = Outline(render_plan_page(VIEW))
    assert outline.attributes <= HARMLESS
    assert outline.tags.count("script") == outline.tags.count("style") == 1


def test_the_policy_lets_only_the_own_style_and_script_run() -> None:
    page = render_plan_page(VIEW)
    found = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert found is not None
    policy = found[1].replace("&#39;", "'")
    for name in ("style", "script"):
        own = re.search(f"<{name}>(.*?)</{name}>", page, re.DOTALL)
        assert own is not None
        digest = base64.b64encode(hashlib.sha256(own[1].encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert page.index("Content-Security-Policy") < page.index("<style>")


def test_hostile_texts_change_no_tag_and_bring_no_attribute() -> None:
    plain, hostile = Outline(render_plan_page(VIEW)), render_plan_page(poison(VIEW))
    outline = Outline(hostile)
    assert [tag for tag in outline.tags if tag != "wbr"] == [tag for tag in plain.tags if tag != "wbr"]
    assert outline.attributes <= HARMLESS
    assert "{{7*7}}" in hostile
    assert "\u202e" not in hostile
    assert "&#8238;" not in hostile


def test_hostile_texts_change_no_tag_of_a_check_of_drift() -> None:
    plain, hostile = Outline(render_drift_page(DRIFT)), Outline(render_drift_page(poison(DRIFT)))
    assert [tag for tag in hostile.tags if tag != "wbr"] == [tag for tag in plain.tags if tag != "wbr"]
    assert hostile.attributes <= HARMLESS


def test_a_check_of_drift_says_everything_that_its_view_says() -> None:
    page = render_drift_page(DRIFT)
    for text in ("58500", "57000", "58000", "by hand", "FROZEN by", "step 1 of 2 has sold", "16.18 -&gt; 31.17"):
        assert text in page


def test_a_check_without_drift_is_a_page_too() -> None:
    page = render_drift_page(replace(DRIFT, cards=(), freezes=(), details=(), tone=Tone.GOOD, head="No drift."))
    assert "Nothing was edited, and nothing is lost." in page
    Outline(page)


def test_a_page_has_only_plain_characters_so_that_every_encoding_can_write_it() -> None:
    assert render_plan_page(VIEW).isascii()


def test_everything_that_the_view_says_is_in_the_page() -> None:
    page = render_plan_page(VIEW)
    for card in VIEW.cards:
        assert f"<bdi>{card.row.trade}</bdi>" in page
        assert card.source in page
    assert VIEW.summary in page
    assert VIEW.title.digest in page
    assert "Only a part of this plan can be applied" in page


def test_an_empty_plan_is_a_page_too() -> None:
    page = render_plan_page(view_plan(builders.plan(unchanged=3)))
    assert "No trade changes." in page
    assert "can be applied" in page
    Outline(page)


@pytest.mark.slow
def test_a_page_of_a_thousand_changes_is_below_two_megabytes() -> None:
    view = view_plan(make_large_plan(1090))
    assert len(view.cards) >= 999
    assert len(render_plan_page(view)) < 2_000_000


def test_a_page_that_would_be_too_large_shows_fewer_drawings() -> None:
    card = next(each for each in VIEW.cards if each.operations[0].ladder)
    operation = replace(card.operations[0], note="x" * 8_000)
    cards = [replace(card, row=replace(card.row, live_id=each), operations=(operation,)) for each in range(150)]
    page = render_plan_page(replace(VIEW, cards=tuple(cards), rows=tuple(each.row for each in cards)))
    assert page.count("<figure>") == 100
    assert len(page) < LARGEST_BYTES
