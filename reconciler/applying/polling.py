"""Polling: reading again until the API has settled what it was asked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from math import ceil

from reconciler.clock import Clock
from reconciler.codec.live_trades import read_trade
from reconciler.errors import NotFound, UnreadableAnswer
from reconciler.live.endpoints import LARGEST_PAGE, SmartTradeApi
from reconciler.model.live import LiveTrade, Phase
from reconciler.session import Session

# Source: clients of the API poll about once a second after a create; assumed: a minute is enough for a healthy one.
PATIENCE_S = 60.0
FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 8.0
# So many trades are read one by one, more of them by the page.
_FEW_TRADES = 3


def pauses(clock: Clock) -> Iterator[None]:
    """Yield at once, then again after growing pauses, until the patience is over."""
    ends_at = clock.monotonic() + PATIENCE_S
    wait_s = FIRST_WAIT_S
    yield
    while clock.monotonic() < ends_at:
        clock.sleep(wait_s)
        wait_s = min(wait_s * 2, LONGEST_WAIT_S)
        yield


def wait_for(session: Session, live_id: int, is_settled: Callable[[LiveTrade], bool]) -> LiveTrade:
    """Read a trade until it has settled or the patience is over.

    Args:
        session: Where to read and to wait.
        live_id: Which trade.
        is_settled: Whether there is nothing more to wait for.
    """
    live: LiveTrade | None = None
    for _ in pauses(session.clock):
        live = read_trade(session.api.get(live_id))
        if is_settled(live):
            break
    if live is None:
        raise AssertionError("pauses yields at least once")
    return live


def watch_created(
    session: Session,
    live_ids: Collection[int],
    is_settled: Callable[[LiveTrade], bool],
    seen: dict[int, LiveTrade],
) -> set[int]:
    """Watch trades that were created a moment ago until they have settled and lists show them, or patience is over.

    Lists may lag behind a create, and to a plan what they do not show does not exist. Source: issue threads of the docs
    repository. One reading of the newest page shows all; only what it does not show is read singly.

    Args:
        session: Where to read and to wait.
        live_ids: At most a page of ids, the newest trades of the account.
        is_settled: Whether there is nothing more to wait for.
        seen: Takes each trade as it was read last, also before an error; one that the API does not show is missing.

    Returns:
        The ids that lists do not show yet.
    """
    unlisted = set(live_ids)
    unsettled = set(live_ids)
    for _ in pauses(session.clock):
        listed = _read_newest(session.api, unlisted | unsettled)
        unlisted -= listed.keys()
        seen |= listed
        seen |= _read_singly(session.api, sorted(unsettled - listed.keys()))
        unsettled = {live_id for live_id in unsettled if live_id not in seen or not is_settled(seen[live_id])}
        if not unlisted and not unsettled:
            break
    return unlisted


def watch_ended(session: Session, live_ids: Collection[int], seen: dict[int, LiveTrade]) -> None:
    """Watch trades that were asked to end a moment ago until they have, or patience is over.

    Args:
        session: Where to read and to wait.
        live_ids: Which trades.
        seen: Takes each trade as it was read last, also before an error; one that the API does not show is missing.
    """
    waited_for = set(live_ids)
    for _ in pauses(session.clock):
        if len(waited_for) > _FEW_TRADES:
            seen |= _read_touched(session.api, waited_for)
        missing = {live_id for live_id in waited_for if live_id not in seen or seen[live_id].phase is not Phase.ENDED}
        if len(missing) <= _FEW_TRADES:
            seen |= _read_singly(session.api, sorted(missing))
        waited_for = {live_id for live_id in missing if live_id not in seen or seen[live_id].phase is not Phase.ENDED}
        if not waited_for:
            return
    # Lists may hide what was asked for; its id shows it.
    seen |= _read_singly(session.api, sorted(waited_for))


def _read_touched(api: SmartTradeApi, wanted: Collection[int]) -> dict[int, LiveTrade]:
    """Read trades that were changed a moment ago, by the pages of what was changed last."""
    found: dict[int, LiveTrade] = {}
    for page in range(1, ceil(len(wanted) / LARGEST_PAGE) + 2):
        listed = api.list_smart_trades(status="all", page=page, order_by="updated_at", order_direction="desc")
        for entity in listed:
            if isinstance(entity, dict) and entity.get("id") in wanted:
                live = read_trade(entity)
                found[live.id] = live
        if len(found) == len(wanted) or len(listed) < LARGEST_PAGE:
            break
    return found


def _read_newest(api: SmartTradeApi, wanted: Collection[int]) -> dict[int, LiveTrade]:
    page = api.list_smart_trades(status="all", page=1, per_page=LARGEST_PAGE, order_direction="desc")
    found = [read_trade(entity) for entity in page if isinstance(entity, dict) and entity.get("id") in wanted]
    return {live.id: live for live in found}


def _read_singly(api: SmartTradeApi, live_ids: Sequence[int]) -> dict[int, LiveTrade]:
    found: dict[int, LiveTrade] = {}
    for live_id in live_ids:
        try:
            found[live_id] = read_trade(api.get(live_id))
        except (NotFound, UnreadableAnswer):
            continue
    return found
