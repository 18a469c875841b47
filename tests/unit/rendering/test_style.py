from __future__ import annotations

import pytest

from reconciler.rendering.style import Style, printable


@pytest.mark.parametrize(
    "text", ["", "weekly support retest", "größer als 60 000 €", "买入", "two  spaces", "👍 ⚠\ufe0f"]
)
def test_ordinary_text_is_shown_as_it_is(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2K", "\\x1b[2K"),
        ("a\rb\nc", "a\\x0db\\x0ac"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("a\u200bb\u2028c", "a\\u200bb\\u2028c"),
        ("a\u3164\u2800b", "a\\u3164\\u2800b"),
        ("a\ufe00", "a\\ufe00"),
        ("\U000e0041", "\\U000e0041"),
    ],
)
def test_what_steers_turns_or_hides_is_shown_by_its_number(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_no_row_of_spaces_can_push_the_rest_of_a_text_to_the_start_of_another_line() -> None:
    assert printable(f"mine{' ' * 4}Plan: 0 to add") == "mine\\x20\\x20\\x20\\x20Plan: 0 to add"


def test_what_is_not_printable_is_written_out() -> None:
    assert printable("plain, schön, 漢字") == "plain, schön, 漢字"
    assert printable("\x1b[2J\x9b\u202e\U000e0001\n") == "\\x1b[2J\\x9b\\u202e\\U000e0001\\x0a"


def test_paint_is_optional() -> None:
    assert Style().paint("x", "red") == "x"
    assert Style(is_on=True).paint("x") == "x"
    assert Style(is_on=True).paint("", "red") == ""
    assert Style(is_on=True).paint("x", "red", "bold") == "\x1b[31;1mx\x1b[0m"
