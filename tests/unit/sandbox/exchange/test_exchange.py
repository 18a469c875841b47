from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import pytest

from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.values.errors import (
    ConflictingAccount,
    InvalidDuration,
    InvalidPrice,
    UnknownPair,
    UnusableStore,
)
from tests.unit.sandbox.bodies import limit, step, steps, trade
from tests.unit.sandbox.client import Client, status_of


def test_a_file_remembers_everything(tmp_path: Path) -> None:
    path = tmp_path / "sandbox.sqlite"
    with Sandbox(path) as sandbox:
        client = Client(sandbox)
        client.price("9500")
        trade_id = client.open(trade(position=limit("9000"), take_profit=steps(step("10000")), note="kept"))["id"]
        sandbox.advance(5)
        before = (client.show(trade_id), sandbox.show())
    with Sandbox(path) as sandbox:
        client = Client(sandbox)

        assert (client.show(trade_id), sandbox.show()) == before
        assert client.create(trade())["id"] == trade_id + 1


def test_two_openers_of_one_file_see_each_other(tmp_path: Path) -> None:
    path = tmp_path / "sandbox.sqlite"
    with Sandbox(path) as one, Sandbox(path) as other:
        trade_id = Client(one).create(trade(position=limit("9000")))["id"]
        other.set_price("USDT_BTC", Decimal(8000))

        assert status_of(Client(one).show(trade_id)) == "waiting_targets"


def test_processes_that_share_a_file_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "sandbox.sqlite"
    script = (
        "import sys; from pathlib import Path; from reconciler.sandbox.exchange.exchange import Sandbox\n"
        "from tests.unit.sandbox.bodies import trade; from tests.unit.sandbox.client import Client\n"
        "client = Client(Sandbox(Path(sys.argv[1])))\n"
        "print(*[client.create(trade())['id'] for _ in range(25)])\n"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    ids = [number for process in processes for number in process.communicate(timeout=60)[0].split()]

    assert [process.returncode for process in processes] == [0] * 4
    assert len(set(ids)) == 100
    with Sandbox(path) as sandbox:
        assert sandbox.show()["trades"] == {"waiting_targets": 100}
        assert Client(sandbox).balance("BTC")[0] == 1001


def test_a_killed_process_leaves_no_half_of_a_write(tmp_path: Path) -> None:
    path = tmp_path / "sandbox.sqlite"
    script = (
        "import sys; from pathlib import Path; from reconciler.sandbox.exchange.exchange import Sandbox\n"
        "from tests.unit.sandbox.bodies import limit, trade; from tests.unit.sandbox.client import Client\n"
        "client = Client(Sandbox(Path(sys.argv[1])))\n"
        "while True: print(client.create(trade(position=limit('9000')))['id'], flush=True)\n"
    )
    for pause_s in (0.05, 0.11, 0.17):
        process = subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(pause_s)
        process.kill()
        seen = [int(line) for line in process.communicate()[0].splitlines()]
        with Sandbox(path) as sandbox:
            client = Client(sandbox)
            assert all(client.show(trade_id) for trade_id in seen[-3:])
            trades = sandbox.show()["trades"]
            assert isinstance(trades, dict)
            count = trades["waiting_position"]
            assert isinstance(count, int)
            assert client.balance("USDT")[1] == count * Decimal("90.09")


def test_accounts_are_opened_once(sandbox: Sandbox) -> None:
    sandbox.ensure_account(5, name="main")
    sandbox.ensure_account(5)
    sandbox.ensure_account(5, name="renamed")
    accounts = sandbox.show()["accounts"]

    assert isinstance(accounts, list)
    assert [(found["id"], found["name"]) for found in accounts if isinstance(found, dict)] == [
        (1, "Paper account"),
        (5, "renamed"),
    ]


@pytest.mark.parametrize(("account_id", "mode"), [(1, "real"), (2, "demo"), (0, "paper"), (2**70, "paper")])
def test_an_account_that_cannot_be_is_refused(sandbox: Sandbox, account_id: int, mode: str) -> None:
    with pytest.raises(ConflictingAccount):
        sandbox.ensure_account(account_id, mode=mode)


def test_a_new_account_has_funds_of_its_own(sandbox: Sandbox) -> None:
    sandbox.ensure_account(2)
    client = Client(sandbox)
    client.open(trade(account_id=2))

    assert client.balance("BTC", 1)[0] == 1000
    assert client.balance("BTC", 2)[0] == Decimal("1000.01")


def test_a_bad_command_names_what_was_expected(sandbox: Sandbox) -> None:
    with pytest.raises(UnknownPair, match="the sandbox trades USDT_BTC"):
        sandbox.set_price("BTC_USDT", Decimal(1))
    with pytest.raises(InvalidPrice, match=r"multiple of 0\.01"):
        sandbox.set_price("USDT_BTC", Decimal("NaN"))
    with pytest.raises(InvalidDuration, match="expected seconds"):
        sandbox.advance(0)


def test_a_file_that_is_not_a_store_is_refused_and_unchanged(tmp_path: Path) -> None:
    text, other = tmp_path / "notes.txt", tmp_path / "other.sqlite"
    text.write_text("not a database, but long enough to be taken for one" * 100)
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE mine (a)")
    connection.close()

    for path in (text, other):
        content = path.read_bytes()
        with pytest.raises(UnusableStore):
            Sandbox(path)
        assert path.read_bytes() == content


def test_a_store_of_another_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sandbox.sqlite"
    Sandbox(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()

    with pytest.raises(UnusableStore, match="version 99"):
        Sandbox(path)


def test_a_path_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing" / "sandbox.sqlite"):
        with pytest.raises(UnusableStore, match="cannot be opened"):
            Sandbox(path)
