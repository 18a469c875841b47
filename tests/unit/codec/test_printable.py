"""Only characters that show as what they are make a plain text."""

from __future__ import annotations

import pytest

from reconciler.codec.printable import is_plain


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
