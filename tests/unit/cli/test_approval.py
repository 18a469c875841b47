"""What counts as an approval on the terminal."""

from __future__ import annotations

import io
import sys

import pytest

from reconciler.cli.approval import Declined, ask_for_approval, require_approver
from reconciler.errors import UsageError


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def _sit(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    monkeypatch.setattr(sys, "stdin", _Terminal(typed))


def test_only_an_accepted_answer_approves(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    _sit(monkeypatch, "yes\n")
    ask_for_approval()
    assert "Only 'yes' will be accepted." in capsys.readouterr().err
    _sit(monkeypatch, "3\n")
    ask_for_approval(("3", "yes"))
    assert "Only '3' or 'yes' will be accepted." in capsys.readouterr().err


@pytest.mark.parametrize("typed", ["", "\n", "y\n", "YES\n", "no\n", "3\n"])
def test_any_other_answer_declines(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    _sit(monkeypatch, typed)
    with pytest.raises(Declined, match=r"^Cancelled\. Nothing was sent\.$"):
        ask_for_approval()


def test_what_was_sent_before_is_not_denied(monkeypatch: pytest.MonkeyPatch) -> None:
    _sit(monkeypatch, "no\n")
    with pytest.raises(Declined, match="Nothing more was sent; what was sent before stays"):
        ask_for_approval(has_sent=True)


def test_what_will_ask_needs_somebody_to_ask_unless_it_is_approved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("yes\n"))
    with pytest.raises(UsageError, match="apply asks for approval and there is no terminal: add --auto-approve"):
        require_approver("apply", "add --auto-approve", is_approved=False)
    require_approver("apply", "add --auto-approve", is_approved=True)
    _sit(monkeypatch, "")
    require_approver("apply", "add --auto-approve", is_approved=False)


def test_nobody_sits_at_a_closed_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(UsageError):
        require_approver("apply", "add --auto-approve", is_approved=False)
    with pytest.raises(Declined):
        ask_for_approval()
