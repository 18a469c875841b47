"""The first line of a comment: read as JSON, compared as a whole, and nothing in it ends it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from review.marker import Marker, read_marker, write_marker

MARKER = Marker(workspace="prod", target="real", digest="sha256:1", dangers=("ab",), add=3, applicable=False)
LINE = write_marker(MARKER)


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_a_marker_holds_is_one_line_and_is_read_back(label: str, workspace: str) -> None:
    marker = replace(MARKER, label=label, workspace=workspace)
    line = write_marker(marker)
    assert "\n" not in line
    assert line.count("--") == 2
    assert line.index("-->") == len(line) - 3
    assert read_marker(f"{line}\nrest") == marker


@pytest.mark.parametrize(
    "body",
    [
        f"> {LINE}",
        f"hello\n{LINE}",
        f" {LINE}",
        f"{LINE} and more",
        LINE.replace('"v":1', '"v":2'),
        LINE.replace('"v":1', '"v":true'),
        LINE.replace('"add":3', '"add":"3"'),
        LINE.replace('"add":3,', ""),
        LINE.replace('"applicable":false', '"applicable":0'),
        LINE.replace('["ab"]', "[1]"),
        LINE.replace("reconciler:plan", "reconciler:other"),
        "<!-- reconciler:plan {} -->",
        "<!-- reconciler:plan [] -->",
        "<!-- reconciler:plan {{{ -->",
        f"<!-- reconciler:plan {'[' * 10_000} -->",
        f"<!-- reconciler:plan {{{'[' * 10_000}}} -->",
        LINE.replace("sha256:1", "x" * 30_000),
        "",
    ],
)
def test_what_is_not_exactly_a_marker_is_none(body: str) -> None:
    assert read_marker(body) is None


def test_a_line_end_of_another_system_does_not_matter() -> None:
    assert read_marker(f"{LINE}\r\nrest") == MARKER


def test_the_run_and_what_names_the_same_plan_anew_are_not_compared() -> None:
    later = replace(MARKER, run="2", digest="sha256:2", commit="c", tree="t")
    assert later.without_run() == replace(MARKER, digest="").without_run()
    assert later.place == MARKER.place
    assert replace(MARKER, label="b").place != MARKER.place
