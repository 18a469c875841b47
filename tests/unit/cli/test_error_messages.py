"""Errors as the user sees them, by their exit code."""

from __future__ import annotations

import errno
import io
import stat
import sys
import tempfile
from pathlib import Path

import pytest

from reconciler import errors
from reconciler.cli.error_messages import is_about_system, report_bug, report_error, report_system_error

EXIT_CODES = {
    errors.UsageError: 64,
    errors.BaseUnreadable: 64,
    errors.WorkspaceError: 1,
    errors.SavedPlanError: 1,
    errors.StalePlanError: 10,
    errors.GuardrailError: 12,
    errors.Frozen: 12,
    errors.PolicyRefused: 12,
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
    errors.AnswerTooLarge: 1,
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


class _Unspeakable(Exception):
    def __str__(self) -> str:
        raise ValueError("no words")


@pytest.mark.parametrize(
    "error",
    [
        _Unspeakable(),
        MemoryError(),
        RecursionError("deep"),
        UnicodeEncodeError("utf-8", "\udcff", 0, 1, "surrogates not allowed"),
        ExceptionGroup("several", [ValueError("\udcff"), _Unspeakable()]),
        OSError(errno.EBADF, "Bad file descriptor"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_whatever_the_bug_is_it_is_reported_with_a_log_of_the_users_own(
    capsys: pytest.CaptureFixture[str], error: Exception
) -> None:
    report_bug(error)
    told = capsys.readouterr().err
    assert told.startswith(f"Internal error ({type(error).__name__}): a bug of reconciler. Details in ")
    log = Path(told.split()[-1])
    assert type(error).__name__ in log.read_text()
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    log.unlink()


def test_a_bug_without_a_place_for_its_log_is_printed_without_secrets(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/proc/none")
    monkeypatch.setenv("THREE_COMMAS_API_SECRET", "marked-secret")
    report_bug(RuntimeError("about marked-secret"))
    assert capsys.readouterr().err.splitlines() == [
        "Internal error (RuntimeError): a bug of reconciler. No log could be written, so here is the end of it:",
        "RuntimeError: about ***",
    ]


@pytest.mark.parametrize("state", [None, io.StringIO()])
def test_a_bug_without_a_screen_has_its_log(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, state: io.StringIO | None
) -> None:
    if state is not None:
        state.close()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(sys, "stderr", state)
    report_bug(RuntimeError("unseen"))
    assert [log.read_text() for log in tmp_path.iterdir()] == ["RuntimeError: unseen\n"]


def test_a_secret_of_one_character_is_hidden_where_it_is_a_word(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THREE_COMMAS_API_KEY", "e")
    report_bug(RuntimeError("the key is e, or 'e'"))
    log = Path(capsys.readouterr().err.split()[-1])
    assert log.read_text() == "RuntimeError: the key is ***, or '***'\n"
    log.unlink()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError(errno.EACCES, "Permission denied", "closed/x"), "closed/x: Permission denied"),
        (OSError(errno.ENOSPC, "No space left on device"), "No space left on device"),
        (FileNotFoundError(errno.ENOENT, "No such file or directory"), "the current folder: No such file or directory"),
        (OSError(errno.ELOOP, "Too many levels", b"caf\xe9\x1b[2J"), "caf\\udce9\\x1b[2J: Too many levels"),
    ],
)
def test_what_the_system_says_of_a_file_is_no_bug(
    capsys: pytest.CaptureFixture[str], error: OSError, said: str
) -> None:
    assert is_about_system(error)
    report_system_error(error)
    assert capsys.readouterr().err == f"Error: {said}\n"


def test_a_mistake_of_ours_with_files_is_a_bug() -> None:
    for number in (errno.EBADF, errno.EINVAL, errno.EPIPE):
        assert not is_about_system(OSError(number, "mistake"))
