"""Journals in both databases."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy.engine import make_url

from reconciler.journal.database import Database, read_url, sqlite_url
from tests.unit.journal.postgres_cluster import find_programs, run_cluster

MakeUrl = Callable[[], str]
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """The address of a PostgreSQL server; skips where PostgreSQL is not installed."""
    programs = find_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    with run_cluster(programs) as url:
        yield url


@pytest.fixture
def make_postgres(cluster: str) -> MakeUrl:
    """Makes an empty database in PostgreSQL and gives its address."""

    def make() -> str:
        name = f"journal{next(_numbers)}"
        engine = sqlalchemy.create_engine(read_url(cluster), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        engine.dispose()
        return make_url(cluster).set(database=name).render_as_string(hide_password=False)

    return make


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def journal_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty journal."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path / "shared.sqlite").render_as_string()
    make: MakeUrl = request.getfixturevalue("make_postgres")
    return make()


@pytest.fixture
def database(journal_url: str) -> Iterator[Database]:
    """An empty journal."""
    with Database(read_url(journal_url)) as opened:
        yield opened
