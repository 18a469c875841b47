"""Trades that would not be opened if some ids were not listed under `foreign`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from reconciler.matching.opening import Judge, Wanted
from reconciler.matching.sighting import Sighting


def find_opened_by_foreign(
    wanted: Iterable[Wanted], before: Sighting, added: Collection[int]
) -> Mapping[str, tuple[int, ...]]:
    """Find the trades that only some ids under `foreign` let open, with these ids.

    Args:
        wanted: Trades that are to be opened.
        before: What was seen, with the ids under `foreign` that were there before.
        added: SmartTrade ids that were added to `foreign` since.
    """
    if not added:
        return {}
    judge, created = Judge(before), before.history.created
    found: dict[str, tuple[int, ...]] = {}
    for each in wanted:
        obstacle, known = judge.judge(each).obstacle, created.get(each.name)
        in_the_way = {obstacle.live_id if obstacle else None, known.live_id if known else None}
        ids = tuple(sorted(live_id for live_id in in_the_way if live_id is not None and live_id in added))
        if ids:
            found[each.name] = ids
    return found
