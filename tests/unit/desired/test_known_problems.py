"""What follows from a problem that is known is not reported again."""

from __future__ import annotations

import pytest

from reconciler.desired.known_problems import KnownProblems
from reconciler.model.problems import Problem, Severity


def problem(path: str, severity: Severity = Severity.ERROR) -> Problem:
    return Problem(file="a.yaml", line=1, column=1, path=path, message="is odd", severity=severity)


def known(*paths: str) -> KnownProblems:
    return KnownProblems.from_problems([problem(path) for path in paths], ["a", "a.b", "c"])


def test_problems_are_sorted_by_trade_and_a_dot_in_a_name_counts_for_both() -> None:
    found = known("trades.a.pair", "trades.a.b.pair", "trades.c", "defaults.note", "trades.unknown")
    assert [each.path for each in found.of_file] == ["defaults.note"]
    paths = {name: [each.path for each in problems] for name, problems in found.of_trades.items()}
    assert paths == {
        "a": ["trades.a.pair", "trades.a.b.pair"],
        "a.b": ["trades.a.b.pair"],
        "c": ["trades.c"],
    }


def test_only_errors_refuse_a_trade_or_a_file() -> None:
    warnings = KnownProblems.from_problems([problem("trades.a.pair", Severity.WARNING)], ["a"])
    assert not warnings.has_error("a")
    assert not warnings.has_file_error()
    assert known("trades.a.pair").has_error("a")
    assert not known("trades.a.pair").has_file_error()
    assert known("account").has_file_error()


def test_a_field_with_a_problem_of_its_own_is_known() -> None:
    assert known("trades.a.account").has_problem_at(("trades", "a", "account"))
    assert not known("trades.a.account").has_problem_at(("trades", "c", "account"))
    assert known("account").has_problem_at(("account",))


@pytest.mark.parametrize(
    ("problem_path", "field", "is_written", "is_explained"),
    [
        ("trades.a.position", ("position", "units"), True, True),
        ("trades.a", ("position",), True, True),
        ("trades.a.position.units", ("position",), True, False),
        ("trades.a.take_profit[0]", ("take_profit", 0, "price"), True, True),
        ("defaults.position", ("position", "units"), True, True),
        # A key that is missing may be there under a misspelt name.
        ("trades.a.postion", ("position",), False, True),
        ("trades.a.postion", ("position",), True, False),
        ("trades.a.colour", ("position",), False, False),
        ("trades.c.position", ("position",), True, False),
    ],
)
def test_a_finding_below_a_known_problem_follows_from_it(
    problem_path: str, field: tuple[str | int, ...], *, is_written: bool, is_explained: bool
) -> None:
    assert known(problem_path).explains(("trades", "a", *field), is_written=is_written) is is_explained
