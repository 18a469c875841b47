"""Tables that fit a width."""

from __future__ import annotations

from reconciler.rendering.style import Style
from reconciler.rendering.table import Cell, Column, render_table
from reconciler.rendering.text_width import measure

COLUMNS = (Column("NAME"), Column("SIDE", rank=2), Column("UNITS", rank=1, is_number=True), Column("NOTE"))
ROWS = [
    [Cell("a"), Cell("long"), Cell("0.5"), Cell("x")],
    [Cell("a-longer-name"), Cell("short"), Cell("12"), Cell("")],
]


def test_numbers_are_aligned_to_the_right_and_lines_have_no_blank_at_their_end() -> None:
    assert render_table(COLUMNS, ROWS) == [
        "NAME           SIDE   UNITS  NOTE",
        "a              long     0.5  x",
        "a-longer-name  short     12",
    ]


def test_the_least_important_column_is_left_out_first() -> None:
    assert render_table(COLUMNS, ROWS, 26)[0].split() == ["NAME", "UNITS", "NOTE"]
    assert render_table(COLUMNS, ROWS, 20)[0].split() == ["NAME", "NOTE"]


def test_a_name_is_cut_in_its_middle_only_if_nothing_else_can_be_left_out() -> None:
    lines = render_table(COLUMNS, ROWS, 14)
    assert lines[2] == "a-lo…me" or "…" in lines[2]
    assert max(map(measure, lines)) <= 14


def test_a_long_name_is_cut_before_an_important_column_is_left_out() -> None:
    rows = [[Cell("a-name-of-more-than-forty-characters-in-all"), Cell("long"), Cell("0.5"), Cell("x")]]
    lines = render_table(COLUMNS, rows, 50)
    assert lines[0].split() == ["NAME", "SIDE", "UNITS", "NOTE"]
    assert max(map(measure, lines)) <= 50


def test_of_elastic_columns_the_widest_is_cut() -> None:
    columns = (Column("A"), Column("B", is_elastic=True), Column("C", is_elastic=True))
    lines = render_table(columns, [[Cell("1"), Cell("4 created"), Cell("name " * 9)]], 30)
    assert "4 created" in lines[1]
    assert max(map(measure, lines)) <= 30


def test_colours_take_no_room() -> None:
    painted = render_table([Column("A"), Column("B")], [[Cell("x", ("red",)), Cell("y")]], 4, Style(is_on=True))
    assert painted[1] == "\x1b[31mx\x1b[0m  y"


def test_wide_characters_keep_the_columns_in_line() -> None:
    lines = render_table([Column("A"), Column("B")], [[Cell("漢字"), Cell("y")], [Cell("ab"), Cell("z")]])
    assert lines[1:] == ["漢字  y", "ab    z"]


def test_no_rows_leave_the_head() -> None:
    assert render_table(COLUMNS, [], 80) == ["NAME  SIDE  UNITS  NOTE"]
