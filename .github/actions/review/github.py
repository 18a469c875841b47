"""Comments of a pull request on GitHub, and artefacts of its runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from review.comments import Comment, make_comment, write_once
from review.http_json import ApiError, JsonClient

# The login of the token that a workflow gets by itself.
DEFAULT_LOGIN = "github-actions[bot]"
PAGE = 100
# 100,000 comments.
_MAX_PAGES = 1_000
_VIEWER = "query { viewer { login } }"
_HIDDEN = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on IssueComment { id isMinimized } } }"
_HIDE = (
    "mutation($id: ID!, $why: ReportedContentClassifiers!) {"
    " minimizeComment(input: {subjectId: $id, classifier: $why}) { minimizedComment { isMinimized } } }"
)
_UNKNOWN_FIELD = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class GitHub:
    """One pull request on GitHub.

    Attributes:
        client: Sends requests to the REST API.
        repository: `owner/name`.
        number: Number of the pull request.
        graphql: Sends requests to the GraphQL API, which alone knows what is hidden.
    """

    client: JsonClient
    repository: str
    number: int
    graphql: JsonClient

    def list_comments(self) -> Sequence[Comment]:
        """List the comments of this token with a marker that are not hidden, the oldest first."""
        login = self.find_login()
        own: list[Comment] = []
        for each in self._list_all(f"/repos/{self.repository}/issues/{self.number}/comments"):
            user = each.get("user")
            if isinstance(user, Mapping) and user.get("login") == login:
                found = make_comment(each.get("id"), each.get("body"), each.get("html_url"), each.get("node_id"))
                own += [] if found is None else [found]
        hidden = self._find_hidden([each.key for each in own])
        return [each for each in own if each.key not in hidden]

    def find_login(self) -> str:
        """Find the login that the token writes as."""
        for ask in (self._ask_viewer, self._ask_user):
            try:
                return ask()
            except (ApiError, KeyError, TypeError):
                continue
        return DEFAULT_LOGIN

    def create(self, body: str) -> Comment:
        """Write a new comment; if the answer is lost, it is searched for before it is written again.

        Raises:
            ApiError: It was refused.
        """
        path = f"/repos/{self.repository}/issues/{self.number}/comments"
        return write_once(self.client, path, body, self.list_comments, self._read)

    def edit(self, comment: Comment, body: str) -> Comment:
        """Replace the text of a comment.

        Raises:
            ApiError: It was refused.
        """
        path = f"/repos/{self.repository}/issues/comments/{comment.id}"
        return self._read(self.client.send("PATCH", path, {"body": body}).content)

    def hide(self, comment: Comment, why: str) -> None:
        """Hide a comment.

        Raises:
            ApiError: It was refused.
        """
        self._ask(_HIDE, {"id": comment.key, "why": why})

    def _list_all(self, path: str) -> Iterator[Mapping[str, object]]:
        for page in range(1, _MAX_PAGES + 1):
            answer = self.client.send("GET", f"{path}?per_page={PAGE}&page={page}")
            rows = answer.content if isinstance(answer.content, list) else []
            yield from (each for each in rows if isinstance(each, Mapping))
            if len(rows) < PAGE and 'rel="next"' not in answer.headers.get("link", ""):
                return

    def _find_hidden(self, keys: Sequence[str]) -> set[str]:
        """Find which comments are hidden; none if the service does not say."""
        hidden: set[str] = set()
        for start in range(0, len(keys), PAGE):
            try:
                data = self._ask(_HIDDEN, {"ids": list(keys[start : start + PAGE])})
            except ApiError:
                continue
            nodes = data.get("nodes")
            for node in nodes if isinstance(nodes, list) else []:
                if isinstance(node, Mapping) and node.get("isMinimized") is True:
                    hidden.add(str(node.get("id")))
        return hidden

    def _ask_viewer(self) -> str:
        viewer = self._ask(_VIEWER, {})["viewer"]
        return _read_login(viewer)

    def _ask_user(self) -> str:
        return _read_login(self.client.send("GET", "/user").content)

    def _ask(self, query: str, variables: Mapping[str, object]) -> Mapping[str, object]:
        answer = self.graphql.send("POST", "", {"query": query, "variables": variables}).content
        data = answer.get("data") if isinstance(answer, Mapping) else None
        errors = answer.get("errors") if isinstance(answer, Mapping) else None
        if errors or not isinstance(data, Mapping):
            first = errors[0] if isinstance(errors, list) and errors else {}
            message = first.get("message") if isinstance(first, Mapping) else None
            raise ApiError(_UNKNOWN_FIELD, str(message or "the GraphQL API gave no data"))
        return data

    def _read(self, content: object) -> Comment:
        row = content if isinstance(content, Mapping) else {}
        comment = make_comment(row.get("id"), row.get("body"), row.get("html_url"), row.get("node_id"))
        if comment is None:
            raise ApiError(_UNKNOWN_FIELD, "the service answered with another comment than was written")
        return comment


def find_pull_request(client: JsonClient, repository: str, commit: str) -> Mapping[str, object] | None:
    """Find the pull request that was merged as a commit; None if the commit was pushed without one.

    Raises:
        ApiError: The service refuses.
    """
    listed = client.send("GET", f"/repos/{repository}/commits/{quote(commit)}/pulls?per_page={PAGE}").content
    rows = [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []
    return next((each for each in rows if each.get("merged_at") and each.get("merge_commit_sha") == commit), None)


def find_artifact(client: JsonClient, repository: str, name: str, head: str, run: str = "") -> str:
    """Find the run that stored the newest artefact of a name for a commit of this repository; empty if there is none.

    An artefact that a run for a fork has stored does not count, since whoever owns the fork decides what is in it.

    Args:
        client: Sends the request.
        repository: `owner/name`.
        name: Name of the artefact.
        head: Commit for which the run was; empty for any.
        run: The run, if it is known.

    Raises:
        ApiError: The service refuses.
    """
    path = f"/repos/{repository}/actions/artifacts?per_page={PAGE}&name={quote(name)}"
    listed = client.send("GET", path).content
    rows = listed.get("artifacts") if isinstance(listed, Mapping) else None
    fitting = [each for each in rows if _fits(each, head, run)] if isinstance(rows, list) else []
    newest = max(fitting, key=lambda each: str(each["created_at"]), default=None)
    return "" if newest is None else str(newest["workflow_run"]["id"])


def _fits(artifact: Mapping[str, object], head: str, run: str) -> bool:
    found = artifact.get("workflow_run")
    if not isinstance(found, Mapping) or artifact.get("expired"):
        return False
    is_own = found.get("repository_id") == found.get("head_repository_id")
    return is_own and (not head or found.get("head_sha") == head) and (not run or str(found.get("id")) == run)


def _read_login(user: object) -> str:
    login = user.get("login") if isinstance(user, Mapping) else None
    if not isinstance(login, str) or not login:
        raise KeyError("login")
    return login
