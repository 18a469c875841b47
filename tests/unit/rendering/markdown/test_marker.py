"""The marker of a comment: written and read whole, and never found in a part of a text."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.live import Phase
from reconciler.model.review import ConfigChange
from reconciler.rendering.markdown.marker import (
    CommentMarker,
    MarkerKind,
    close_comment,
    find_dangers,
    make_plan_marker,
    read_marker,
    write_marker,
)
from tests.support import builders, planning
from tests.support.guardrails import judge

MARKER = CommentMarker(kind=MarkerKind.PLAN, workspace="prod", target="real", digest="sha256:1", danger=("a1", "b2"))
LOOSEN = planning.only(
    planning.plan([builders.spec(builders.terms(stop_loss=builders.stop(57000)))], [builders.live(phase=Phase.OPEN)])
)
CREATE = planning.only(planning.plan([builders.spec(name="new")]))


@given(st.builds(replace, st.just(MARKER), workspace=st.text(), target=st.text(), label=st.text(), run=st.text()))
def test_a_marker_is_read_as_it_was_written_and_is_one_html_comment(marker: CommentMarker) -> None:
    line = write_marker(marker)
    assert read_marker(f"{line}\nbody") == marker
    assert "\n" not in line
    assert line.index("-->") == len(line) - 3
    assert "--" not in line[len("<!--") : -len("-->")]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "hello",
        f" {write_marker(MARKER)}",
        f"x\n{write_marker(MARKER)}",
        f"{write_marker(MARKER)} and more",
        write_marker(MARKER).replace('"v":1', '"v":2'),
        write_marker(MARKER).replace('"workspace":"prod"', '"workspace":1'),
        write_marker(MARKER).replace('"add":0', '"add":true'),
        write_marker(MARKER).replace("plan {", "other {"),
        "<!-- reconciler:plan {} -->",
        "<!-- reconciler:plan [] -->",
        "<!-- reconciler:plan { -->",
        "<!-- reconciler:plan " + "[" * 10_000 + " -->",
    ],
)
def test_what_is_no_whole_marker_is_none(body: str) -> None:
    assert read_marker(body) is None


def test_comments_are_compared_by_kind_workspace_target_and_label_as_a_whole() -> None:
    assert MARKER.is_same_place(replace(MARKER, digest="sha256:2", add=7))
    for other in ({"workspace": "prod2"}, {"target": "rea"}, {"label": "x"}, {"kind": MarkerKind.APPLY}):
        assert not MARKER.is_same_place(replace(MARKER, **other))


def test_danger_has_grown_if_something_is_there_that_was_not() -> None:
    assert not MARKER.has_grown(MARKER)
    assert not replace(MARKER, danger=("a1",)).has_grown(MARKER)
    assert replace(MARKER, danger=("a1", "c3")).has_grown(MARKER)


def test_operations_that_rank_high_passed_limits_and_changed_rules_are_dangers() -> None:
    harmless = builders.plan([CREATE])
    assert find_dangers(harmless) == ()
    loosened = builders.plan([LOOSEN])
    assert len(find_dangers(loosened)) == 1
    limited = replace(loosened, guardrails=judge([LOOSEN]))
    assert len(find_dangers(limited)) == 2
    ruled = replace(limited, config_changes=(ConfigChange(path="guardrails.closes", before="0", after="1"),))
    assert len(find_dangers(ruled)) == 3
    assert find_dangers(replace(loosened, operations=(replace(LOOSEN, trade="x"),))) != find_dangers(loosened)


def test_the_marker_of_a_plan_has_its_numbers() -> None:
    plan = builders.plan([CREATE])
    marker = make_plan_marker(plan, digest="sha256:1", operations_digest="sha256:2", label="a", run="https://run")
    assert (marker.add, marker.change, marker.destroy, marker.is_applicable) == (1, 0, 0, True)
    assert (marker.workspace, marker.target, marker.label, marker.run) == ("test", "sandbox", "a", "https://run")


def test_a_closed_comment_says_why_and_is_marked() -> None:
    closed = close_comment(f"{write_marker(MARKER)}\n### Title\n\ntext\n", "Applied.")
    assert read_marker(closed) == replace(MARKER, is_closed=True)
    assert closed.splitlines()[1:] == ["### Title", "", "> Applied.", "", "text"]
    with pytest.raises(ValueError, match="no marker"):
        close_comment("text", "Applied.")
