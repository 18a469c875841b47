"""What a plan has to tell its reviewer: warnings of the files, raised limits, and how the last generation ended."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.program import BTC_DIP, CONFIG, Cli

pytestmark = pytest.mark.usefixtures("workspace")
ABOVE = BTC_DIP.replace("price: 58500", "price: 61500")


def one_line(text: str) -> str:
    return " ".join(text.split())


def test_a_stop_above_a_waiting_buy_is_in_every_view_of_the_plan_and_stops_apply(cli: Cli, workspace: Path) -> None:
    (workspace / "btc-dip.yaml").write_text(ABOVE)
    done = cli("plan", "--out", "p.json")
    assert "warning btc-dip.yaml:" in done.out
    assert "as soon as the entry fills the stop executes at once" in done.out
    assert "found the stop at 61500, at or above the entry at 60000" in one_line(done.out)
    assert "warning" not in done.err
    document = json.loads((workspace / "p.json").read_text())
    (warning,) = document["warnings"]
    assert (warning["file"], warning["path"]) == ("btc-dip.yaml", "trades.btc-dip.stop_loss.conditional.price")
    assert document["operations"][0]["closing"]["moment"] == "after_entry"
    assert cli("show", "p.json").out == done.out
    assert json.loads(cli("show", "p.json", "--format", "json").out) == document
    refused = cli("apply", "p.json")
    assert refused.code == 12
    assert "--acknowledge closes=1" in refused.err
    assert cli("apply", "p.json", "--acknowledge", "closes=1").code == 0


def test_an_update_that_moves_the_stop_above_a_waiting_buy_is_stopped_too(cli: Cli, workspace: Path) -> None:
    cli("apply", "--auto-approve")
    (workspace / "btc-dip.yaml").write_text(ABOVE)
    refused = cli("apply", "--auto-approve")
    assert refused.code == 12
    assert "closes the position as soon as the entry fills" in one_line(refused.out)


def test_a_stop_moved_into_profit_behind_a_position_is_no_reason_to_warn(cli: Cli, workspace: Path) -> None:
    cli("apply", "--auto-approve")
    cli("sandbox", "price", "USDT_BTC", "59900")
    cli("sandbox", "price", "USDT_BTC", "62000")
    (workspace / "btc-dip.yaml").write_text(ABOVE)
    done = cli("apply", "--auto-approve")
    assert done.code == 0
    for command in ("plan", "drift", "status"):
        shown = cli(command)
        assert "at or above the entry" not in one_line(shown.out + shown.err)
    assert "at or above the entry" in cli("validate").err + cli("validate").out


def test_a_narrowed_plan_has_the_warnings_of_its_own_trades(cli: Cli, workspace: Path) -> None:
    (workspace / "other.yaml").write_text(ABOVE.replace("btc-dip", "other"))
    assert "at or above the entry" in one_line(cli("plan").out)
    assert "at or above the entry" not in one_line(cli("plan", "--trade", "btc-dip").out)


def test_a_warning_from_the_defaults_of_a_file_belongs_to_its_trade(cli: Cli, workspace: Path) -> None:
    (workspace / "btc-dip.yaml").write_text(
        "version: 1\naccount: main\ndefaults:\n  stop_loss: {order_type: market, conditional: {price: 61500}}\n"
        "trades:\n  btc-dip:\n    pair: USDT_BTC\n"
        "    position: {type: buy, order_type: limit, units: 0.01, price: 60000}\n"
        "    take_profit: [{order_type: limit, price: 63000, volume: 100}]\n    stop_loss: {enabled: true}\n"
    )
    assert "warning btc-dip.yaml:4:56: trades.btc-dip.stop_loss" in one_line(cli("plan", "--trade", "btc-dip").out)


def test_steps_below_the_market_are_not_applied_unasked_and_end_as_planned_when_acknowledged(
    cli: Cli, workspace: Path
) -> None:
    cli("apply", "--auto-approve")
    cli("sandbox", "price", "USDT_BTC", "59900")
    (workspace / "btc-dip.yaml").write_text(
        BTC_DIP.replace("price: 63000", "price: 50000").replace("price: 66000", "price: 50000")
    )
    refused = cli("apply", "--auto-approve")
    assert refused.code == 12
    assert "Plan: 0 to add, 0 to change, 1 to destroy." in refused.out
    done = cli("apply", "--auto-approve", "--acknowledge", "closes=1")
    assert done.code == 0
    assert "ended as planned: finished" in done.err
    assert "0 added, 0 changed, 1 destroyed" in done.out


def test_a_plan_that_uses_a_raised_limit_says_so_and_one_that_does_not_is_silent(cli: Cli, workspace: Path) -> None:
    (workspace / "reconciler.yaml").write_text(f"{CONFIG}guardrails: {{closes: 50, unprotects: 50}}\n")
    assert "Guardrail " not in cli("plan").out
    cli("apply", "--auto-approve")
    cli("sandbox", "price", "USDT_BTC", "59900")
    (workspace / "btc-dip.yaml").write_text(BTC_DIP + "    state: abandoned\n")
    done = cli("plan", "--out", "p.json")
    assert "Guardrail unprotects: 1 (btc-dip), limit 50 (default 0)" in done.out
    found = json.loads((workspace / "p.json").read_text())["guardrails"]
    passed = next(each for each in found if each["name"] == "unprotects")
    assert (passed["value"], passed["limit"], passed["state"], passed["trades"]) == ("1", "50", "ok", ["btc-dip"])


def test_a_raised_generation_says_how_the_last_one_ended(cli: Cli, workspace: Path) -> None:
    (workspace / "reconciler.yaml").write_text(f"{CONFIG}guardrails: {{unprotects: 1}}\n")
    cli("apply", "--auto-approve")
    cli("sandbox", "price", "USDT_BTC", "59900")
    (workspace / "btc-dip.yaml").write_text(BTC_DIP + "    state: abandoned\n")
    cli("apply", "--auto-approve")
    (workspace / "btc-dip.yaml").write_text(BTC_DIP + "    generation: 2\n")
    out = cli("plan").flat
    assert "generation 2; generation 1 ended as: cancelled, keeps 0.01 BTC without stop (#30000001)" in out
    previous = json.loads(cli("plan", "--format", "json").out)["operations"][0]["previous"]
    assert (previous["generation"], previous["status"], previous["held_units"]) == (1, "cancelled", "0.01")


def test_a_first_trade_of_a_later_generation_says_that_none_was_found(cli: Cli, workspace: Path) -> None:
    (workspace / "btc-dip.yaml").write_text(BTC_DIP + "    generation: 3\n")
    assert "generation 3; no earlier one was found" in cli("plan").out


def test_the_price_limit_is_read_from_the_configuration_and_has_bounds(cli: Cli, workspace: Path) -> None:
    market = BTC_DIP.replace("order_type: limit, units: 0.01, price: 60000", "order_type: market, units: 0.01")
    (workspace / "btc-dip.yaml").write_text(market)
    cli("sandbox", "price", "USDT_BTC", "61000")
    for limit, code in (("5", 0), ("1.5", 10)):
        (workspace / "reconciler.yaml").write_text(f"{CONFIG}price_moved_pct: {limit}\n")
        cli("sandbox", "reset")
        cli("sandbox", "price", "USDT_BTC", "61000")
        cli("plan", "--out", "p.json")
        cli("sandbox", "price", "USDT_BTC", "62500")
        assert cli("apply", "p.json").code == code, limit
    (workspace / "reconciler.yaml").write_text(f"{CONFIG}price_moved_pct: 0\n")
    done = cli("plan")
    assert done.code == 1
    assert "price_moved_pct" in done.err
