"""Tests of reconciler/journal/alerts.py."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import update

from reconciler.journal import tables
from reconciler.journal.alerts import AlertBook, JournalAlertBook, MemoryAlertBook
from reconciler.journal.database import Database
from reconciler.journal.json_texts import Redactor
from reconciler.model.alerts import AlertEvent, KnownAlert

KNOWN = KnownAlert(
    event=AlertEvent.DRIFT,
    subject="btc-dip",
    text="58500 -> 58000",
    weight=Decimal("21.18"),
    detail="ab",
    is_present=True,
    sent_at=1000.5,
)


@pytest.fixture(params=["journal", "memory"])
def book(request: pytest.FixtureRequest, database: Database) -> AlertBook:
    return MemoryAlertBook() if request.param == "memory" else JournalAlertBook(database, "w t", Redactor())


def test_what_is_kept_is_found_and_replaced(book: AlertBook) -> None:
    assert book.find() == {}
    book.keep({"a": KNOWN, "b": replace(KNOWN, subject="")})
    book.keep({"a": replace(KNOWN, is_present=False)})
    book.keep({})
    assert book.find() == {"a": replace(KNOWN, is_present=False), "b": replace(KNOWN, subject="")}


def test_another_workspace_or_target_has_its_own(database: Database) -> None:
    JournalAlertBook(database, "w t", Redactor()).keep({"a": KNOWN})
    assert JournalAlertBook(database, "other t", Redactor()).find() == {}


def test_a_secret_is_not_written(database: Database) -> None:
    book = JournalAlertBook(database, "w t", Redactor(("the-secret",)))
    book.keep({"a": replace(KNOWN, text="a the-secret b")})
    assert book.find()["a"].text == "a *** b"


def test_a_damaged_row_is_not_known_so_that_it_is_sent_again(database: Database) -> None:
    book = JournalAlertBook(database, "w t", Redactor())
    book.keep({"a": KNOWN, "b": KNOWN})
    with database.begin() as connection:
        rows = tables.alerts.c
        connection.execute(update(tables.alerts).where(rows.key == "a").values(event="nonsense"))
        connection.execute(update(tables.alerts).where(rows.key == "b").values(weight="much"))
    assert book.find() == {"b": replace(KNOWN, weight=Decimal(0))}
