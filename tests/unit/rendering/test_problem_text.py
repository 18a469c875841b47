"""Problems as text, JSON and GitHub annotations."""

from __future__ import annotations

import json

import pytest

from reconciler.model.problems import Problem, Severity
from reconciler.rendering.problem_text import render_problems_github, render_problems_json, render_problems_text


def make(line: int = 3, column: int = 8, **fields: object) -> Problem:
    values = {"file": "plans/a.yaml", "path": "trades.a.pair", "message": "is odd", "source_line": "    pair: X"}
    return Problem(line=line, column=column, **{**values, **fields})  # type: ignore[arg-type]  # test values


def test_a_problem_is_shown_with_its_line_and_a_caret() -> None:
    problems = [
        make(column=11, message="is lower case", source_line="    pair: usdt_btc"),
        make(line=1, column=1, path="", message="is old", source_line="version: 0", severity=Severity.WARNING),
    ]
    assert render_problems_text(problems) == (
        "plans/a.yaml:1:1: warning: is old\n"
        "    1 | version: 0\n"
        "      | ^\n"
        "plans/a.yaml:3:11: error: trades.a.pair: is lower case\n"
        "    3 |     pair: usdt_btc\n"
        "      |           ^\n"
        "1 error, 1 warning\n"
    )


def test_problems_are_shown_by_file_and_place() -> None:
    problems = [
        make(file="b", line=1),
        make(file="a", line=10),
        make(file="a", line=9, column=5),
        make(file="a", line=9),
    ]
    places = [line.partition(": ")[0] for line in render_problems_text(problems).splitlines() if ": error" in line]
    assert places == ["a:9:5", "a:9:8", "a:10:8", "b:1:8"]


def test_no_problems_are_no_text() -> None:
    assert render_problems_text([]) == ""
    assert render_problems_github([]) == ""


def test_a_problem_without_a_line_is_one_line() -> None:
    assert render_problems_text([make(source_line="")]) == (
        "plans/a.yaml:3:8: error: trades.a.pair: is odd\n1 error, 0 warnings\n"
    )


def test_colour_marks_severity_and_caret_only_when_asked_for() -> None:
    problems = [make(), make(severity=Severity.WARNING, source_line="")]
    text = render_problems_text(problems, color=True)
    assert "\x1b[31merror\x1b[0m: trades.a.pair: is odd" in text
    assert "\x1b[33mwarning\x1b[0m" in text
    assert "\x1b" not in render_problems_text(problems)


def test_the_caret_stands_below_wide_and_combining_characters() -> None:
    lines = render_problems_text([make(column=6, source_line="買い\u0301: x")]).splitlines()
    assert lines[2].index("^") - lines[1].index("買") == 6


def test_a_tab_before_the_place_does_not_move_the_caret() -> None:
    lines = render_problems_text([make(column=2, source_line="\tpair: X")]).splitlines()
    assert lines[1].index("pair") == lines[2].index("^")


@pytest.mark.parametrize("column", [1, 40, 500, 1000])
def test_of_a_long_line_the_part_around_the_place_is_shown(column: int) -> None:
    line = "".join(chr(ord("a") + index % 26) for index in range(1000))
    shown, caret = render_problems_text([make(column=column, source_line=line)]).splitlines()[1:3]
    assert len(shown) < 135
    assert shown[caret.index("^")] == line[column - 1]
    assert shown.endswith("…") is (column < 900)


def test_nothing_from_a_file_can_steer_a_terminal() -> None:
    nasty = "\x1b[2J\x07\u202e\n\r\u2028"
    problem = make(file=f"a{nasty}.yaml", path=nasty, message=nasty, source_line=nasty)
    for text in (render_problems_text([problem]), render_problems_github([problem])):
        assert not any(character in text for character in "\x1b\x07\u202e\r\u2028")
    assert len(render_problems_github([problem]).splitlines()) == 1


def test_json_is_complete() -> None:
    problems = [make(), make(line=1, severity=Severity.WARNING)]
    assert json.loads(render_problems_json(problems, 4)) == {
        "format_version": "1.0",
        "valid": False,
        "error_count": 1,
        "warning_count": 1,
        "files_checked": 4,
        "diagnostics": [
            {
                "severity": severity,
                "file": "plans/a.yaml",
                "line": line,
                "column": 8,
                "path": "trades.a.pair",
                "message": "is odd",
                "snippet": "    pair: X",
            }
            for severity, line in (("warning", 1), ("error", 3))
        ],
    }


def test_warnings_leave_files_valid() -> None:
    assert json.loads(render_problems_json([make(severity=Severity.WARNING)], 1))["valid"] is True
    assert json.loads(render_problems_json([], 1))["diagnostics"] == []


def test_json_is_ascii_so_that_every_pipe_carries_it() -> None:
    assert render_problems_json([make(message="“é”")], 1).isascii()


def test_github_annotations_are_escaped() -> None:
    problem = make(file="plans/a,b:c%.yaml", path="trades.a", message="50% off: a,b")
    assert render_problems_github([problem, make(line=9, severity=Severity.WARNING, path="", message="x")]) == (
        "::error file=plans/a%2Cb%3Ac%25.yaml,line=3,col=8,title=trades.a::trades.a: 50%25 off: a,b\n"
        "::warning file=plans/a.yaml,line=9,col=8,title=plan file::x\n"
    )
