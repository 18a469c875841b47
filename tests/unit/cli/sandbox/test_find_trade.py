"""Trades of the sandbox are named as in the plan files, or by their ids."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.program import Cli


@pytest.mark.parametrize("named", ["btc-dip", "30000001", "#30000001"])
def test_a_trade_is_named_as_in_its_plan_file_or_by_its_id(cli: Cli, workspace: Path, named: str) -> None:
    cli("apply", "--auto-approve")
    filled = cli("sandbox", "fill", named, "0.004")

    assert filled.out.splitlines() == [
        "Order 1000000001 of #30000001: 0.004 units filled so far",
        "btc-dip: entered 0.004 BTC at 60000",
    ]


def test_a_trade_that_is_not_there_is_an_error_with_those_that_are(cli: Cli, workspace: Path) -> None:
    cli("apply", "--auto-approve")
    done = cli("sandbox", "fill", "btc-dop", "0.004")

    assert (done.code, done.out) == (64, "")
    assert "there is no trade btc-dop in the sandbox: expected btc-dip" in done.err


def test_an_ended_trade_is_found_only_if_no_active_one_bears_the_name(cli: Cli, workspace: Path) -> None:
    cli("apply", "--auto-approve")
    cli("sandbox", "act", "cancel", "btc-dip")
    done = cli("sandbox", "act", "cancel", "btc-dip")

    assert (done.code, done.err) == (1, "Error: refused: Cancel is not allowed in the current status\n")


def test_a_name_of_several_trades_needs_an_id(cli: Cli, workspace: Path) -> None:
    cli("apply", "--auto-approve")
    note = "[reconciler:1 other/btc-dip#1 00000000 00000000]"
    cli("sandbox", "act", "open", "USDT_ETH", "1", "--note", note)
    done = cli("sandbox", "act", "close", "btc-dip")

    assert done.code == 64
    assert "btc-dip is the name of several trades: expected one of #30000001, #30000002" in done.err
