"""What is said about a text that is not YAML."""

from __future__ import annotations

import pytest

from reconciler.loading.files import load_text

DEEP = "found a key that is not below the key of the line above; begin it in column"


def say(text: str) -> tuple[int, int, str]:
    document, (problem,) = load_text(text, "plan.yaml")
    assert document is None
    return problem.line, problem.column, problem.message.removeprefix("is not YAML here: ")


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("a:\n  -b: 1\n    c: 2\n", 2, 3, "found a dash without a blank after it; write '- b: 1'"),
        ("a:\n  \u2022 b: 1\n    c: 2\n", 2, 3, "found \u2022, expected a dash; write '- b: 1'"),
        ("a\uff1a 1\nb: 2\n", 1, 1, "found \uff1a (U+FF1A), a sign of another keyboard; write 'a: 1'"),
        ("a: 1\n// a remark\nb: 2\n", 2, 1, "found //, but a comment begins with #"),
        ("a: {b: 1\nc: 2\n", 1, 4, "found { without its closing } in this line; write it at the end"),
        ("a: {b: 1; c: 2}\n", 1, 12, "found a semicolon, expected a comma between two keys"),
        ("a: {b: @5}\n", 1, 8, "found @ before a number, expected the number alone; write 5"),
        (
            "a:\n  b: 1\n   c: 2\n",
            3,
            4,
            f"{DEEP} 3",
        ),
        (
            "a:\n  - b: 1\n  c: 2\n",
            3,
            3,
            f"{DEEP} 5",
        ),
        ("a:\n  b:\n\tc: 2\n", 3, 1, "found a tab in the indentation, expected spaces"),
        ("a/b LONG\nc: 2\n", 1, 1, "found a line without a colon, expected 'key: value'"),
    ],
)
def test_a_text_that_is_not_yaml_is_answered_with_the_line_to_write(
    text: str, line: int, column: int, message: str
) -> None:
    assert say(text) == (line, column, message)


@pytest.mark.parametrize("text", ["x: [", "x: {", "x: '", "- [", "\n\n&", "a: *"])
def test_a_text_that_breaks_off_is_a_problem_too(text: str) -> None:
    document, problems = load_text(text, "plan.yaml")
    assert document is None
    assert len(problems) == 1


def test_a_line_that_may_hold_a_secret_is_not_repeated() -> None:
    _, problems = load_text("version: 1\napi_secret = s3cr3t\nb: 2\n", "reconciler.yaml")
    assert problems
    assert all("s3cr3t" not in f"{problem.message}{problem.source_line}" for problem in problems)
