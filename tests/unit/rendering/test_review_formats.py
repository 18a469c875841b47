"""Golden files of every format over twelve plans that span all operations, blocks and guardrails."""

from __future__ import annotations

import json
import re

import pytest

from reconciler import __version__
from reconciler.model.guardrails import GuardrailName, GuardrailState
from reconciler.model.opening_reasons import OpeningReason
from reconciler.model.operations import BY_HAND_ACTIONS, Action, Effect
from reconciler.model.plan import NoticeKind
from reconciler.model.plan_reasons import BlockReason, NoticeReason
from reconciler.rendering.markdown.budget import COMMENT_BYTES
from reconciler.rendering.plan_markdown import render_plan_markdown
from reconciler.rendering.plan_text import render_plan
from reconciler.rendering.style import Style
from reconciler.rendering.text_width import measure
from reconciler.rendering.views.plan_view import view_plan
from reconciler.saved_plan.files import digest_plan, write_plan
from tests.support.golden_files import check_golden
from tests.support.review_scenes import SCENES
from tests.unit.rendering.markdown.test_escape import parse

WIDTHS = (60, 80, 120)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", SCENES)
def test_a_plan_as_text_reads_as_it_did_and_fits_the_screen(name: str, width: int) -> None:
    text = render_plan(SCENES[name], width=width)
    assert max(measure(line) for line in text.splitlines()) <= width
    check_golden(f"review/{name}-{width}.txt", text)


@pytest.mark.parametrize("name", SCENES)
def test_a_plan_as_markdown_reads_as_it_did(name: str) -> None:
    text = write_markdown(name)
    assert len(text.encode()) <= COMMENT_BYTES
    check_golden(f"review/{name}.md", text)


@pytest.mark.parametrize("name", SCENES)
def test_a_plan_as_json_reads_as_it_did(name: str) -> None:
    document = json.loads(write_plan(SCENES[name]))
    assert document.pop("reconciler_version") == __version__
    assert document.pop("digest") == digest_plan(SCENES[name])
    check_golden(f"review/{name}.json", json.dumps(document, indent=1) + "\n")


@pytest.mark.parametrize("name", SCENES)
def test_markdown_is_made_of_known_parts_and_every_block_is_closed(name: str) -> None:
    page = parse(write_markdown(name))
    known = {"h3", "p", "code", "pre", "strong", "blockquote", "ul", "li", "sub", "details", "summary", "b"}
    assert set(page.tags) <= known | {"table", "thead", "tbody", "tr", "th", "td"}
    assert page.text.count("```") == 0


def test_colour_only_repeats_what_words_and_signs_say() -> None:
    for plan in SCENES.values():
        painted = render_plan(plan, Style(is_on=True))
        assert re.sub("\x1b\\[[0-9;]*m", "", painted) == render_plan(plan)


@pytest.mark.parametrize("name", SCENES)
def test_no_format_leaves_a_trade_or_a_verdict_out(name: str) -> None:
    plan = SCENES[name]
    formats = [render_plan(plan, width=width) for width in WIDTHS] + [write_markdown(name), write_plan(plan)]
    names = {each.trade for each in plan.operations} | {each.trade for each in plan.blocked}
    for text in formats:
        assert [trade for trade in names if trade not in text] == []
    brief = render_plan(plan, is_brief=True)
    assert [trade for trade in names if trade not in brief] == []
    for words in {each.acknowledge for each in plan.breaches if each.acknowledge}:
        assert all(words in text for text in (*formats[1:], brief))


def test_the_plans_span_all_operations_blocks_notices_and_guardrails() -> None:
    plans = SCENES.values()
    operations = [operation for plan in plans for operation in plan.operations]
    assert {operation.action for operation in operations} == set(Action) - BY_HAND_ACTIONS
    assert {effect for operation in operations for effect in operation.effects} == set(Effect)
    blocked = {each.reason.code for plan in plans for each in plan.blocked}
    assert blocked >= {*BlockReason, *OpeningReason}
    assert {each.reason.code for plan in plans for each in plan.notices} >= set(NoticeReason)
    assert {each.kind for plan in plans for each in plan.notices} == set(NoticeKind)
    assert {each.name for plan in plans for each in plan.guardrails} == set(GuardrailName)
    assert {each.state for plan in plans for each in plan.guardrails} == set(GuardrailState)


def write_markdown(name: str) -> str:
    plan = SCENES[name]
    return render_plan_markdown(view_plan(plan, digest_plan(plan)), budget=COMMENT_BYTES, elsewhere="plan.html")
