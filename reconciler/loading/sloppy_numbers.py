"""Numbers as people write them: `60,000`, `0,01`, `60k`, `$60000`, `5%`, `10x`, `500 USDT`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_DOWN, Context, Decimal

from reconciler.codec.numbers import plain
from reconciler.model.documents import MappingNode

# Longer texts are no numbers.
_MAX_CHARS = 40
_FACTORS = {"": 1, "k": 1_000, "m": 1_000_000}
_SLOPPY = re.compile(
    r"(?P<before>[$€£]|x)?\s*\+?(?P<digits>-?[0-9.][0-9.,_'\u2019\s]*)(?P<factor>[kKmM](?![A-Za-z]))?\s*"
    r"(?P<unit>%|[$€£]|[A-Za-z]{0,8})"
)
_THOUSANDS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_THOUSANDS_WITH_POINTS = re.compile(r"[0-9]{1,3}(\.[0-9]{3})+,[0-9]+|[0-9]{1,3}(\.[0-9]{3}){2,}")
# Enough for a size to write down; rounded down, so that it costs no more than was meant.
_SHORT = Context(prec=3, rounding=ROUND_DOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class SloppyNumber:
    """A number that somebody wrote in another form than a file has.

    Attributes:
        value: The number.
        unit: What was written beside it: `%`, `x`, a currency sign, letters in capitals, or nothing.
    """

    value: Decimal
    unit: str


def read_sloppy_number(text: object) -> SloppyNumber | None:
    """Read a number with separators, a factor or a unit; None if it is something else.

    Args:
        text: A value of a file.
    """
    match = _SLOPPY.fullmatch(text.strip()) if isinstance(text, str) and len(text) <= _MAX_CHARS else None
    if match is None or re.search(r",\s", match["digits"]):
        # A comma with a blank is between two numbers.
        return None
    digits = _unify(re.sub(r"[_'\u2019\s]", "", match["digits"]))
    if re.fullmatch(r"-?([0-9]+\.?[0-9]*|\.[0-9]+)", digits) is None:
        return None
    unit = match["unit"] or match["before"] or ""
    factor = _FACTORS[(match["factor"] or "").lower()]
    unit = {"X": "x", "PERCENT": "%", "PCT": "%"}.get(unit.upper(), unit.upper())
    return SloppyNumber(value=Decimal(digits) * factor, unit=unit)


def join_split_number(first: object, rest: str) -> str | None:
    """Return a number that a comma has split in two inside of brackets: 60 and `000` are 60000, 0 and `01` are 0.01.

    Args:
        first: The value before the comma.
        rest: The text after it.
    """
    if isinstance(first, bool) or not isinstance(first, int) or re.fullmatch(r"[0-9]+(\.[0-9]+)?", rest) is None:
        return None
    return plain(Decimal(_unify(f"{first},{rest}")))


def is_rest_of_number(first: object, rest: object) -> bool:
    """Return whether two items of a list are one number that a comma has split: 66 and `000`.

    Only a rest that begins with 0 is sure: 66 and 500 may well be two numbers.
    """
    is_number = isinstance(first, int) and not isinstance(first, bool) and first > 0
    return is_number and isinstance(rest, str) and re.fullmatch(r"0[0-9]{2}", rest) is not None


def shorten(number: Decimal) -> str:
    """Return the first three digits of a number, rounded down."""
    return plain(_SHORT.plus(number))


def _unify(digits: str) -> str:
    sign, digits = ("-", digits[1:]) if digits.startswith("-") else ("", digits)
    if _THOUSANDS.fullmatch(digits) and not digits.startswith("0"):
        digits = digits.replace(",", "")
    elif _THOUSANDS_WITH_POINTS.fullmatch(digits):
        digits = digits.replace(".", "").replace(",", ".")
    return sign + digits.replace(",", ".")


class SplitNumber:
    """A number in the brackets of a mapping that commas have split: `{price: 60,000}`.

    Attributes:
        node: The mapping while it is read.
        joined: The number that was meant; None if nothing was split.
    """

    def __init__(self, node: MappingNode) -> None:
        self.node = node
        self.joined: str | None = None
        self._parts: list[str] = []
        self._key = ""

    @property
    def written(self) -> str:
        """The number as it was written."""
        return ",".join(self._parts)

    def takes(self, rest: str) -> bool:
        """Return whether a key goes on with the number that is the last value, or with one that was split before."""
        if not rest[:1].isdigit() or not self.node:
            return False
        if self._parts and next(reversed(self.node)) == self._key:
            return re.fullmatch(r"[0-9]+(\.[0-9]+)?", rest) is not None
        return not self._parts and join_split_number(self.node[next(reversed(self.node))], rest) is not None

    def join(self, rest: str) -> None:
        """Add a part to the number."""
        self._key = next(reversed(self.node))
        self._parts = [*(self._parts or [str(self.node[self._key])]), rest]
        self.joined = plain(Decimal(_unify(self.written))) if len(self._parts) < 3 else self.written.replace(",", "")

    def remove(self) -> str:
        """Remove the number from the mapping; return its key."""
        del self.node[self._key]
        return self._key
