"""The lines about live trades that are shown and left unchanged: those that nothing manages, and those elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

# More ids than this are only counted.
_LONGEST_LIST = 5


def describe_unmanaged(live_ids: Sequence[int]) -> str:
    """How many live trades nothing manages and their ids, or empty where there is none."""
    return _describe("Not managed", "on accounts of this target", live_ids)


def describe_outside(live_ids: Sequence[int]) -> str:
    """How many live trades of the workspace are on accounts of other targets, or empty where there is none."""
    return _describe("Left unchanged", "of this workspace on accounts that this target does not name", live_ids)


def _describe(head: str, where: str, live_ids: Sequence[int]) -> str:
    if not live_ids:
        return ""
    shown = ", ".join(f"#{live_id}" for live_id in live_ids[:_LONGEST_LIST])
    more = len(live_ids) - _LONGEST_LIST
    trades = f"{len(live_ids)} live trade{'' if len(live_ids) == 1 else 's'}"
    return f"{head}: {trades} {where}: {shown}{f' and {more} more' if more > 0 else ''}"
