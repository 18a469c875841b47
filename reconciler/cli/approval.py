"""Approval on the terminal: asking for it, and what happens if it is declined."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TextIO

from reconciler.cli.console import print_message
from reconciler.cli.printer import PRINTER
from reconciler.cli.terminal import is_terminal
from reconciler.errors import ReconcilerError, UsageError

NOTHING_SENT = "Cancelled. Nothing was sent."
SENT_BEFORE = "Cancelled. Nothing more was sent; what was sent before stays."


class Declined(ReconcilerError):
    """The user was asked and did not approve.

    Args:
        message: What was sent, in one line.
    """


def can_ask() -> bool:
    """Return whether somebody sits at a terminal and can be asked."""
    return is_terminal(sys.stdin)


def require_approver(question: str, remedy: str, *, is_approved: bool) -> None:
    """Refuse to begin what will need an approval that nobody can give.

    Args:
        question: What asks, for example `apply`.
        remedy: What to do without a terminal.
        is_approved: Whether nobody will be asked.

    Raises:
        UsageError: There is nobody to ask.
    """
    if not is_approved and not can_ask():
        raise UsageError(f"{question} asks for approval and there is no terminal: {remedy}")


def ask_for_approval(accepted: Sequence[str] = ("yes",), *, has_sent: bool = False) -> None:
    """Ask whether to go on.

    Args:
        accepted: Answers that approve.
        has_sent: Whether the run has sent something before.

    Raises:
        Declined: The answer was another one, or there was none.
    """
    words = " or ".join(f"'{word}'" for word in accepted)
    print_message(f"\nDo you want to do this? Only {words} will be accepted.")
    if _read_answer("Enter a value: ", sys.stdin).strip() not in accepted:
        raise Declined(SENT_BEFORE if has_sent else NOTHING_SENT)


def read_answer(question: str) -> str:
    """Read the line that is typed as the answer to a question; empty if there is none."""
    return _read_answer(question, sys.stdin)


def _read_answer(question: str, stream: TextIO | None) -> str:
    """Read the line that is typed as the answer to a question; empty if there is none.

    Args:
        question: Is printed on standard error; an answer to a question that could not be printed does not count.
        stream: Where the answer comes from.
    """
    PRINTER.print_question(question)
    if stream is None or not PRINTER.has_messages:
        return ""
    try:
        return stream.readline().rstrip("\n")
    except (OSError, ValueError):
        return ""
