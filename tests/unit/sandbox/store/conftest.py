from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from reconciler.sandbox.store.tables import open_database


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    """An empty store in memory."""
    connection = open_database(None)
    yield connection
    connection.close()
