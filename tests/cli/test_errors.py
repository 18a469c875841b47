"""Errors as the user sees them, by their exit code."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler import errors
from reconciler.cli.reporting import report_bug, report_error

EXIT_CODES = {
    errors.UsageError: 64,
    errors.WorkspaceError: 1,
    errors.SavedPlanError: 1,
    errors.StalePlanError: 10,
    errors.GuardrailError: 12,
    errors.CommandRefused: 12,
    errors.JournalError: 1,
    errors.JournalDamaged: 1,
    errors.Locked: 11,
    errors.ApiError: 1,
    errors.RequestRefused: 1,
    errors.NotFound: 1,
    errors.AccessRefused: 16,
    errors.RateLimited: 15,
    errors.UnreadableAnswer: 1,
    errors.AnswerLost: 14,
    errors.NotSent: 1,
    errors.Interrupted: 130,
}


def _subclasses(kind: type[errors.ReconcilerError]) -> set[type[errors.ReconcilerError]]:
    return {kind}.union(*(_subclasses(below) for below in kind.__subclasses__()))


def test_every_error_has_its_exit_code_and_is_in_the_tree_of_the_docstring() -> None:
    ours = {kind for kind in _subclasses(errors.ReconcilerError) if kind.__module__ == "reconciler.errors"}
    assert ours == {errors.ReconcilerError, errors.InvalidPlanFiles, *EXIT_CODES}
    for kind in ours:
        assert kind.__name__ in (errors.__doc__ or "")


@pytest.mark.parametrize("kind", EXIT_CODES)
def test_an_expected_error_is_one_line_and_an_exit_code(
    kind: type[errors.ReconcilerError], capsys: pytest.CaptureFixture[str]
) -> None:
    assert report_error(kind("what to do next")) == EXIT_CODES[kind]
    assert capsys.readouterr().err == "Error: what to do next\n"


def test_the_lines_of_an_error_stay_lines_and_nothing_in_them_steers_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    report_error(errors.StalePlanError("The plan is stale:\n  btc-dip: #1 is \x1b[2K\rdone now"))
    assert capsys.readouterr().err == "Error: The plan is stale:\n  btc-dip: #1 is \\x1b[2K\\x0ddone now\n"


def test_the_log_of_a_bug_has_its_traceback_and_no_secret(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THREE_COMMAS_API_SECRET", "marked-secret")
    report_bug(RuntimeError("foreign words about marked-secret"))
    log = Path(capsys.readouterr().err.split()[-1])
    assert log.read_text() == "RuntimeError: foreign words about ***\n"
    log.unlink()
