"""The lines about live trades that are shown and left unchanged: those that nothing manages, and those elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

# A line lists at most this many ids; more are counted.
_LONGEST_LIST = 5


def describe_unmanaged(live_ids: Sequence[int]) -> str:
    """The number and ids of live trades that nothing manages, or empty if there are none."""
    return _describe("Not managed", "on accounts of this target", live_ids)


def describe_outside(live_ids: Sequence[int]) -> str:
    """The number and ids of live trades of the workspace on accounts of other targets, or empty if there are none."""
    return _describe("Left unchanged", "of this workspace on accounts that this target does not name", live_ids)


def _describe(head: str, where: str, live_ids: Sequence[int]) -> str:
    if not live_ids:
        return ""
    shown = ", ".join(f"#{live_id}" for live_id in live_ids[:_LONGEST_LIST])
    more = len(live_ids) - _LONGEST_LIST
    trades = f"{len(live_ids)} live trade{'' if len(live_ids) == 1 else 's'}"
    return f"{head}: {trades} {where}: {shown}{f' and {more} more' if more > 0 else ''}"
