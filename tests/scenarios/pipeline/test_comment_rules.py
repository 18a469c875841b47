"""The rules by which a comment is written, against a stand-in of the service with pages, strangers and faults."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from review.comments import Comment
from review.github import GitHub
from review.http_json import ApiError, JsonClient
from review.marker import Marker, read_marker, write_marker
from review.posting import BUDGET_BYTES, Draft, Mode, close, post

from tests.support.github_stand_in import LOGIN, REPOSITORY, TOKEN, Fault, GitHubStandIn

MARKER = Marker(workspace="prod", target="real", dangers=("a",))


@dataclass
class Reviewer:
    """Writes comments, and keeps the warnings."""

    host: GitHub
    warnings: list[str] = field(default_factory=list)

    def post(
        self, marker: Marker = MARKER, text: str = "the plan", mode: Mode = Mode.AUTO, **more: object
    ) -> Comment | None:
        draft = Draft(marker=marker, render=lambda budget: text[: max(budget, 4)], **more)  # type: ignore[arg-type]
        return post(self.host, draft, mode, self.warnings.append)


@pytest.fixture
def host(service: GitHubStandIn) -> GitHub:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    rest = JsonClient(base_url=service.url, headers=headers, pauses_s=(0, 0, 0))
    return GitHub(
        client=rest, repository=REPOSITORY, number=7, graphql=replace(rest, base_url=f"{service.url}/graphql")
    )


@pytest.fixture
def reviewer(host: GitHub) -> Reviewer:
    return Reviewer(host)


def test_a_second_plan_edits_the_comment_of_the_first(service: GitHubStandIn, reviewer: Reviewer) -> None:
    reviewer.post()
    reviewer.post(text="another plan")
    (comment,) = service.visible()
    assert comment["body"].endswith("another plan\n")
    assert len(service.comments) == 1


def test_the_same_plan_sends_no_write(service: GitHubStandIn, reviewer: Reviewer) -> None:
    reviewer.post(text="the plan\n\n<sub>prices seen at 1</sub>", footer="run 1")
    before = service.writes
    later = replace(MARKER, run="2", commit="c2")
    again = reviewer.post(later, "the plan\n\n<sub>prices seen at 2</sub>", footer="run 2")
    assert service.writes == before
    assert again is not None


@pytest.mark.parametrize(
    ("mode", "dangers", "is_new"),
    [
        (Mode.AUTO, ("a", "b"), True),
        (Mode.AUTO, ("b",), True),
        (Mode.AUTO, ("a",), False),
        (Mode.AUTO, (), False),
        (Mode.UPDATE, ("a", "b"), False),
        (Mode.NEW, ("a",), True),
    ],
)
def test_danger_that_has_grown_is_written_anew_since_an_edit_notifies_nobody(
    service: GitHubStandIn, reviewer: Reviewer, mode: Mode, dangers: tuple[str, ...], *, is_new: bool
) -> None:
    reviewer.post()
    reviewer.post(replace(MARKER, dangers=dangers), "grown", mode)
    (comment,) = service.visible()
    assert comment["body"].endswith("grown\n")
    assert [each["hidden"] for each in service.comments] == (["OUTDATED", ""] if is_new else [""])


def test_no_comment_is_written_if_none_is_wanted(service: GitHubStandIn, reviewer: Reviewer) -> None:
    assert reviewer.post(mode=Mode.NEVER) is None
    assert service.requests == []


def test_a_plan_with_nothing_to_do_makes_no_comment_but_keeps_one_up_to_date(
    service: GitHubStandIn, reviewer: Reviewer
) -> None:
    assert reviewer.post(is_due=False) is None
    reviewer.post()
    reviewer.post(text="No changes.", is_due=False)
    assert [each["body"].endswith("No changes.\n") for each in service.comments] == [True]


def test_comments_of_others_are_never_touched_whatever_they_say(service: GitHubStandIn, reviewer: Reviewer) -> None:
    copied = service.add(f"{write_marker(MARKER)}\nforged")
    quoted = service.add(f"> {write_marker(MARKER)}\nquoted", LOGIN)
    reviewer.post()
    assert copied["body"].endswith("forged")
    assert quoted["body"].endswith("quoted")
    assert len(service.comments) == 3
    assert (copied["hidden"], quoted["hidden"]) == ("", "")


def test_the_comment_is_found_on_the_last_page(service: GitHubStandIn, reviewer: Reviewer) -> None:
    for number in range(199):
        service.add(f"noise {number}")
    reviewer.post()
    for number in range(90):
        service.add(f"more noise {number}")
    reviewer.post(text="edited")
    assert len(service.visible()) == 1
    pages = [each[1].rpartition("page=")[2] for each in service.sent("GET", "/issues/7/comments")]
    assert pages == ["1", "2", "1", "2", "3"]


def test_another_target_or_label_has_a_comment_of_its_own(service: GitHubStandIn, reviewer: Reviewer) -> None:
    reviewer.post()
    reviewer.post(replace(MARKER, target="paper"))
    reviewer.post(replace(MARKER, label="b"))
    assert len(service.visible()) == 3


def test_of_several_the_newest_is_used_and_the_others_are_hidden(service: GitHubStandIn, reviewer: Reviewer) -> None:
    for number in range(3):
        service.add(f"{write_marker(MARKER)}\n{number}", LOGIN)
    reviewer.post()
    assert [each["hidden"] for each in service.comments] == ["DUPLICATE", "DUPLICATE", ""]


def test_a_hidden_comment_is_not_used_again(service: GitHubStandIn, reviewer: Reviewer) -> None:
    reviewer.post()
    service.comments[0]["hidden"] = "OUTDATED"
    reviewer.post()
    assert len(service.comments) == 2


def test_a_closed_comment_is_not_edited_again(service: GitHubStandIn, reviewer: Reviewer, host: GitHub) -> None:
    reviewer.post(text="the plan")
    close(host, MARKER, "**Applied** by run 3.", reviewer.warnings.append)
    closed = service.comments[0]["body"]
    marker = read_marker(closed)
    assert marker is not None
    assert marker.closed
    assert "> **Applied** by run 3." in closed
    assert "the plan" in closed
    assert close(host, MARKER, "again", reviewer.warnings.append) is None
    reviewer.post(text="a later plan")
    assert [each["body"].endswith("a later plan\n") for each in service.comments] == [False, True]
    assert service.comments[0]["body"] == closed


@pytest.mark.parametrize(("knows_viewer", "knows_user"), [(True, False), (False, True), (False, False)])
def test_the_own_login_is_found_by_what_the_token_may_ask(
    service: GitHubStandIn, host: GitHub, *, knows_viewer: bool, knows_user: bool
) -> None:
    service.knows_viewer, service.knows_user = knows_viewer, knows_user
    service.login = "trade-bot[bot]" if knows_viewer or knows_user else LOGIN
    assert host.find_login() == service.login


def test_a_refused_comment_is_an_error_with_the_words_of_the_service(
    service: GitHubStandIn, reviewer: Reviewer
) -> None:
    service.faults.append(Fault("POST", "/issues/7/comments", 403))
    with pytest.raises(ApiError, match="403 Fault 403"):
        reviewer.post()
    assert len(service.sent("POST", "/issues/7/comments")) == 1


def test_a_comment_that_is_too_long_is_halved_once_and_then_its_head_is_left(
    service: GitHubStandIn, reviewer: Reviewer
) -> None:
    service.max_bytes = BUDGET_BYTES * 3 // 4
    reviewer.post(text="x" * 100_000)
    assert len(service.comments[0]["body"].encode()) == BUDGET_BYTES // 2
    service.max_bytes = 1_000
    reviewer.post(replace(MARKER, label="b"), "y" * 100_000)
    assert service.comments[1]["body"].endswith("\nyyyy\n")


def test_a_comment_keeps_its_budget_in_bytes(service: GitHubStandIn, reviewer: Reviewer) -> None:
    reviewer.post(text="x" * 100_000, footer="run 1")
    assert len(service.comments[0]["body"].encode()) == BUDGET_BYTES


@pytest.mark.parametrize("after", [True, False])
def test_a_lost_answer_to_a_new_comment_does_not_write_it_twice(
    service: GitHubStandIn, reviewer: Reviewer, *, after: bool
) -> None:
    service.faults.append(Fault("POST", "/issues/7/comments", 502, after=after))
    assert reviewer.post() is not None
    assert len(service.visible()) == 1


def test_reading_and_editing_are_tried_again_and_end(service: GitHubStandIn, reviewer: Reviewer) -> None:
    reviewer.post()
    service.faults.extend([Fault("GET", "/comments", 500), Fault("GET", "/comments", 503), Fault("PATCH", "/", 500)])
    assert reviewer.post(text="edited") is not None
    service.faults.extend([Fault("PATCH", "/", 500)] * 4)
    with pytest.raises(ApiError, match="500"):
        reviewer.post(text="edited again")
    assert len(service.sent("PATCH")) == 2 + 4


def test_a_service_that_asks_for_patience_gets_it_up_to_a_minute(service: GitHubStandIn, reviewer: Reviewer) -> None:
    service.faults.append(Fault("POST", "/issues/7/comments", 403, {"Retry-After": "0"}))
    assert reviewer.post() is not None
    service.faults.append(Fault("PATCH", "/", 429, {"Retry-After": "3600"}))
    with pytest.raises(ApiError, match="429"):
        reviewer.post(text="edited")


def test_a_comment_that_somebody_has_deleted_meanwhile_is_written_again(
    service: GitHubStandIn, reviewer: Reviewer
) -> None:
    reviewer.post()
    service.faults.append(Fault("PATCH", "/", 404))
    assert reviewer.post(text="edited") is not None
    assert len(service.comments) == 2


def test_what_cannot_be_hidden_is_a_warning(service: GitHubStandIn, reviewer: Reviewer) -> None:
    reviewer.post()
    service.faults.extend([Fault("POST", "/graphql", 401)] * 3)
    reviewer.post(replace(MARKER, dangers=("b",)))
    assert len(reviewer.warnings) == 1
    assert "could not be hidden" in reviewer.warnings[0]


def test_a_redirect_is_not_followed_so_the_token_goes_nowhere_else(service: GitHubStandIn, reviewer: Reviewer) -> None:
    service.faults.append(Fault("GET", "/comments", 302, {"Location": f"{service.url}/elsewhere"}))
    with pytest.raises(ApiError, match="redirects"):
        reviewer.post()
    assert service.sent("GET", "elsewhere") == []


def test_a_service_that_is_not_there_is_an_error_without_the_token(host: GitHub) -> None:
    gone = replace(host, client=replace(host.client, base_url="http://127.0.0.1:9"))
    with pytest.raises(ApiError, match="no answer") as caught:
        gone.list_comments()
    assert TOKEN not in str(caught.value)
    assert TOKEN not in repr(gone)


def test_an_answer_that_is_not_json_is_an_error(service: GitHubStandIn, host: GitHub) -> None:
    service.page = "<html>log in</html>"
    with pytest.raises(ApiError, match="not JSON"):
        host.list_comments()
