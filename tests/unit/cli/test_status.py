"""`status` as a user runs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.program import BTC_DIP, Cli


def test_status_shows_each_trade_with_its_phase(cli: Cli, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "180")
    (workspace / "other.yaml").write_text(
        BTC_DIP.replace("btc-dip", "other").replace("60000", "50000").replace("58500", "48500")
    )
    before = cli("status")
    assert before.code == 0
    assert before.out.count("not opened") == 2
    cli("apply", "--auto-approve")
    cli("sandbox", "price", "USDT_BTC", "59900")
    lines = cli("status").out.splitlines()
    assert lines[1].split()[:7] == ["btc-dip", "#30000001", "main", "USDT_BTC", "long", "open", "0/2"]
    assert "waiting 0m" in lines[2]
    assert "16.18" in lines[1].split()
    assert "At risk USDT: loss at stop" in "\n".join(lines)


def test_a_table_in_a_pipe_has_all_columns_unless_its_width_is_exported(
    cli: Cli, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    assert "ENDED" in cli("status").out
    monkeypatch.setenv("COLUMNS", "60")
    lines = cli("status").out.splitlines()
    assert max(map(len, lines)) <= 60
    assert "ENDED" not in lines[0]


def test_the_age_of_a_waiting_entry_is_measured_by_the_clock_of_the_sandbox(cli: Cli, workspace: Path) -> None:
    cli("apply", "--auto-approve")
    cli("sandbox", "advance", "3d")
    assert "waiting 3d" in cli("status").out
