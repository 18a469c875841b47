"""Problems are sorted by place, and a doubt about files is a warning."""

from __future__ import annotations

from reconciler.model.problems import Doubt, Problem, Severity


def problem(file: str, line: int, column: int = 1) -> Problem:
    return Problem(file=file, line=line, column=column, path="", message="is odd")


def test_problems_are_sorted_by_file_line_and_column() -> None:
    found = [problem("b", 1), problem("a", 10), problem("a", 9, 2), problem("a", 9, 1)]
    assert [(each.file, each.line, each.column) for each in sorted(found)] == [
        ("a", 9, 1),
        ("a", 9, 2),
        ("a", 10, 1),
        ("b", 1, 1),
    ]


def test_a_problem_is_an_error_unless_it_says_otherwise() -> None:
    assert problem("a", 1).severity is Severity.ERROR


def test_a_doubt_is_a_warning_that_says_why_and_what_to_do() -> None:
    warning = Doubt(file="team", reason="is a submodule that is not checked out", remedy="check it out").problem
    assert (warning.file, warning.severity) == ("team", Severity.WARNING)
    assert warning.message.startswith("is a submodule that is not checked out: plan files may be missing")
    assert warning.message.endswith("; check it out")
