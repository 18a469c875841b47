"""The characters that show as what they are, wherever a text ends up."""

from __future__ import annotations

import re

# These count as printable and show nothing, or only change the character before them: the joiner, fillers, the empty
# braille cell and variation selectors, but for the two that many emoji end with. Source: Unicode,
# Default_Ignorable_Code_Point, beside those of category Cf.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0d\uffa0\U000e0100-\U000e01ef]"
)


def is_plain(text: str) -> bool:
    """Return whether a text is one line of visible characters, none of which controls a terminal or reorders others."""
    return text.isprintable() and (text.isascii() or not _INVISIBLE.search(text))


def clean_text(text: str) -> str:
    """Return a text as one line: breaks and odd blanks as blanks, without characters that do not show.

    Args:
        text: For example a note as a person has typed it. A plain one is returned as it is.
    """
    if is_plain(text):
        return text
    # Some control characters, such as the unit separator, count as blanks.
    blanks = "".join(" " if character.isspace() else character for character in text)
    shown = "".join(character for character in _INVISIBLE.sub("", blanks) if character.isprintable())
    return " ".join(shown.split())
