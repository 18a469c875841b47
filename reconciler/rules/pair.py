"""A pair is the name that the market lists. Only the market knows its names, so a plan finds out which exist.

Source: general API information, pairs. Observed: names of 27 markets, with letters of any script and `$ : . -`.
"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.codec.printable import is_plain
from reconciler.rules.candidate import Candidate, Finding


def check_pair(candidate: Candidate) -> Iterator[Finding]:
    """Find a pair with a character that a reviewer cannot see."""
    pair = candidate.text("pair")
    if pair is not None and not is_plain(pair):
        message = "found a character that does not show, expected a pair such as USDT_BTC; write it again"
        yield Finding(path=("pair",), message=message)
