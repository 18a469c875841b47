"""Leverage has a margin type and a whole number as value; the type `custom` is retired.

Source: SmartTradesV2 page, leverage; its revision of 2021-07-13 retired `custom`.
"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.codec.numbers import is_whole, plain
from reconciler.rules.candidate import Candidate, Finding, require, warn


def check_leverage(candidate: Candidate) -> Iterator[Finding]:
    """Find leverage that is incomplete, retired or not a whole number."""
    if not candidate.is_on("leverage", "enabled"):
        return
    yield from require(candidate, "leverage", "type", expected="cross or isolated")
    if candidate.get("leverage", "type") == "custom":
        message = "found custom, which is retired and works as isolated; expected cross or isolated"
        yield warn(("leverage", "type"), message)
    factor = candidate.number("leverage", "value")
    if factor is not None and (factor < 1 or not is_whole(factor)):
        yield Finding(path=("leverage", "value"), message=f"found {plain(factor)}, expected a whole number from 1")
