"""Live trades that are shown and left unchanged: unmanaged ones, and those outside the target."""

from __future__ import annotations

from collections.abc import Collection

from reconciler.matching.sighting import Index
from reconciler.model.live import LiveTrade


def find_unmanaged(index: Index, accounts: Collection[int], named: Collection[int | None]) -> tuple[int, ...]:
    """SmartTrade ids of live trades that nothing manages: they have no marker and are not foreign.

    Args:
        index: The active trades.
        accounts: The accounts of the target.
        named: SmartTrade ids that are foreign or that a finding is about.
    """
    lives = index.unmarked.lives
    return tuple(sorted(live.id for live in lives if live.terms.account_id in accounts and live.id not in named))


def find_outside(index: Index, foreign: Collection[int]) -> tuple[LiveTrade, ...]:
    """Live trades of the workspace on accounts that the target does not name, without foreign ones."""
    lives = (live for trades in index.outside.values() for live in trades if live.id not in foreign)
    return tuple(sorted(lives, key=lambda live: live.id))
