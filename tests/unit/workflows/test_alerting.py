"""Notifications of `drift` and `apply`, sent to a service on this machine."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("apprise")

from tests.support.notify_server import NotifyServer, serve_notifications
from tests.support.program import BTC_DIP, Cli, cli, workspace

__all__ = ["cli", "workspace"]

ID = 30000001


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[NotifyServer]:
    with serve_notifications() as opened:
        monkeypatch.setenv("RECONCILER_NOTIFY_URLS", opened.url())
        yield opened


def let_a_minute_pass(workspace: Path) -> None:
    with sqlite3.connect(workspace / ".reconciler" / "journal.sqlite") as connection:
        connection.execute("UPDATE journal_alerts SET sent_at = sent_at - 61")
    connection.close()


def test_an_edit_outside_is_notified_of_once_when_it_appears_worsens_and_is_over(
    cli: Cli, workspace: Path, server: NotifyServer
) -> None:
    assert cli("apply", "--auto-approve").code == 0
    cli("sandbox", "price", "USDT_BTC", "59900")
    assert server.take() == ["reconciler test on sandbox (paper): 1 apply done\nAPPLIED 1 of 1 operations are done"]
    assert cli("drift").code == 0
    assert server.take() == []
    assert cli("sandbox", "act", "drag-stop", "btc-dip", "58000").code == 0
    assert cli("drift").code == 2
    (text,) = server.take()
    assert text.splitlines() == [
        "reconciler test on sandbox (paper): 1 edit outside",
        "DRIFT btc-dip: stop_loss.conditional.price 58500 -> 58000",
    ]
    assert cli("drift").code == 2
    assert server.take() == []
    cli("sandbox", "act", "drag-stop", "btc-dip", "57000")
    cli("drift")
    # Within a minute nothing more is sent.
    assert server.take() == []
    let_a_minute_pass(workspace)
    cli("drift")
    assert server.take()[0].splitlines()[1] == ("worse: DRIFT btc-dip: stop_loss.conditional.price 58500 -> 57000")
    let_a_minute_pass(workspace)
    cli("sandbox", "act", "drag-stop", "btc-dip", "58500")
    assert cli("drift").code == 0
    assert server.take()[0].splitlines()[1].startswith("over: DRIFT btc-dip: ")
    assert cli("drift").code == 0
    assert server.take() == []


def test_an_apply_that_a_guardrail_refuses_is_notified_of_and_keeps_its_exit_code(
    cli: Cli, workspace: Path, server: NotifyServer
) -> None:
    with (workspace / "reconciler.yaml").open("a") as config:
        config.write("guardrails: {creates: 0}\n")
    assert cli("apply", "--auto-approve").code == 12
    (text,) = server.take()
    assert text.splitlines()[0] == "reconciler test on sandbox (paper): 1 guardrail"
    assert "GUARDRAIL" in text
    assert "creates" in text
    assert cli("apply", "--auto-approve").code == 12
    assert server.take() == []


def test_a_failure_is_notified_of_and_is_over_when_an_apply_has_done_it(
    cli: Cli, workspace: Path, server: NotifyServer
) -> None:
    cli("sandbox", "schedule", "refuse", "kyc")
    assert cli("apply", "--auto-approve").code not in (0, 2)
    (text,) = server.take()
    assert text.splitlines()[0] == "reconciler test on sandbox (paper): 1 failure of apply"
    assert text.splitlines()[1].startswith("APPLY FAILED btc-dip: create")
    let_a_minute_pass(workspace)
    (workspace / "btc-dip.yaml").write_text(BTC_DIP.replace("    pair:", "    generation: 2\n    pair:"))
    assert cli("apply", "--auto-approve").code == 0
    (text,) = server.take()
    assert text.splitlines()[1] == "APPLIED 1 of 1 operations are done"
    assert text.splitlines()[2].startswith("over: APPLY FAILED btc-dip: create")


def test_a_declined_apply_notifies_nobody(cli: Cli, workspace: Path, server: NotifyServer) -> None:
    assert cli("apply", typed="no\n").code == 1
    assert server.take() == []


def test_a_freeze_is_notified_of_and_when_it_is_over(cli: Cli, workspace: Path, server: NotifyServer) -> None:
    assert cli("apply", "--auto-approve").code == 0
    server.take()
    cli("freeze", "--reason", "CPI @everyone")
    assert cli("drift").code == 0
    (text,) = server.take()
    assert text.splitlines()[1] == "FREEZE frozen: CPI (at)everyone"
    cli("unfreeze", "--reason", "over")
    let_a_minute_pass(workspace)
    cli("drift")
    assert server.take()[0].splitlines()[1].startswith("over: FREEZE ")


@pytest.mark.parametrize(
    "url", ["json://127.0.0.1:1/0123456789abcdef-token", "nonsense", "slack://0123456789abcdef-token"]
)
def test_an_address_that_fails_is_one_warning_without_it_and_changes_no_exit_code(
    cli: Cli, workspace: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    plain = cli("apply", "--auto-approve")
    monkeypatch.setenv("RECONCILER_NOTIFY_URLS", url)
    (workspace / "b.yaml").write_text(BTC_DIP.replace("btc-dip", "b"))
    done = cli("apply", "--auto-approve")
    assert done.code == plain.code == 0
    warnings = [line for line in done.err.splitlines() if "RECONCILER_NOTIFY_URLS" in line]
    assert len(warnings) == 1
    assert "0123456789abcdef" not in done.err + done.out


def test_what_could_not_be_sent_is_sent_by_a_later_check(cli: Cli, workspace: Path, server: NotifyServer) -> None:
    assert cli("apply", "--auto-approve").code == 0
    cli("sandbox", "price", "USDT_BTC", "59900")
    server.take()
    cli("sandbox", "act", "drag-stop", "btc-dip", "58000")
    server.status = 500
    assert cli("drift").code == 2
    server.status = 200
    assert cli("drift").code == 2
    assert len(server.take()) == 1


def test_without_a_journal_it_is_sent_and_json_stays_pure(
    cli: Cli, workspace: Path, server: NotifyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli("apply", "--auto-approve").code == 0
    cli("sandbox", "price", "USDT_BTC", "59900")
    cli("sandbox", "act", "drag-stop", "btc-dip", "58000")
    server.take()
    monkeypatch.setenv("RECONCILER_JOURNAL_URL", "none")
    done = cli("drift", "--format", "json")
    assert (done.code, done.err) == (2, "")
    assert len(server.take()) == 1


def test_without_addresses_nothing_is_written_and_apprise_is_not_imported(cli: Cli, workspace: Path) -> None:
    assert cli("drift").code == 0
    assert not (workspace / ".reconciler" / "journal.sqlite").exists()


def test_no_secret_of_the_environment_is_in_a_notification(
    cli: Cli, workspace: Path, server: NotifyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THREE_COMMAS_API_SECRET", "the-secret-of-the-key")
    cli("freeze", "--reason", f"the-secret-of-the-key {server.url()}")
    cli("drift")
    (text,) = server.take()
    assert "the-secret-of-the-key" not in text
    assert "token-of-nobody" not in text
