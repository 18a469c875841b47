"""What a journal holds, read past the product's own code: its rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from reconciler.journal import tables
from reconciler.journal.database import Database
from reconciler.model.operations import Action
from reconciler.model.outcomes import OutcomeKind
from tests.scenarios.simulation.sandbox_state import Identity, SandboxState
from tests.scenarios.simulation.shared_sandbox import StruckDatabase

_DONE = (OutcomeKind.APPLIED.value, OutcomeKind.ALREADY_DONE.value)


@dataclass(frozen=True, slots=True)
class JournalRows:
    """The creates that a journal knows to have opened a trade, but for those that were released.

    Args:
        database: Where the journal is.
        account: Says on which account a trade is.
    """

    database: StruckDatabase
    account: SandboxState

    def find(self) -> dict[int, Identity]:
        """SmartTrade id to whose it is."""
        return {
            live_id: Identity(name=name, generation=generation, account_id=self.account.trades[live_id].account_id)
            for live_id, name, generation in self._read_rows()
            if live_id in self.account.trades
        }

    def _read_rows(self) -> Iterator[tuple[int, str, int]]:
        trades, intents, operations = tables.trades.c, tables.intents.c, tables.operations.c
        creates = (intents.kind == "create") & (intents.state == "applied") & intents.live_id.is_not(None)
        releases = (operations.action == Action.RELEASE.value) & operations.outcome.in_(_DONE)
        with Database.begin(self.database) as connection:
            released = set(connection.execute(select(operations.live_id).where(releases)).scalars())
            for row in connection.execute(select(trades.live_id, trades.trade, trades.generation)):
                if row.live_id is not None:
                    yield row.live_id, row.trade, row.generation
            for row in connection.execute(select(intents.live_id, intents.trade, intents.generation).where(creates)):
                if row.live_id not in released:
                    yield row.live_id, row.trade, row.generation
