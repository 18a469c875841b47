"""The warnings about plan files on the screen."""

from __future__ import annotations

from pathlib import Path

from tests.support.program import BTC_DIP, Cli


def test_a_warning_is_printed_once_before_the_result(cli: Cli, workspace: Path) -> None:
    market = BTC_DIP.replace("order_type: limit, units: 0.01", "order_type: market, units: 0.01")
    (workspace / "btc-dip.yaml").write_text(market)
    for command in ("status", "drift"):
        done = cli(command)
        assert done.err.count("btc-dip.yaml:") == 1, done.err
        assert "warning" in done.err


def test_files_without_a_warning_print_nothing(cli: Cli, workspace: Path) -> None:
    assert cli("status").err == ""
