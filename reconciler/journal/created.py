"""The trades that the journal knows as created."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, literal_column, select

from reconciler.journal import tables
from reconciler.journal.intents import read_account
from reconciler.journal.known_trades import find_account
from reconciler.journal.rows import Row
from reconciler.journal.scopes import Labels, Scope
from reconciler.model.journal import CreatedTrade, IntentState, WriteKind
from reconciler.model.operations import Action
from reconciler.model.outcomes import OutcomeKind

_DONE = (OutcomeKind.APPLIED.value, OutcomeKind.ALREADY_DONE.value)


def read_created(
    connection: Connection, scope: Scope, labels: Labels, names: Collection[str] | None
) -> dict[str, CreatedTrade]:
    """Read the trades that are known as created, the latest generation of each name.

    The record of a trade counts. If a run was killed before it wrote the record, its applied create counts.

    Args:
        connection: Where to read.
        scope: Whose trades.
        labels: Its labels.
        names: Of these names; None for all.
    """
    found: dict[str, CreatedTrade] = {}
    released = frozenset(_read_released(connection, labels))
    wanted = None if names is None else frozenset(names)
    for name, trade in _read_creates(connection, labels):
        if (wanted is None or name in wanted) and name not in released and scope.has_account(trade.account_id):
            _keep(found, name, trade)
    for name, trade in _read_trades(connection, labels):
        if (wanted is None or name in wanted) and scope.has_account(trade.account_id):
            _keep(found, name, trade)
    return found


def _keep(found: dict[str, CreatedTrade], name: str, trade: CreatedTrade) -> None:
    """Choose the latest generation; in one generation the newest id, since a replace opens a second trade."""
    before = found.get(name)
    if before is None or (trade.generation, trade.live_id) >= (before.generation, before.live_id):
        found[name] = trade


def _read_trades(connection: Connection, labels: Labels) -> Iterator[tuple[str, CreatedTrade]]:
    # Of a trade that another target has seen to end only the entity says on which account it is.
    entity: ColumnElement[Any] = literal_column("CASE WHEN spec IS NULL THEN entity END").label("entity")
    query = _select("trade", "generation", "live_id", "is_ended", "spec").add_columns(entity).select_from(tables.trades)
    for row in map(Row, connection.execute(query.where(labels.select(tables.trades))).mappings()):
        live_id, generation = row.integer("live_id"), row.integer("generation")
        if live_id is not None and generation is not None:
            yield (
                row.text("trade"),
                CreatedTrade(
                    live_id=live_id,
                    generation=generation,
                    # What cannot be read does not prove an end.
                    is_ended=row.flag("is_ended") is True,
                    account_id=find_account(row),
                ),
            )


def _read_creates(connection: Connection, labels: Labels) -> Iterator[tuple[str, CreatedTrade]]:
    rows = tables.intents.c
    applied = (rows.kind == WriteKind.CREATE.value) & (rows.state == IntentState.APPLIED.value)
    query = _select("trade", "generation", "live_id", "body").select_from(tables.intents)
    mine = query.where(labels.select(tables.intents), applied).order_by(rows.id)
    for row in map(Row, connection.execute(mine).mappings()):
        live_id, generation = row.integer("live_id"), row.integer("generation")
        if live_id is not None and generation is not None:
            yield (
                row.text("trade"),
                CreatedTrade(live_id=live_id, generation=generation, is_ended=False, account_id=read_account(row)),
            )


def _read_released(connection: Connection, labels: Labels) -> Iterator[str]:
    """Read the names of released trades: the journal no longer counts them as known."""
    rows, runs = tables.operations.c, tables.runs.c
    query = select(rows.trade).join(tables.runs, runs.id == rows.run_id)
    done = labels.select(tables.runs) & (rows.action == Action.RELEASE.value) & rows.outcome.in_(_DONE)
    names: list[object] = list(connection.scalars(query.where(done)))
    yield from (name for name in names if isinstance(name, str))


def _select(*columns: str) -> Select[tuple[Any, ...]]:
    """Select columns as the database gives them, so that no conversion can fail."""
    return Select(*(literal_column(name) for name in columns))
