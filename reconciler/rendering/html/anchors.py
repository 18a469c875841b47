"""Addresses of trades inside a page."""

from __future__ import annotations

import re

_OTHER = re.compile(r"[^a-z0-9]+")
_LONGEST = 60


class Anchors:
    """Gives each trade an address of its own: `t-btc-dip`, and `t-btc-dip-2` for the next one with the same letters."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, name: str) -> str:
        """Return a new address, of small letters, digits and hyphens.

        Args:
            name: Name of the trade, whatever its characters.
        """
        plain = _OTHER.sub("-", name.lower()).strip("-")[:_LONGEST] or "trade"
        anchor, number = f"t-{plain}", 1
        while anchor in self._taken:
            number += 1
            anchor = f"t-{plain}-{number}"
        self._taken.add(anchor)
        return anchor
