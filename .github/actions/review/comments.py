"""Comments of a pull request, whichever service hosts it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from review.http_json import ApiError, JsonClient
from review.marker import Marker, read_marker

OUTDATED = "OUTDATED"
DUPLICATE = "DUPLICATE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A comment of this pipeline.

    Attributes:
        id: As the service names it in addresses.
        key: As the service names it elsewhere; empty if it has one name only.
        body: Its text.
        url: Where a person reads it.
        marker: What its first line says.
    """

    id: str
    body: str
    url: str
    marker: Marker
    key: str = field(default="", compare=False)


class Host(Protocol):
    """The service, and one pull request of it."""

    def list_comments(self) -> Sequence[Comment]:
        """List the comments of this token with a marker that are not hidden, the oldest first."""

    def create(self, body: str) -> Comment:
        """Write a new comment."""

    def edit(self, comment: Comment, body: str) -> Comment:
        """Replace the text of a comment."""

    def hide(self, comment: Comment, why: str) -> None:
        """Hide a comment: `OUTDATED` or `DUPLICATE`."""


def make_comment(comment_id: object, body: object, url: object, key: object = "") -> Comment | None:
    """Make a comment of what a service answers; None if it has no marker."""
    text = str(body).replace("\r\n", "\n")
    marker = read_marker(text)
    if marker is None:
        return None
    return Comment(id=str(comment_id), key=str(key), body=text, url=str(url), marker=marker)


def write_once(
    client: JsonClient,
    path: str,
    body: str,
    list_comments: Callable[[], Sequence[Comment]],
    read: Callable[[object], Comment],
) -> Comment:
    """Write a new comment; if the answer is lost, it is searched for before it is written again.

    Args:
        client: Sends the request.
        path: Address of the list of comments.
        body: Text of the comment.
        list_comments: Lists what is there.
        read: Makes a comment of the answer.

    Raises:
        ApiError: It was refused, or all tries failed.
    """
    for pause_s in client.pauses_s:
        try:
            return read(client.send("POST", path, {"body": body}, is_repeatable=False).content)
        except ApiError as error:
            if not error.is_lost:
                raise
            client.sleep(pause_s)
            written = next((each for each in reversed(list_comments()) if each.body == body), None)
            if written is not None:
                return written
    return read(client.send("POST", path, {"body": body}, is_repeatable=False).content)
