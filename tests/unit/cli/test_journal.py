"""`journal` and `unlock`, the rules of CI, and that no secret is ever written down."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.clock import SystemClock
from reconciler.journal.machine_lock import find_state_folder, open_machine_database
from reconciler.journal.sql_journal import SqlJournal
from reconciler.model.journal import RunStart, Write, WriteKind
from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.wire.server import serve_aside
from reconciler.settings import load_settings
from reconciler.workflows.journal import open_database, scope_of
from tests.support.program import BTC_DIP, CONFIG, Cli

SECRET = "marked-secret-0123456789abcdef"
KEY = "marked-key-0123456789abcdef"
START = RunStart(git_commit=None, plan_digest="", operations=1)


@pytest.fixture
def api_workspace(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A workspace whose target is an API on the wire, with a key and a secret that are easy to find again."""
    with Sandbox() as sandbox:
        sandbox.ensure_key(KEY, SECRET)
        with serve_aside(sandbox) as url:
            target = f"{{kind: api, mode: paper, accounts: {{main: 1}}, settle: 0, base_url: '{url}/public/api'}}"
            (workspace / "reconciler.yaml").write_text(f"version: 1\nworkspace: test\ntargets:\n  api: {target}\n")
            monkeypatch.setenv("THREE_COMMAS_API_KEY", KEY)
            monkeypatch.setenv("THREE_COMMAS_API_SECRET", SECRET)
            yield workspace


def test_a_run_is_shown_with_what_it_sent_and_what_came_of_it(cli: Cli, workspace: Path) -> None:
    assert cli("journal", "show").out == "No run yet.\n"
    cli("apply", "--auto-approve")
    shown = cli("journal", "show").out
    assert shown.splitlines()[1].split()[0] == "1"
    assert "1 created  btc-dip  ok" in shown
    run = cli("journal", "show", "--run", "1").out
    assert "POST /v2/smart_trades (create of btc-dip#1 #30000001): applied" in run
    assert "btc-dip: create #30000001: applied" in run
    document = json.loads(cli("journal", "show", "--format", "json").out)
    assert (len(document["runs"]), document["unresolved"], document["lock"]) == (1, [], None)
    detailed = json.loads(cli("journal", "show", "--run", "1", "--format", "json").out)
    assert detailed["requests"][0]["body"]["pair"] == "USDT_BTC"


