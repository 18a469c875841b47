"""`status` as a user runs it."""

from __future__ import annotations

from pathlib import Path

from tests.support.program import BTC_DIP, Cli


def test_status_shows_each_trade_with_its_phase(cli: Cli, workspace: Path) -> None:
    (workspace / "other.yaml").write_text(
        BTC_DIP.replace("btc-dip", "other").replace("60000", "50000").replace("58500", "48500")
    )
    before = cli("status")
    assert before.code == 0
    assert before.out.count("not opened") == 2
    cli("apply", "--auto-approve")
    cli("sandbox", "price", "USDT_BTC", "59900")
    lines = cli("status").out.splitlines()
    assert lines[1].split()[:8] == ["btc-dip", "#30000001", "USDT_BTC", "open", "100", "%,", "0.01", "BTC"]
    assert "entering" in lines[2]
