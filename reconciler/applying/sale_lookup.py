"""The search for the trade that sells what a partly filled entry held, by what the journal knows."""

from __future__ import annotations

from reconciler.applying.trade_checks import has_failed
from reconciler.codec.live_trades import read_trade
from reconciler.errors import NotFound
from reconciler.matching.sighting import owned_marker
from reconciler.model.journal import WriteKind
from reconciler.model.live import LiveTrade
from reconciler.session import Session


def find_sale(session: Session, ended: LiveTrade) -> int | None:
    """Find the trade that has sold, or may still sell, what a cancelled entry holds: its SmartTrade id, or None.

    Both are known under the name in the marker, whatever name the files have meanwhile. A later trade of that name
    counts as the sale, too, and one that failed without selling anything does not.

    Args:
        session: Where to read, and the journal.
        ended: The trade whose rest was cancelled; it has a marker.
    """
    name = owned_marker(ended).name
    created = session.journal.find_created({name}).get(name)
    if created is None or created.live_id <= ended.id:
        return None
    try:
        sale = read_trade(session.api.get(created.live_id))
    except NotFound:
        return created.live_id
    return None if has_failed(sale) and sale.closed_units == 0 else sale.id


def may_be_sold(session: Session, ended: LiveTrade) -> bool:
    """Return whether a request to open a sale was sent and nobody knows its effect.

    Args:
        session: The journal.
        ended: The trade whose rest was cancelled; it has a marker.
    """
    name = owned_marker(ended).name
    writes = (intent.write for intent in session.journal.find_unresolved())
    return any(write.kind is WriteKind.CREATE and write.trade == name for write in writes)
