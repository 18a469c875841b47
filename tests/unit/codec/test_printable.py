"""Only characters that show as what they are make a plain text."""

from __future__ import annotations

import pytest

from reconciler.codec.printable import clean_text, is_plain


@pytest.mark.parametrize("text", ["", "breakout", "weekly (retest) #2", "é ü ñ 漢字", "🚀", "❤️"])
def test_ordinary_text_is_plain(text: str) -> None:
    assert is_plain(text)


@pytest.mark.parametrize(
    "text",
    [
        "two\nlines",
        "tab\t",
        "\x1b[31mred",
        "back\x08",
        "\u202eturned",
        "\u200bzero width",
        "\ufeff",
        "\u034f",
        "\u115f",
        "\u2800",
        "\u3164",
        "\ufe00",
        "\U000e0100",
        "\ud800",
    ],
    ids=ascii,
)
def test_what_hides_or_steers_is_not(text: str) -> None:
    assert not is_plain(f"a{text}b")


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("entry 62000\nSL 60000\r\nTP 66000", "entry 62000 SL 60000 TP 66000"),
        ("a\u00a0\u2003b\tc", "a b c"),
        ("\U0001f468\u200d\U0001f469 family", "\U0001f468\U0001f469 family"),
        ("\u200bhidden\u202e", "hidden"),
        ("  plain stays  ", "  plain stays  "),
        ("\n\u2028", ""),
    ],
)
def test_a_text_is_cleaned_to_one_visible_line(text: str, cleaned: str) -> None:
    assert clean_text(text) == cleaned
    assert is_plain(clean_text(text))
