"""What an apply did as Markdown."""

from __future__ import annotations

from dataclasses import replace

from reconciler.model.outcome_codes import OutcomeReason
from reconciler.model.reasons import reason
from reconciler.rendering.apply_markdown import render_apply_markdown
from reconciler.rendering.views.apply_view import view_apply
from tests.support.golden_files import check_golden
from tests.unit.rendering.markdown.test_escape import HOSTILE, parse
from tests.unit.rendering.test_apply_json import DONE, FAILED, RUN

VIEW = view_apply(RUN.plan, RUN.outcomes, digest=RUN.digest, error=RUN.error, unsettled=RUN.unsettled)


def test_a_run_reads_as_it_did() -> None:
    check_golden("apply.md", render_apply_markdown(VIEW))


def test_a_complete_run_is_no_alarm() -> None:
    text = render_apply_markdown(view_apply(RUN.plan, [DONE]))
    assert "> [!NOTE]\n> **Apply complete\\!** " in text or "> [!NOTE]\n> **Apply complete!** " in text
    assert "CAUTION" not in text


def test_what_does_not_fit_is_counted_and_the_failed_ones_come_first() -> None:
    many = [replace(DONE, live_id=number) for number in range(1000)]
    text = render_apply_markdown(view_apply(RUN.plan, [*many, FAILED]), budget=5000)
    assert len(text.encode()) <= 5000
    assert "FAILED" in text
    assert "more operations." in text


def test_hostile_text_changes_nothing_outside_its_cell() -> None:
    def shape(text: str) -> list[str]:
        failed = replace(FAILED, reason=reason(OutcomeReason.ERROR, message=text), takeover=None)
        named = replace(failed, operation=replace(failed.operation, trade=text))
        view = view_apply(RUN.plan, [named], error=text, unsettled={text: reason(OutcomeReason.ERROR, message=text)})
        return parse(render_apply_markdown(view)).tags

    assert {tuple(shape(text)) for text in HOSTILE} == {tuple(shape("harmless"))}
