"""`trade process`."""

from __future__ import annotations

import pytest

from tests.support.program import Cli

pytestmark = pytest.mark.usefixtures("workspace")


@pytest.mark.usefixtures("waiting")
def test_process_pokes_the_trade(cli: Cli) -> None:
    done = cli("trade", "process", "btc-dip", "--auto-approve")
    assert (done.code, done.out) == (0, "[1/1] btc-dip: process #30000001: done: the trade is waiting_position\n")
