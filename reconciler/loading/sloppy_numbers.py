"""Numbers as people write them: `60,000`, `0,01`, `60k`, `$60000`, `5%`, `10x`, `500 USDT`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_DOWN, Context, Decimal

from reconciler.codec.numbers import plain
from reconciler.model.documents import MappingNode

# Longer texts are no numbers.
_MAX_CHARS = 40
_FACTORS = {"": 1, "k": 1_000, "m": 1_000_000}
_SLOPPY = re.compile(
    r"[\u201c\u201d\u2018\u2019~\u2248<>=@]*\s*(?P<before>[$€£]|x|[A-Za-z]{3,5}(?=\s))?\s*\+?"
    r"(?P<digits>-?[0-9.][0-9.,_'\u2019\s]*)(?P<factor>[kKmM](?![A-Za-z]))?\s*"
    r"(?P<unit>%|[$€£]|[A-Za-z]{0,8})[\u201c\u201d\u2018\u2019;,]*"
)
_THOUSANDS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
# Two prices and no blank after the comma: `66000,70000`. A fraction of three digits or more has few digits before it.
_TWO_NUMBERS = re.compile(r"-?[0-9]{4,},[0-9]{3,}")
_GROUPS_OF_THREE = re.compile(r"-?[0-9]{1,3}([\s,]+[0-9]{3})+([.,][0-9]+)?")
_FIRST_NUMBER = re.compile(r"[0-9][0-9.,]*[0-9]|[0-9]")
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
    if re.search(r"\s", match["digits"].strip()) and _GROUPS_OF_THREE.fullmatch(match["digits"].strip()) is None:
        return None
    written = re.sub(r"[_'\u2019\s]", "", match["digits"]).rstrip(",")
    if _TWO_NUMBERS.fullmatch(written):
        return None
    digits = _unify(written)
    if re.fullmatch(r"-?([0-9]+\.?[0-9]*|\.[0-9]+)", digits) is None:
        return None
    unit = match["unit"] or match["before"] or ""
    factor = _FACTORS[(match["factor"] or "").lower()]
    unit = {"X": "x", "PERCENT": "%", "PCT": "%"}.get(unit.upper(), unit.upper())
    return SloppyNumber(value=Decimal(digits) * factor, unit=unit)


def find_first_number(text: object) -> Decimal | None:
    """Return the first number of a text such as `58000 (-3%)`, `below 58000` or `59000-60000`; None without one."""
    match = _FIRST_NUMBER.search(text) if isinstance(text, str) and len(text) <= _MAX_CHARS else None
    if match is None:
        return None
    sloppy = read_sloppy_number(match[0])
    return sloppy.value if sloppy is not None else Decimal(re.split("[.,]", match[0])[0])


def join_split_number(first: object, rest: str) -> str | None:
    """Return a number that a comma has split in two inside of brackets: 60 and `000` are 60000, 0 and `01` are 0.01.

    Args:
        first: The value before the comma.
        rest: The text after it.
    """
    has_points = isinstance(first, Decimal) and re.fullmatch(r"[0-9]{1,3}\.[0-9]{3}", str(first)) is not None
    is_number = has_points or (isinstance(first, int) and not isinstance(first, bool))
    if not is_number or re.fullmatch(r"[0-9]+(\.[0-9]+)?", rest) is None:
        return None
    joined = _unify(f"{first},{rest}")
    # 60000 and 33.33 are two numbers.
    return plain(Decimal(joined)) if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", joined) else None


def is_rest_of_number(first: object, rest: object) -> bool:
    """Return whether two items of a list are one number that a comma has split: 66 and `000`.

    Only a rest that begins with 0 is sure, and one after 0: 66 and 500 may well be two numbers.
    """
    if isinstance(first, bool) or not isinstance(first, int):
        return False
    if first == 0:
        return isinstance(rest, int | str) and re.fullmatch(r"[0-9]+", str(rest)) is not None and rest is not True
    return isinstance(rest, str) and re.fullmatch(r"0[0-9]{2}(\.[0-9]+)?", rest) is not None


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


class SplitNumbers:
    """The numbers in the brackets of a mapping that commas have split: `{price: 60,000, units: 0,01}`.

    Attributes:
        node: The mapping while it is read.
    """

    def __init__(self, node: MappingNode) -> None:
        self.node = node
        self._parts: dict[str, list[str]] = {}

    def takes(self, rest: str) -> bool:
        """Return whether a key without a value is one number with the last value, or goes on a number split before."""
        if not rest[:1].isdigit() or not self.node:
            return False
        last = next(reversed(self.node))
        if last in self._parts:
            return re.fullmatch(r"[0-9]+(\.[0-9]+)?", rest) is not None
        return join_split_number(self.node[last], rest) is not None

    def join(self, rest: str) -> None:
        """Add a part to the number that is the last value."""
        last = next(reversed(self.node))
        self._parts.setdefault(last, [str(self.node[last])]).append(rest)

    def remove_all(self) -> Iterator[tuple[str, str, str]]:
        """Remove the numbers from the mapping; list the key of each, how it was written, and what was meant."""
        for key, parts in self._parts.items():
            del self.node[key]
            written = ",".join(parts)
            yield key, written, plain(Decimal(_unify(written))) if len(parts) < 3 else written.replace(",", "")
