"""The file of a sandbox, and the transactions on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Self

from reconciler.sandbox.exchange.transaction import Transaction
from reconciler.sandbox.store.tables import open_database
from reconciler.sandbox.store.wire_store import WireStore


class SandboxFile:
    """One SQLite file, or the same in memory; safe to share between threads and processes.

    Args:
        path: The file, created if it is missing; None keeps everything in memory.

    Raises:
        UnusableStore: The file is not a sandbox store, or is of another version.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._lock = RLock()
        self._connection = open_database(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the store; a sandbox in memory is gone."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self, *, write: bool = True) -> Iterator[Transaction]:
        """Open a transaction: it is saved as a whole, or dropped as a whole if an error leaves the block.

        First, everything takes effect that earlier requests have started.

        Args:
            write: Whether the caller changes anything.
        """
        with self._lock:
            self._begin(write=write)
            try:
                transaction = Transaction(self._connection)
                transaction.settle()
                yield transaction
                transaction.flush()
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def wire_transaction(self) -> Iterator[WireStore]:
        """Open a transaction on the rows of the wire, which no trade depends on; nothing settles."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield WireStore(self._connection)
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    @property
    def now_ms(self) -> int:
        """Sandbox time in milliseconds since 1970."""
        with self._lock:
            return WireStore(self._connection).now_ms

    def is_wire_quiet(self) -> bool:
        """Return whether there is no fault, no trade that lists still hide, and no request that is held back."""
        with self._lock:
            return WireStore(self._connection).is_quiet()

    def _begin(self, *, write: bool) -> None:
        if not write:
            self._connection.execute("BEGIN")
            if not Transaction(self._connection).trades.list_unsettled():
                return
            # Pending trades must settle first, and a reading transaction cannot become a writing one.
            self._connection.execute("ROLLBACK")
        self._connection.execute("BEGIN IMMEDIATE")
