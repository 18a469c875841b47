"""A parsed file knows the position of everything, and the nearest parent of what is not there."""

from __future__ import annotations

import pytest

from reconciler.loading.files import load_text
from reconciler.model.documents import Document, FieldPath, make_mark, write_path
from reconciler.model.problems import Severity


def load() -> Document:
    document, _ = load_text("a: 1\nlist:\n- {x: 1}\n- y\n", "plan.yaml")
    assert document is not None
    return document


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        (("a",), (1, 1), (1, 4)),
        (("list", 0, "x"), (3, 4), (3, 7)),
        (("list", 1), (4, 3), (4, 3)),
        (("list", 5), (2, 1), (3, 1)),
        (("nowhere", "else"), (1, 1), (1, 1)),
    ],
)
def test_keys_and_values_have_positions(path: FieldPath, key: tuple[int, int], value: tuple[int, int]) -> None:
    document = load()
    found = [(origin.line, origin.column) for origin in (document.find_key(path), document.find_value(path))]
    assert found == [key, value]


def test_a_mark_is_a_line_and_a_column_from_0() -> None:
    origin = load().locate(make_mark(2, 3))
    assert (origin.file, origin.line, origin.column) == ("plan.yaml", 3, 4)


def test_a_problem_shows_path_position_and_line() -> None:
    problem = load().problem(("list", 0, "x"), "is odd", severity=Severity.WARNING)
    assert (problem.line, problem.column, problem.path) == (3, 7, "list[0].x")
    assert (problem.source_line, problem.severity) == ("- {x: 1}", Severity.WARNING)
    assert load().problem((), "is odd", at=load().locate(make_mark(99, 0))).source_line == ""


@pytest.mark.parametrize(
    ("path", "text"), [((), ""), (("a",), "a"), (("a", 0, "b"), "a[0].b"), (("a", 0, 1), "a[0][1]")]
)
def test_a_path_is_written_with_points_and_brackets(path: FieldPath, text: str) -> None:
    assert write_path(path) == text