def test_who_started_a_run_and_where_is_written_down_and_shown(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECONCILER_ACTOR", "dora")
    monkeypatch.setenv("RECONCILER_PULL_REQUEST", "https://github.test/acme/trades/pull/7")
    monkeypatch.setenv("CI_JOB_URL", "https://ci.test/job/5")
    monkeypatch.delenv("GITHUB_RUN_ID", raising=False)
    assert "Warning" not in cli("apply", "--auto-approve").err
    run = cli("journal", "show", "--run", "1").out
    assert "  for dora, https://github.test/acme/trades/pull/7, https://ci.test/job/5\n" in run
    assert "dora" in cli("journal", "show").out
    (row,) = json.loads(cli("journal", "show", "--format", "json").out)["runs"]
    assert (row["actor"], row["run_url"]) == ("dora", "https://ci.test/job/5")
    assert row["pull_request"].endswith("/pull/7")


def test_what_was_done_to_one_trade_is_shown_by_its_name(cli: Cli, workspace: Path) -> None:
    assert cli("journal", "show", "--trade", "btc-dip").out == "Nothing was done to btc-dip yet.\n"
    (workspace / "other.yaml").write_text(
        BTC_DIP.replace("btc-dip", "other").replace("60000", "50000").replace("58500", "48500")
    )
    cli("apply", "--auto-approve")
    cli("trade", "cancel", "btc-dip", "--auto-approve")
    lines = cli("journal", "show", "--trade", "btc-dip").out.splitlines()
    assert [" ".join(line.split()[3:]) for line in lines[1:]] == [
        "created #30000001 ok",
        "cancelled #30000001 ok",
    ]
    document = json.loads(cli("journal", "show", "--trade", "btc-dip", "--format", "json").out)
    assert [outcome["action"] for outcome in document["outcomes"]] == ["create", "cancel"]
    detailed = cli("journal", "show", "--run", "1", "--trade", "other").out
    assert "other: create" in detailed
    assert "btc-dip: create" not in detailed


def test_a_run_that_is_not_there_is_a_usage_error(cli: Cli, workspace: Path) -> None:
    done = cli("journal", "show", "--run", "7")
    assert done.code == 64
    assert "no run 7" in done.err


def test_an_export_is_json_lines_with_plan_digest_requests_and_ids(cli: Cli, workspace: Path) -> None:
    cli("plan", "--out", "plan.json")
    cli("apply", "plan.json")
    lines = [json.loads(line) for line in cli("journal", "export", "--run", "1").out.splitlines()]
    assert [line["type"] for line in lines] == ["run", "request", "operation"]
    run, request, operation = lines
    assert run["plan_digest"] == json.loads((workspace / "plan.json").read_text())["digest"]
    assert run["ended_at"] is not None
    assert (request["method"], request["live_id"]) == ("POST", 30000001)
    assert request["answer"]["id"] == 30000001
    assert (operation["outcome"], operation["live_id"]) == ("applied", 30000001)


def _leave_pending(workspace: Path, live_id: int | None, kind: WriteKind, note: str | None = None) -> None:
    """What a run leaves that is killed while it waits for an answer."""
    settings = load_settings(workspace, None, {})
    write = Write(kind=kind, trade="btc-dip", generation=1, live_id=live_id, note=note)
    with open_database(settings) as database:
        journal = SqlJournal(database, scope_of(settings), SystemClock())
        journal.begin_run(START, 0)
        journal.intend(write, "POST", "/v2/smart_trades", None)
        journal.end_run()


def test_an_apply_without_anything_to_do_settles_what_an_earlier_run_left(cli: Cli, workspace: Path) -> None:
    cli("apply", "--auto-approve")
    _leave_pending(workspace, 30000001, WriteKind.SET_NOTE, "something else")
    assert "never got the result of 1 of its requests (btc-dip)" in cli("plan").err
    assert cli("apply", "--auto-approve").code == 0
    assert "settled by reading: it had no effect" in cli("journal", "show", "--run", "2").out
    assert cli("plan").err == ""


def test_what_reading_cannot_settle_exits_fourteen_until_the_user_does(cli: Cli, workspace: Path) -> None:
    cli("apply", "--auto-approve")
    _leave_pending(workspace, 99, WriteKind.CANCEL)
    done = cli("apply", "--auto-approve")
    assert done.code == 14
    assert "reconciler journal resolve 2 --as applied" in done.err
    (workspace / "other.yaml").write_text(
        BTC_DIP.replace("btc-dip", "other").replace("60000", "50000").replace("58500", "48500")
    )
    done = cli("apply", "--auto-approve")
    assert done.code == 14
    assert "Trades: 1 added" in done.out
    assert "It is not known whether these requests had an effect" in cli("journal", "show").out
    assert cli("journal", "resolve", "2", "--as", "failed").code == 0
    assert cli("apply", "--auto-approve").code == 0


def test_resolving_what_is_not_open_is_a_usage_error(cli: Cli, workspace: Path) -> None:
    cli("apply", "--auto-approve")
    assert cli("journal", "resolve", "1", "--as", "applied").code == 64
    assert cli("journal", "resolve", "1").code == 64


def test_without_a_journal_nothing_is_sent_unless_none_is_wanted(
    cli: Cli, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (workspace / ".reconciler").mkdir()
    (workspace / ".reconciler" / "journal.sqlite").write_bytes(b"not a database at all" * 100)
    done = cli("apply", "--auto-approve")
    assert done.code == 1
    assert "Nothing is sent without a journal" in done.err
    planned = cli("plan")
    assert planned.code == 0
    assert "going on without it" in planned.err
    monkeypatch.setenv("RECONCILER_JOURNAL_URL", "none")
    assert cli("apply", "--auto-approve").code == 0
    assert cli("journal", "show").code == 64


def test_the_address_of_the_journal_is_never_shown(cli: Cli, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for address in (f"postgresql://me:{SECRET}@127.0.0.1:1/journal", f"mysql://me:{SECRET}@here/journal"):
        monkeypatch.setenv("RECONCILER_JOURNAL_URL", address)
        for command in (["apply", "--auto-approve"], ["plan"], ["journal", "show"], ["unlock"]):
            done = cli(*command)
            assert SECRET not in done.out + done.err


def test_no_byte_that_is_written_holds_the_key_or_the_secret(
    cli: Cli, api_workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = ""
    for command in (
        ["plan", "--verbose"],
        ["plan", "--out", "saved.json", "--format", "json"],
        ["apply", "--verbose", "saved.json"],
        ["status"],
        ["show", "saved.json"],
        ["journal", "show", "--run", "1", "--format", "json"],
        ["journal", "export"],
        ["unlock"],
    ):
        done = cli(*command)
        assert done.code == 0, done.err
        told += done.out + done.err
    (api_workspace / "btc-dip.yaml").write_text(BTC_DIP.replace("58500", "58600"))
    told += cli("apply", "--auto-approve").err
    monkeypatch.setenv("THREE_COMMAS_API_SECRET", f"{SECRET}-wrong")
    refused = cli("plan")
    assert refused.code == 16
    told += refused.err
    files = [path for path in api_workspace.rglob("*") if path.is_file()]
    assert any(path.name == "journal.sqlite" for path in files)
    written = told.encode() + b"".join(path.read_bytes() for path in files)
    for marked in (KEY, SECRET):
        assert marked.encode() not in written


def test_two_plans_on_one_key_count_their_requests_together(cli: Cli, api_workspace: Path) -> None:
    cli("plan")
    cli("plan")
    from reconciler.journal import tables

    database = open_machine_database(find_state_folder(os.environ), pytest.fail)
    assert database is not None
    with database, database.begin() as connection:
        assert len(connection.execute(tables.requests.select()).all()) == 8
    assert not (api_workspace / ".reconciler" / "journal.sqlite").exists()


def test_the_sandbox_needs_no_journal_to_plan(cli: Cli, workspace: Path) -> None:
    assert CONFIG in (workspace / "reconciler.yaml").read_text()
    cli("plan")
    assert not (workspace / ".reconciler" / "journal.sqlite").exists()


def test_in_ci_a_lock_in_a_file_is_not_enough_to_open_anything(
    cli: Cli, api_workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    done = cli("apply", "--auto-approve", "--target", "api")
    assert done.code == 64
    assert "lock: external" in done.err
    assert "No run yet." in cli("journal", "show", "--target", "api").out
    config = api_workspace / "reconciler.yaml"
    config.write_text(config.read_text().replace("settle: 0", "settle: 0, lock: external"))
    assert cli("apply", "--auto-approve", "--target", "api").code == 0
