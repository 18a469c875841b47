"""What is remembered belongs to workspace, mode, host and account, whatever the target is called."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.clock import ManualClock
from reconciler.codec.live_trades import read_trade
from reconciler.errors import Locked
from reconciler.journal.database import Database, sqlite_url
from reconciler.journal.journal_reader import JournalReader
from reconciler.journal.scopes import Scope, name_label, name_world, normalize_host, read_label
from reconciler.journal.sql_journal import SqlJournal
from reconciler.model.journal import RunStart, Write, WriteKind
from reconciler.model.operations import Operation
from reconciler.model.outcomes import Outcome, OutcomeKind
from reconciler.model.specs import DesiredState
from tests.support.world import START_AT, World, trade

START = RunStart(git_commit=None, plan_digest="", operations=1)
URL = "https://api.3commas.io/public/api"
NOTE = "[reconciler:1 prod/btc-dip#1 5f3a9c1e 0b77d2aa]"


def scope(
    target: str = "main",
    *,
    workspace: str = "prod",
    was: tuple[str, ...] = (),
    mode: str = "real",
    url: str = URL,
    accounts: tuple[int, ...] = (1,),
) -> Scope:
    return Scope(
        label=name_label(workspace, target, mode=mode, address=url),
        workspaces=frozenset((workspace, *was)),
        world=name_world(mode, url),
        accounts=frozenset(accounts),
    )


@pytest.fixture
def journal_file(tmp_path: Path) -> Iterator[Database]:
    with Database(sqlite_url(tmp_path / "journal.sqlite")) as database:
        yield database


def open_as(database: Database, whose: Scope) -> SqlJournal:
    return SqlJournal(database, whose, ManualClock(START_AT))


def lose_a_create(database: Database, whose: Scope, account_id: int = 1) -> None:
    journal = open_as(database, whose)
    journal.begin_run(START, 0)
    write = Write(kind=WriteKind.CREATE, trade="btc-dip", generation=1, note=NOTE, account_id=account_id)
    journal.intend(write, "POST", "/v2/smart_trades", {"account_id": account_id})
    journal.end_run()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (URL, "HTTPS://API.3Commas.IO/public/api/"),
        (URL, "https://api.3commas.io:443/public/api"),
        (URL, "https://api.3commas.io./public/api"),
        ("http://localhost:8000/public/api", "http://127.0.0.1:8000/public/api/"),
        ("http://localhost:8000/public/api", "http://[::1]:08000/public/api"),
        ("http://localhost/x", "http://127.0.0.1:80/x"),
    ],
)
def test_all_spellings_of_one_machine_are_one(one: str, other: str) -> None:
    assert normalize_host(one) == normalize_host(other)


def test_other_ports_and_other_machines_are_others() -> None:
    hosts = [
        URL,
        "https://api.3commas.io:8443/public/api",
        "http://localhost:1/x",
        "http://localhost:2/x",
        "no address",
    ]
    assert len({normalize_host(host) for host in hosts}) == len(hosts)


@pytest.mark.parametrize(
    "renamed",
    [
        scope("other-name"),
        scope(accounts=(1, 2)),
        scope(url="https://API.3commas.io:443/public/api/"),
        scope(workspace="prod-7f3a", was=("prod",)),
        scope("other-name", workspace="prod-7f3a", was=("older", "prod"), accounts=(2, 1)),
    ],
)
def test_a_request_without_an_answer_is_found_under_another_name_of_its_target(
    journal_file: Database, renamed: Scope
) -> None:
    lose_a_create(journal_file, scope())
    (found,) = open_as(journal_file, renamed).find_unresolved()
    assert (found.write.trade, found.write.account_id) == ("btc-dip", 1)
    (shown,) = JournalReader(database=journal_file, scope=renamed).list_unresolved()
    assert shown["trade"] == "btc-dip"


@pytest.mark.parametrize(
    "stranger",
    [
        scope(accounts=(2,)),
        scope(mode="paper"),
        scope(workspace="prod2"),
        scope(url="http://localhost:8000/public/api"),
        Scope(label="prod main /here", workspaces=frozenset({"prod"}), world="/here", accounts=frozenset({1})),
    ],
)
def test_another_account_mode_workspace_or_host_knows_nothing_of_it(journal_file: Database, stranger: Scope) -> None:
    lose_a_create(journal_file, scope())
    assert open_as(journal_file, stranger).find_unresolved() == ()
    assert JournalReader(database=journal_file, scope=stranger).list_unresolved() == []


def test_a_trade_that_was_seen_to_end_is_known_where_its_account_is_named_and_nowhere_else(
    journal_file: Database,
) -> None:
    with World() as world:
        world.converge(trade())
        (entity,) = world.trades()
        live_id = int(str(entity["id"]))
        world.api.cancel(live_id)
        ended = read_trade(world.api.get(live_id))
    open_as(journal_file, scope()).remember_ended([ended])
    assert open_as(journal_file, scope("renamed")).find_created()["btc-dip"].live_id == ended.id
    assert open_as(journal_file, scope("spare", accounts=(2,))).find_created() == {}


def record(database: Database, whose: Scope, operation: Operation, live_id: int) -> None:
    journal = open_as(database, whose)
    journal.begin_run(START, 0)
    journal.record(Outcome(operation=operation, kind=OutcomeKind.APPLIED, live_id=live_id))
    journal.end_run()


def test_a_cancel_under_another_name_of_the_target_says_on_which_account_it_was(journal_file: Database) -> None:
    with World() as world:
        world.converge(trade())
        (cancel,) = world.plan(trade(state=DesiredState.CLOSED)).operations
    record(journal_file, scope("renamed"), cancel, 30000001)
    assert open_as(journal_file, scope()).find_created()["btc-dip"].is_ended
    assert open_as(journal_file, scope("spare", accounts=(2,))).find_created() == {}


def test_a_release_on_one_account_forgets_nothing_of_another(journal_file: Database) -> None:
    with World() as world:
        (create,) = world.plan(trade()).operations
        world.converge(trade())
        (release,) = world.plan(trade(state=DesiredState.RELEASED)).operations
    record(journal_file, scope(), create, 30000001)
    record(journal_file, scope("spare", accounts=(2,)), release, 30000009)
    assert open_as(journal_file, scope()).find_created()["btc-dip"].live_id == 30000001
    record(journal_file, scope("renamed"), release, 30000001)
    assert open_as(journal_file, scope()).find_created() == {}


def test_a_row_of_an_earlier_version_says_its_account_in_what_it_sent(journal_file: Database, tmp_path: Path) -> None:
    lose_a_create(journal_file, scope())
    with sqlite3.connect(tmp_path / "journal.sqlite") as connection:
        connection.execute("UPDATE journal_intents SET write = json_remove(write, '$.account_id')")
    assert open_as(journal_file, scope("renamed")).find_unresolved()
    assert not open_as(journal_file, scope("renamed", accounts=(2,))).find_unresolved()


def test_a_row_of_which_no_account_is_known_may_be_anybodys(journal_file: Database, tmp_path: Path) -> None:
    lose_a_create(journal_file, scope())
    with sqlite3.connect(tmp_path / "journal.sqlite") as connection:
        connection.execute("UPDATE journal_intents SET write = json_remove(write, '$.account_id'), body = NULL")
    assert open_as(journal_file, scope(accounts=(2,))).find_unresolved()


@pytest.mark.parametrize("label", ["", "torn", "prod main real", "a b c d e", None])
def test_a_label_that_cannot_be_read_hides_no_request(
    journal_file: Database, tmp_path: Path, label: str | None
) -> None:
    lose_a_create(journal_file, scope())
    with sqlite3.connect(tmp_path / "journal.sqlite", isolation_level=None) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET sql = replace(sql, ' NOT NULL', '')")
    with sqlite3.connect(tmp_path / "journal.sqlite", isolation_level=None) as connection:
        connection.execute("UPDATE journal_intents SET scope = ?", (label,))
    with Database(sqlite_url(tmp_path / "journal.sqlite")) as again:
        assert open_as(again, scope()).find_unresolved()


@pytest.mark.parametrize("label", ["", "prod", "prod main real", "prod main far https://x", "a b c d e"])
def test_what_is_no_label_is_not_read_as_one(label: str) -> None:
    assert read_label(label) is None


def test_a_folder_with_blanks_in_its_name_is_still_a_label() -> None:
    assert read_label("prod sandbox /home/me/my plans") == ("prod", "/home/me/my plans")


@pytest.mark.parametrize(
    ("second", "is_kept_out"),
    [
        (scope("other-name"), True),
        (scope("other-name", accounts=(1, 2)), True),
        (scope(workspace="stranger"), True),
        (scope(url="https://API.3commas.io:443/public/api/"), True),
        (scope("other-name", accounts=(2,)), False),
        (scope("other-name", mode="paper"), False),
    ],
)
def test_one_run_at_a_time_for_each_account(journal_file: Database, second: Scope, *, is_kept_out: bool) -> None:
    first = open_as(journal_file, scope())
    first.begin_run(START, 0)
    other = open_as(journal_file, second)
    if is_kept_out:
        with pytest.raises(Locked, match="another run is in progress"):
            other.begin_run(START, 0)
        first.end_run()
    other.begin_run(START, 0)


def test_an_unlock_under_one_name_stops_a_run_under_another(journal_file: Database) -> None:
    first = open_as(journal_file, scope(accounts=(1, 2)))
    first.begin_run(START, 0)
    taken = JournalReader(database=journal_file, scope=scope("other", accounts=(2,))).unlock(
        ManualClock(START_AT), is_forced=True
    )
    assert taken is not None
    with pytest.raises(Locked, match="was taken"):
        first.intend(Write(kind=WriteKind.CANCEL, trade="t", generation=1, live_id=1), "POST", "/x", None)
    open_as(journal_file, scope(accounts=(1, 2))).begin_run(START, 0)
