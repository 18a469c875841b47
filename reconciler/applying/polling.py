"""Waiting until the API has settled what it was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from reconciler.clock import Clock
from reconciler.errors import NotFound, UnreadableAnswer
from reconciler.live.endpoints import LARGEST_PAGE, SmartTradeApi
from reconciler.live.trades import read_trade
from reconciler.model.live import LiveTrade

# Source: clients of the API poll about once a second after a create; assumed: a minute is enough for a healthy one.
PATIENCE_S = 60.0
FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 8.0


def pauses(clock: Clock) -> Iterator[None]:
    """One turn at once, then others with growing pauses, until the patience is over."""
    ends_at = clock.monotonic() + PATIENCE_S
    wait_s = FIRST_WAIT_S
    yield
    while clock.monotonic() < ends_at:
        clock.sleep(wait_s)
        wait_s = min(wait_s * 2, LONGEST_WAIT_S)
        yield


def wait_for(api: SmartTradeApi, clock: Clock, live_id: int, is_settled: Callable[[LiveTrade], bool]) -> LiveTrade:
    """A trade as it is when it has settled, or when the patience is over.

    Args:
        api: Where to read.
        clock: Where to wait.
        live_id: Which trade.
        is_settled: Whether there is nothing more to wait for.
    """
    live: LiveTrade | None = None
    for _ in pauses(clock):
        live = read_trade(api.get(live_id))
        if is_settled(live):
            break
    if live is None:
        raise AssertionError("pauses yields at least once")
    return live


def read_many(api: SmartTradeApi, live_ids: Sequence[int]) -> dict[int, LiveTrade]:
    """Some trades that were created a moment ago, with as few requests as possible.

    Args:
        api: Where to read.
        live_ids: At most a page of ids, the newest trades of the account.

    Returns:
        Those that could be read; a trade that the API does not show yet is missing.
    """
    if len(live_ids) == 1:
        return _read_singly(api, live_ids)
    wanted = set(live_ids)
    found: dict[int, LiveTrade] = {}
    page = api.list_smart_trades(status="all", page=1, per_page=LARGEST_PAGE, order_direction="desc")
    for entity in page:
        if isinstance(entity, dict) and entity.get("id") in wanted:
            live = read_trade(entity)
            found[live.id] = live
    return found | _read_singly(api, sorted(wanted - found.keys()))


def _read_singly(api: SmartTradeApi, live_ids: Sequence[int]) -> dict[int, LiveTrade]:
    found: dict[int, LiveTrade] = {}
    for live_id in live_ids:
        try:
            found[live_id] = read_trade(api.get(live_id))
        except (NotFound, UnreadableAnswer):
            continue
    return found
