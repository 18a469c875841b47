from __future__ import annotations

import sqlite3

import pytest

from reconciler.sandbox.values.identifiers import LARGEST_ID


def test_the_largest_id_is_the_largest_integer_of_sqlite() -> None:
    connection = sqlite3.connect(":memory:")
    assert connection.execute("SELECT ?", (LARGEST_ID,)).fetchone() == (LARGEST_ID,)
    with pytest.raises(OverflowError):
        connection.execute("SELECT ?", (LARGEST_ID + 1,))
    connection.close()
