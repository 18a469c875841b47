"""The line about live trades that nothing manages."""

from __future__ import annotations

from collections.abc import Sequence

# More ids than this are only counted.
_LONGEST_LIST = 5


def describe_unmanaged(live_ids: Sequence[int]) -> str:
    """How many there are and their ids, or empty where there is none."""
    if not live_ids:
        return ""
    shown = ", ".join(f"#{live_id}" for live_id in live_ids[:_LONGEST_LIST])
    more = len(live_ids) - _LONGEST_LIST
    trades = f"{len(live_ids)} live trade{'' if len(live_ids) == 1 else 's'}"
    return f"Not managed: {trades} on accounts of this target: {shown}{f' and {more} more' if more > 0 else ''}"
