"""Whole pages that were reviewed once, without their style and script, which are the same in all."""

from __future__ import annotations

import re

import pytest

from reconciler.model.phrases import Phrase, plain_text
from reconciler.model.plan_view import VerdictView
from reconciler.rendering.html.pages import render_drift_page, render_plan_page
from reconciler.rendering.views.plan_view import view_plan
from reconciler.saved_plan.files import digest_plan
from tests.support.drift_views import make_drift_view
from tests.support.golden_files import check_golden
from tests.support.hostile_views import poison
from tests.support.outline import HARMLESS, Outline
from tests.support.review_scenes import SCENES

_SAME = re.compile(r"<(style|script)>.*?</\1>|<meta http-equiv[^>]*>|<symbol.*?</symbol>", re.DOTALL)


def strip(page: str) -> str:
    """The page without what is the same in all of them."""
    return re.sub(r"\n{2,}", "\n", _SAME.sub("", page))


def said(phrase: Phrase) -> str:
    """A sentence as a page shows it; without back quotes, since they make code there."""
    return " ".join(plain_text(phrase).replace("`", "").split())


def find_verdict(verdict: VerdictView) -> str:
    if verdict.held:
        return "Only a part of this plan can be applied"
    return "This plan can be applied" if verdict.is_applicable else "This plan cannot be applied"


@pytest.mark.parametrize("name", SCENES)
def test_a_plan_as_a_page_reads_as_it_did(name: str) -> None:
    page = render_plan_page(view_plan(SCENES[name], digest_plan(SCENES[name])))
    check_golden(f"review/{name}.html", strip(page))


def test_a_check_of_drift_as_a_page_reads_as_it_did() -> None:
    check_golden("drift.html", strip(render_drift_page(make_drift_view())))


@pytest.mark.parametrize("name", SCENES)
def test_every_page_is_whole_and_leads_only_to_itself(name: str) -> None:
    outline = Outline(render_plan_page(view_plan(SCENES[name])))
    assert {link.removeprefix("#") for link in outline.links} <= set(outline.addresses)
    assert len(set(outline.addresses)) == len(outline.addresses)


@pytest.mark.parametrize("name", SCENES)
def test_no_hostile_text_changes_a_tag_in_any_of_them(name: str) -> None:
    view = view_plan(SCENES[name])
    plain, hostile = Outline(render_plan_page(view)), Outline(render_plan_page(poison(view)))
    assert [tag for tag in hostile.tags if tag != "wbr"] == [tag for tag in plain.tags if tag != "wbr"]
    assert hostile.attributes <= HARMLESS


@pytest.mark.parametrize("name", SCENES)
def test_no_page_leaves_out_a_trade_a_verdict_or_a_sentence(name: str) -> None:
    view = view_plan(SCENES[name])
    text = " ".join(Outline(render_plan_page(view)).text.split())
    assert f"{find_verdict(view.verdict)}: {view.verdict.head}." in text
    assert all(said(each) in text for each in (view.verdict.sent, view.verdict.held))
    assert all(said(each) in text for each in view.limits.rest)
    for row in view.rows:
        assert row.trade in text
        assert said(row.what) in text
    for card in view.cards:
        for operation in card.operations:
            assert said(operation.money) in text
            assert all(said(alert.text)[1:] in text for alert in operation.alerts)
            assert all(each.path in text for each in operation.fields)
            assert all(each.text in text for each in operation.terms)
    for limit in view.limits.rows:
        assert limit.name in text
        assert limit.used in text
    for blocked in view.blocked:
        assert said(blocked.reason)[1:] in text
    for notice in view.notices:
        assert said(notice.text)[1:] in text
    assert view.summary in text
