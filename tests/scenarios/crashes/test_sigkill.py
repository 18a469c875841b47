"""A real process, really killed, in the middle of an apply of 50 creates."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from reconciler.sandbox.exchange.exchange import Sandbox
from tests.support.world import World

pytestmark = pytest.mark.slow

CONFIG = "version: 1\nworkspace: test\ntargets:\n  sandbox: {kind: sandbox, accounts: {main: 1}}\n"
TRADE = """\
  t{number}:
    pair: USDT_BTC
    position: {{type: buy, order_type: limit, units: 0.01, price: {price}}}
    take_profit: [{{order_type: limit, price: 70000, volume: 100}}]
    stop_loss: {{order_type: market, conditional: {{price: 40000}}}}
"""
CREATES = 50
SEED = 20261121


def _start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if name != "CI"}
    command = [sys.executable, "-c", "from reconciler.cli.main import main; main()", "--workspace", str(folder)]
    return subprocess.Popen(
        [*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )


def _kill_at_request(folder: Path, fatal: int) -> bool:
    """Start an apply and kill it as soon as it has announced its n-th request; whether it was still running then."""
    process = _start(folder, "apply", "--auto-approve", "--verbose")
    assert process.stderr is not None
    seen = 0
    for line in process.stderr:
        seen += line.startswith(("GET", "POST"))
        if seen == fatal:
            process.send_signal(signal.SIGKILL)
            break
    process.communicate()
    return process.returncode == -signal.SIGKILL


@pytest.mark.parametrize("fatal", sorted(random.Random(SEED).sample(range(1, 60), 10)))
def test_killed_anywhere_and_run_again_there_are_fifty_trades_and_no_duplicate(fatal: int, tmp_path: Path) -> None:
    (tmp_path / "reconciler.yaml").write_text(CONFIG)
    trades = "".join(TRADE.format(number=number, price=50000 + number) for number in range(CREATES))
    (tmp_path / "plan.yaml").write_text(f"version: 1\naccount: main\ntrades:\n{trades}")
    assert _kill_at_request(tmp_path, fatal), f"seed {SEED}: it had ended before request {fatal}"
    if fatal % 2:
        for path in (tmp_path / ".reconciler").glob("journal.sqlite*"):
            path.unlink()
    again = _start(tmp_path, "apply", "--auto-approve")
    out, err = again.communicate()
    assert again.returncode == 0, out + err
    with World(tmp_path / ".reconciler" / "sandbox.sqlite") as world:
        names = Counter(str(entity["note"]).split()[1] for entity in world.trades())
    assert len(names) == CREATES
    assert set(names.values()) == {1}
    empty = _start(tmp_path, "plan", "--detailed-exitcode", "--format", "json")
    out, err = empty.communicate()
    assert empty.returncode == 0, err
    assert json.loads(out)["summary"]["unchanged"] == CREATES


def test_the_sandbox_keeps_what_it_answered_before_the_client_died(tmp_path: Path) -> None:
    path = tmp_path / "sandbox.sqlite"
    with World(path) as world:
        world.api.session.request("POST", "/v2/smart_trades", body=_simple_buy())
    with Sandbox(path) as sandbox:
        assert sandbox.show()["trades"]


def _simple_buy() -> dict[str, object]:
    position = {"type": "buy", "order_type": "market", "units": {"value": "0.01"}}
    return {"account_id": 1, "pair": "USDT_BTC", "instant": True, "position": position}
