"""The lines about live trades that are shown and left unchanged: those that nothing manages, and those elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.rendering.words import count_ids, count_of


def describe_unmanaged(live_ids: Sequence[int]) -> str:
    """Write the number and ids of live trades that nothing manages, or empty if there are none."""
    return _describe("Not managed", "on accounts of this target", live_ids)


def describe_outside(live_ids: Sequence[int]) -> str:
    """Write the number and ids of trades of the workspace on accounts of other targets, or empty if there are none."""
    return _describe("Left unchanged", "of this workspace on accounts that this target does not name", live_ids)


def _describe(head: str, where: str, live_ids: Sequence[int]) -> str:
    if not live_ids:
        return ""
    return f"{head}: {count_of(len(live_ids), 'live trade')} {where}: {count_ids(live_ids)}"
