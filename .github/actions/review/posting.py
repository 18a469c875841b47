"""The rules by which a comment is written: one for each plan, edited in place, written again when danger has grown."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum

from review.comments import DUPLICATE, OUTDATED, Comment, Host
from review.http_json import ApiError
from review.marker import Marker, read_marker, write_marker

# Largest comment in bytes of UTF-8. GitHub stores four times as much, but some tools around it do not.
BUDGET_BYTES = 60_000
_TOO_LONG = 422
# Begins the last lines of a comment, which are others in each run.
_FOOTER = "\n\n<sub>"
_OUTDATED = re.compile(r"\A> \[!CAUTION\]\n> \*\*Out of date\.\*\* [^\n]*\n\n")
_FOOTERS = re.compile(r"(?:\n\n<sub>[^\n]*</sub>\s*)+\Z")


class Mode(StrEnum):
    """The way in which a comment is written.

    Attributes:
        AUTO: Edited in place; hidden and written again if danger has grown, since an edit notifies nobody.
        UPDATE: Always edited in place.
        NEW: Always hidden and written again.
        NEVER: No comment.
    """

    AUTO = "auto"
    UPDATE = "update"
    NEW = "new"
    NEVER = "never"


class Wanted(StrEnum):
    """The plans for which a first comment is written; one that is there is always kept up to date."""

    ALWAYS = "always"
    CHANGES = "changes"
    DANGEROUS = "dangerous"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A comment that is to be written.

    Attributes:
        marker: What its first line says.
        render: Writes its text in at most so many bytes, the most dangerous first; with 0 the head alone.
        footer: One line in small letters, about the run; empty for none.
        is_due: Whether it is written if there is none yet.
    """

    marker: Marker
    render: Callable[[int], str]
    footer: str = ""
    is_due: bool = True

    def write(self, budget: int) -> str:
        """Write the whole comment in at most so many bytes, or the head alone if that is longer."""
        first = write_marker(self.marker)
        footer = f"{_FOOTER}{self.footer}</sub>" if self.footer else ""
        room = budget - len(f"{first}\n{footer}\n".encode())
        return f"{first}\n{_strip_marker(self.render(max(room, 0))).strip()}{footer}\n"


def post(host: Host, draft: Draft, mode: Mode, warn: Callable[[str], None]) -> Comment | None:
    """Write a comment by the rules, or leave what is there.

    Args:
        host: The pull request.
        draft: The comment.
        mode: How.
        warn: Takes one line about what could not be done, and matters to nobody but the reader of the log.

    Returns:
        The comment that is there now, or None.

    Raises:
        ApiError: The service refuses.
    """
    if mode is Mode.NEVER:
        return None
    former = _choose(host, draft.marker, warn)
    if former is None:
        return _write(draft, host.create) if draft.is_due else None
    if mode is Mode.NEW or (mode is Mode.AUTO and has_grown(former.marker, draft.marker)):
        written = _write(draft, host.create)
        _hide(host, [former], OUTDATED, warn)
        return written
    if _is_same(former, draft):
        return former
    try:
        return _write(draft, lambda body: host.edit(former, body))
    except ApiError as error:
        # Somebody has deleted it meanwhile.
        if error.status not in (404, 410):
            raise
        return _write(draft, host.create)


def close(host: Host, marker: Marker, status: str, warn: Callable[[str], None]) -> Comment | None:
    """Close the comment about a plan that was applied: it gets a line, and is not edited any more.

    Args:
        host: The pull request.
        marker: The plan.
        status: The line, in Markdown.
        warn: Takes one line about what could not be done.

    Raises:
        ApiError: The service refuses.
    """
    former = _choose(host, marker, warn)
    if former is None:
        return None
    first = write_marker(replace(former.marker, closed=True))
    return host.edit(former, f"{first}\n> [!NOTE]\n> {status}\n\n{former.body.partition(chr(10))[2]}")


def mark_outdated(host: Host, marker: Marker, status: str, warn: Callable[[str], None]) -> Comment | None:
    """Say in the comment about a plan that no newer plan could be made, so that nobody takes it for the present one.

    Args:
        host: The pull request.
        marker: Says which plan it is.
        status: The line, in Markdown.
        warn: Takes one line about what could not be done.

    Raises:
        ApiError: The service refuses.
    """
    former = _choose(host, marker, warn)
    if former is None:
        return None
    first = write_marker(replace(former.marker, applicable=False, digest="", operations_digest=""))
    text = _OUTDATED.sub("", former.body.partition("\n")[2])
    return host.edit(former, f"{first}\n> [!CAUTION]\n> **Out of date.** {status}\n\n{text}")


def has_grown(before: Marker, after: Marker) -> bool:
    """Return whether a plan has a danger that the one before it had not."""
    return not set(after.dangers) <= set(before.dangers)


def _choose(host: Host, marker: Marker, warn: Callable[[str], None]) -> Comment | None:
    """Find the newest open comment about the same plan, and hide others."""
    alike = [each for each in host.list_comments() if each.marker.place == marker.place and not each.marker.closed]
    if not alike:
        return None
    _hide(host, alike[:-1], DUPLICATE, warn)
    return alike[-1]


def _hide(host: Host, comments: Sequence[Comment], why: str, warn: Callable[[str], None]) -> None:
    for each in comments:
        try:
            host.hide(each, why)
        except ApiError as error:
            warn(f"the comment {each.url} could not be hidden: {error}")


def _write(draft: Draft, send: Callable[[str], Comment]) -> Comment:
    """Send a comment; if it is too long, once with half of the length, then the head alone."""
    for budget in (BUDGET_BYTES, BUDGET_BYTES // 2):
        with suppress(_TooLongError):
            return _send(send, draft.write(budget))
    return send(draft.write(0))


class _TooLongError(Exception):
    """The service does not take a text of this length."""


def _send(send: Callable[[str], Comment], body: str) -> Comment:
    try:
        return send(body)
    except ApiError as error:
        if error.status == _TOO_LONG:
            raise _TooLongError from None
        raise


def _is_same(former: Comment, draft: Draft) -> bool:
    """Return whether a comment says already what is to be written, apart from the run that wrote it."""
    return former.marker.without_run() == draft.marker.without_run() and _read_text(former.body) == _read_text(
        draft.write(BUDGET_BYTES)
    )


def _read_text(body: str) -> str:
    return _FOOTERS.sub("", body.partition("\n")[2]).strip()


def _strip_marker(text: str) -> str:
    """Return a text without a marker of its own."""
    first, _, rest = text.partition("\n")
    return rest if read_marker(first) is not None or first.startswith("<!-- reconciler:") else text
