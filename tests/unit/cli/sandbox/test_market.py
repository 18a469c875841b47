"""`reconciler sandbox`: prices, time, candles, settings, faults and the server."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.program import CONFIG, Cli

CANDLES = "time,open,high,low,close\n2026-01-01,60000,60100,59900,60050\n2026-01-02,60050,60500,60000,60400\n"


def show(cli: Cli) -> Any:
    return json.loads(cli("sandbox", "show").out)


def test_candles_are_replayed_with_progress(cli: Cli, workspace: Path) -> None:
    (workspace / "btc.csv").write_text(CANDLES)
    done = cli("sandbox", "replay", "btc.csv")

    assert (done.code, done.err) == (0, "")
    assert "2 candles of USDT_BTC replayed; the sandbox's clock is at 2026-01-02T00:00:00.000Z" in done.out
    assert show(cli)["prices"]["USDT_BTC"]["last"] == "60400.0"


def test_a_bad_row_is_named_and_nothing_is_replayed(cli: Cli, workspace: Path) -> None:
    (workspace / "btc.csv").write_text(CANDLES + "2026-01-03,60400,60500,soon,60400\n")
    before = show(cli)
    done = cli("sandbox", "replay", "btc.csv")

    assert (done.code, done.out) == (1, "")
    assert "line 4: 'soon' is not a price, in column low" in done.err
    assert show(cli) == before


def test_a_file_that_is_no_text_is_a_wrong_call(cli: Cli, workspace: Path) -> None:
    (workspace / "btc.csv").write_bytes(b"\xff\xfe\x00")

    assert cli("sandbox", "replay", "btc.csv").code == 64


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (("set", "trailing_stop", "sideways"), 1, "expected moved or unchanged"),
        (("set", "colour", "red"), 1, "unknown sandbox option 'colour'"),
        (("set", "fee_pct", "11"), 1, "expected percent from 0 to 10"),
        (("set", "pending_reads", "soon"), 1, "expected clock or 0 to 1000"),
        (("schedule", "earthquake"), 1, "unknown event 'earthquake'"),
        (("fill", "5", "1"), 64, "there is no trade 5"),
        (("fill", "5", "some"), 64, "some is not a number of units"),
        (("fill", "5", "NaN"), 64, "NaN is not a number of units"),
    ],
)
def test_what_cannot_be_is_an_error_that_says_what_can(
    cli: Cli, workspace: Path, arguments: tuple[str, ...], code: int, text: str
) -> None:
    done = cli("sandbox", *arguments)

    assert (done.code, done.out) == (code, "")
    assert text in done.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["price", "USDT_NOPE", "1"],
        ["price", "USDT_BTC", "cheap"],
        ["price", "USDT_BTC", "NaN"],
        ["price", "USDT_BTC", "-1"],
        ["price", "USDT_BTC", "0.001"],
        ["advance", "soon"],
        ["advance", "0s"],
        ["serve", "--host", "0.0.0.0"],
        ["serve", "--api-key", "alone"],
    ],
)
def test_impossible_sandbox_commands_are_errors_and_no_tracebacks(
    cli: Cli, workspace: Path, arguments: list[str]
) -> None:
    done = cli("sandbox", *arguments)
    assert done.code in (1, 64)
    assert done.err.startswith(("Error: ", "Usage: "))
    assert done.err.count("\n") <= 4


def test_the_sandbox_served_and_embedded_is_the_same_one(cli: Cli, workspace: Path) -> None:
    import requests

    server = subprocess.Popen(
        [sys.executable, "-c", "from reconciler.cli.main import main; main()", "sandbox", "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        url = server.stdout.readline().split()[5]
        assert requests.get(f"{url}/ver1/ping", timeout=10).json() == {"pong": "pong"}
        cli("apply", "--auto-approve")
        (workspace / "reconciler.yaml").write_text(
            CONFIG + f"  served: {{kind: api, mode: paper, base_url: '{url}', accounts: {{main: 1}}, settle: 0}}\n"
            "target: served\n"
        )
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("THREE_COMMAS_API_KEY", "sandbox-key")
            patch.setenv("THREE_COMMAS_API_SECRET", "sandbox-secret")
            done = cli("plan", "--detailed-exitcode")
        assert (done.code, done.err) == (0, "")
        assert "No changes." in done.out
    finally:
        server.terminate()
        server.communicate()


def test_prices_are_listed_and_shown(cli: Cli, workspace: Path) -> None:
    listed = cli("sandbox", "price").out.splitlines()

    assert listed[0].split() == ["PAIR", "LAST", "BID", "ASK"]
    assert ["USDT_BTC", "63802.44", "63802.44", "63802.45"] in [line.split() for line in listed]
    assert max(map(len, listed)) <= 80
    assert len(set(map(len, listed))) == 1
    assert cli("sandbox", "price", "USDT_BTC").out == "USDT_BTC last 63802.44, bid 63802.44, ask 63802.45\n"
    assert cli("sandbox", "price", "USDT_NOPE").code == 1


def test_a_price_says_what_happened_to_which_trade(cli: Cli, workspace: Path) -> None:
    cli("apply", "--auto-approve")
    entered = cli("sandbox", "price", "USDT_BTC", "59900").out.splitlines()
    stopped = cli("sandbox", "price", "USDT_BTC", "58000").out.splitlines()

    assert entered[1:] == ["btc-dip: entered 0.01 BTC at 60000"]
    assert stopped[1] == "btc-dip: stop sold 0.01 BTC at 58000"
    assert stopped[2].startswith("btc-dip: ended: stopped out, profit -")


def test_the_clock_says_what_happened_too(cli: Cli, workspace: Path) -> None:
    cli("sandbox", "set", "pending_reads", "clock")
    cli("sandbox", "act", "open", "USDT_BTC", "0.01", "--stop", "70000")
    advanced = [cli("sandbox", "advance", "1s").out for _ in range(5)]
    told = [line for out in advanced for line in out.splitlines() if line.startswith("#")]

    assert told[0] == "#30000001: entered 0.01 BTC at 63802.45"
    assert told[1] == "#30000001: stop sold 0.01 BTC at 63802.44"
