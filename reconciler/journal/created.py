"""Which trades the journal knows as created."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import Connection, select

from reconciler.journal import tables
from reconciler.model.journal import CreatedTrade, IntentState, WriteKind
from reconciler.model.plan import Action, OutcomeKind

_DONE = (OutcomeKind.APPLIED.value, OutcomeKind.ALREADY_DONE.value)


def read_created(connection: Connection, scope: str, names: Collection[str] | None) -> dict[str, CreatedTrade]:
    """Trades that are known as created, the latest generation of each name.

    What was recorded of a trade counts; where a run was killed before it could record it, its applied create does.

    Args:
        connection: Where to read.
        scope: Names the workspace and target.
        names: Of these names; None for all.
    """
    found: dict[str, CreatedTrade] = {}
    released = set(_read_released(connection, scope))
    wanted = None if names is None else frozenset(names)
    for name, generation, live_id in _read_creates(connection, scope):
        if (wanted is None or name in wanted) and name not in released:
            _keep(found, name, CreatedTrade(live_id=live_id, generation=generation, is_ended=False))
    for name, generation, live_id, is_ended in _read_trades(connection, scope):
        if wanted is None or name in wanted:
            _keep(found, name, CreatedTrade(live_id=live_id, generation=generation, is_ended=bool(is_ended)))
    return found


def _keep(found: dict[str, CreatedTrade], name: str, trade: CreatedTrade) -> None:
    """The latest generation counts; of one generation the newest id, since a replace opens a second trade."""
    before = found.get(name)
    if before is None or (trade.generation, trade.live_id) >= (before.generation, before.live_id):
        found[name] = trade


def _read_trades(connection: Connection, scope: str) -> list[tuple[str, int, int, bool]]:
    rows = tables.trades.c
    query = select(rows.trade, rows.generation, rows.live_id, rows.is_ended)
    mine = query.where(rows.scope == scope, rows.live_id.is_not(None))
    return [(name, generation, live_id, ended) for name, generation, live_id, ended in connection.execute(mine)]


def _read_creates(connection: Connection, scope: str) -> list[tuple[str, int, int]]:
    rows = tables.intents.c
    applied = (rows.kind == WriteKind.CREATE.value) & (rows.state == IntentState.APPLIED.value)
    query = select(rows.trade, rows.generation, rows.live_id)
    ordered = query.where(rows.scope == scope, applied, rows.live_id.is_not(None)).order_by(rows.id)
    return [(name, generation, live_id) for name, generation, live_id in connection.execute(ordered)]


def _read_released(connection: Connection, scope: str) -> Iterator[str]:
    """Names of trades that were released, so that nothing is known of them any more."""
    rows, runs = tables.operations.c, tables.runs.c
    query = select(rows.trade).join(tables.runs, runs.id == rows.run_id)
    done = (runs.scope == scope) & (rows.action == Action.RELEASE.value) & rows.outcome.in_(_DONE)
    yield from connection.scalars(query.where(done))
