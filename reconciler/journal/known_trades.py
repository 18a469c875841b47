"""The trades that the journal knows: those that were applied and those that have ended."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from reconciler.codec.live_trades import read_trade
from reconciler.journal import tables
from reconciler.journal.intents import attempt
from reconciler.journal.rows import Row, read_document, select_rows
from reconciler.journal.scopes import Labels, Scope
from reconciler.model.live import LiveTrade
from reconciler.model.marker import Marker

_NAMES_AT_ONCE = 500
NOTHING: Mapping[str, object] = {}


def read_latest(connection: Connection, scope: Scope, labels: Labels, names: Collection[str]) -> dict[str, Row]:
    """Read the rows of the latest generation of some trades; it makes all before it useless.

    Of two rows of one generation, under different names of the target, the one that was written last counts.

    Args:
        connection: Where to read.
        scope: Whose trades.
        labels: Its labels.
        names: Of the trades.
    """
    latest: dict[str, Row] = {}
    for some in split(names):
        rows = tables.trades.c
        query = select_rows(tables.trades).where(labels.select(tables.trades), rows.trade.in_(some))
        known = connection.execute(query.order_by(rows.generation, rows.updated_at)).mappings()
        for row in map(Row, known):
            if scope.has_account(find_account(row)):
                latest[row.text("trade")] = row
    return latest


def split(names: Collection[str]) -> Iterator[list[str]]:
    """Split names into parts that fit into one query."""
    wanted = sorted(names)
    for first in range(0, len(wanted), _NAMES_AT_ONCE):
        yield wanted[first : first + _NAMES_AT_ONCE]


def find_account(row: Row) -> int | None:
    """Read the account of a trade, or None if it is not known."""
    entity = row.document("entity") or {}
    account = entity.get("account")
    named = account.get("id") if isinstance(account, Mapping) else None
    stated = (row.document("spec") or {}).get("account_id"), named
    return next((each for each in stated if isinstance(each, int) and each > 0), None)


def write_trade(
    connection: Connection,
    scope: Scope,
    name: str,
    generation: int,
    values: Mapping[str, object],
    *,
    first: Mapping[str, object] = NOTHING,
) -> None:
    """Remember something of a trade; what is not named stays as it was.

    Args:
        connection: In a transaction that writes.
        scope: Whose trade.
        name: Name of the trade.
        generation: Its generation.
        values: Column to value.
        first: The same, if nothing is known of the trade yet.
    """
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    key = {"scope": scope.label, "trade": name, "generation": generation}
    statement = insert(tables.trades).values(**{**first, **values, **key})
    connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=dict(values)))


def read_ended(row: Row) -> LiveTrade | None:
    """Read a trade as the API showed it at its end; an unreadable one is searched for again."""
    document = read_document(row.text("entity"))
    live = None if document is None or not row.flag("is_ended") else attempt(lambda: read_trade(document))
    return live if live is not None and isinstance(live.reading.marker, Marker) else None
