"""Notes of a merge request on GitLab.

GitLab hides no notes: what is out of date is folded instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from review.comments import OUTDATED, Comment, make_comment, write_once
from review.http_json import ApiError, JsonClient

PAGE = 100
_MAX_PAGES = 1_000
_FOLDED = "<details><summary>"


@dataclass(frozen=True, slots=True, kw_only=True)
class GitLab:
    """One merge request on GitLab.

    Attributes:
        client: Sends requests to the API.
        project: Id or path of the project.
        number: Number of the merge request in the project.
        web_url: Where a person reads it.
    """

    client: JsonClient
    project: str
    number: int
    web_url: str = ""

    def list_comments(self) -> Sequence[Comment]:
        """List the notes of this token with a marker that are not folded, the oldest first."""
        own_id = _read_id(self.client.send("GET", "/user").content)
        found: list[Comment] = []
        for page in range(1, _MAX_PAGES + 1):
            answer = self.client.send("GET", f"{self._path}?sort=asc&per_page={PAGE}&page={page}")
            rows = answer.content if isinstance(answer.content, list) else []
            for each in (row for row in rows if isinstance(row, Mapping)):
                comment = self._make(each)
                if comment is not None and _read_id(each.get("author")) == own_id and not is_folded(comment):
                    found.append(comment)
            if len(rows) < PAGE and not answer.headers.get("x-next-page"):
                break
        return found

    def create(self, body: str) -> Comment:
        """Write a new note; if the answer is lost, it is searched for before it is written again.

        Raises:
            ApiError: It was refused.
        """
        return write_once(self.client, self._path, body, self.list_comments, self._read)

    def edit(self, comment: Comment, body: str) -> Comment:
        """Replace the text of a note.

        Raises:
            ApiError: It was refused.
        """
        return self._read(self.client.send("PUT", f"{self._path}/{comment.id}", {"body": body}).content)

    def hide(self, comment: Comment, why: str) -> None:
        """Fold a note.

        Raises:
            ApiError: It was refused.
        """
        first, _, rest = comment.body.partition("\n")
        words = "Out of date: a newer note follows" if why == OUTDATED else "Written twice"
        self.edit(comment, f"{first}\n{_FOLDED}{words}</summary>\n\n{rest.strip()}\n\n</details>\n")

    @property
    def _path(self) -> str:
        return f"/projects/{quote(self.project, safe='')}/merge_requests/{self.number}/notes"

    def _make(self, row: Mapping[str, object]) -> Comment | None:
        return make_comment(row.get("id"), row.get("body"), f"{self.web_url}#note_{row.get('id')}")

    def _read(self, content: object) -> Comment:
        comment = self._make(content) if isinstance(content, Mapping) else None
        if comment is None:
            raise ApiError(0, "the service answered with another note than was written")
        return comment


def is_folded(comment: Comment) -> bool:
    """Return whether a note was folded because it is out of date."""
    return comment.body.partition("\n")[2].startswith(_FOLDED)


def _read_id(user: object) -> str:
    found = user.get("id") if isinstance(user, Mapping) else None
    return "" if found is None else str(found)
