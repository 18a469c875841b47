"""What binds money by hand is judged by the limits of reconciler.yaml; what lowers risk never is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.program import CONFIG, Cli, cli

__all__ = ["cli"]
ADD = ("trade", "add-funds", "btc-dip", "--units", "0.01", "--auto-approve")
START = ("trade", "start", "btc-dip", "--auto-approve")


def limit(workspace: Path, limits: str) -> None:
    (workspace / "reconciler.yaml").write_text(f"{CONFIG}guardrails: {{{limits}}}\n")


@pytest.fixture
def waiting(cli: Cli, workspace: Path) -> Path:
    """A workspace whose trade waits for its entry."""
    cli("sandbox", "price", "USDT_BTC", "60500")
    assert cli("apply", "--auto-approve").code == 0
    return workspace


@pytest.fixture
def entered(cli: Cli, waiting: Path) -> Path:
    """A workspace whose trade is open with 0.01 BTC at 60000."""
    cli("sandbox", "price", "USDT_BTC", "59900")
    return waiting


@pytest.mark.parametrize(
    ("limits", "word"),
    [
        ("notional_per_trade: {USDT: 1000}", "notional_per_trade"),
        ("notional_total: {USDT: 1000}", "notional_total"),
        ("notional_per_pair: {USDT: 1000}", "notional_per_pair"),
        ("commits_per_plan: {USDT: 100}", "commits_per_plan"),
        ("loss_at_stop_per_trade: {USDT: 20}", "loss_at_stop_per_trade"),
        ("loss_at_stop_increase: {USDT: 5}", "loss_at_stop_increase"),
        ("at_market: 0", "at_market"),
        ("pairs: [USDT_ETH]", "pairs"),
        ("accounts: [other]", "accounts"),
        ("sides: [short]", "sides"),
    ],
)
def test_funds_that_pass_a_limit_are_refused_unless_that_is_acknowledged(
    cli: Cli, entered: Path, limits: str, word: str
) -> None:
    limit(entered, limits)
    refused = cli(*ADD, "--market")
    assert refused.code == 12
    assert f"Guardrail: {word}" in refused.err
    assert "nothing was sent" in refused.err
    words = next(each for each in refused.err.split() if each.startswith(f"{word}=")).rstrip(";")
    assert cli(*ADD, "--market", "--acknowledge", words).code == 0


def test_within_the_limits_funds_are_added(cli: Cli, entered: Path) -> None:
    limit(entered, "notional_per_trade: {USDT: 1300}, notional_total: {USDT: 1300}, pairs: ['USDT_*'], at_market: 1")
    assert cli(*ADD, "--market").code == 0
    limit(entered, "notional_per_trade: {USDT: 1300}, at_market: 0")
    waiting = cli(*ADD, "--price", "55000")
    assert waiting.code == 12
    assert "notional_per_trade" in waiting.err
    assert "at_market" not in waiting.err


def test_of_other_trades_only_totals_count(cli: Cli, entered: Path) -> None:
    text = (entered / "btc-dip.yaml").read_text()
    (entered / "second.yaml").write_text(text.replace("btc-dip", "second").replace("price: 60000", "price: 59000"))
    assert cli("apply", "--auto-approve").code == 0
    limit(entered, "notional_total: {USDT: 1500}")
    assert "notional_total: 178" in cli(*ADD, "--market").err
    limit(entered, "notional_per_trade: {USDT: 1500}")
    assert cli(*ADD, "--market").code == 0


def test_an_entry_at_once_is_judged_at_the_price_of_the_moment(cli: Cli, waiting: Path) -> None:
    limit(waiting, "notional_per_trade: {USDT: 604}")
    refused = cli(*START)
    assert refused.code == 12
    assert "notional_per_trade: 605.0001 USDT, over the limit of 604 USDT" in refused.err
    cli("sandbox", "price", "USDT_BTC", "60300")
    assert cli(*START).code == 0


def test_an_entry_at_once_counts_as_one_and_needs_an_allowed_pair(cli: Cli, waiting: Path) -> None:
    limit(waiting, "at_market: 0, pairs: [USDT_ETH]")
    refused = cli(*START)
    assert refused.code == 12
    assert "at_market" in refused.err
    assert "pairs" in refused.err
    assert cli(*START, "--acknowledge", "at_market=1").code == 12
    assert cli(*START, "--acknowledge", "at_market=1", "--acknowledge", "pairs=1").code == 0


def test_it_is_judged_again_after_the_question(cli: Cli, entered: Path) -> None:
    limit(entered, "notional_per_trade: {USDT: 1000}")
    refused = cli(*ADD[:-1], "--market", typed="yes\n")
    assert refused.code == 12
    assert "Do you want to do this?" not in refused.err
    limit(entered, "notional_per_trade: {USDT: 1300}")
    assert cli(*ADD[:-1], "--market", typed="yes\n").code == 0


def test_warnings_and_defaults_refuse_nothing(cli: Cli, entered: Path) -> None:
    limit(entered, "warn: {notional_per_trade: {USDT: 1}, at_market: 0}")
    assert cli(*ADD, "--market").code == 0


def test_realised_losses_hold_back_what_is_added_by_hand(cli: Cli, entered: Path) -> None:
    text = (entered / "btc-dip.yaml").read_text()
    (entered / "second.yaml").write_text(text.replace("btc-dip", "second").replace("58500", "57000"))
    assert cli("apply", "--auto-approve").code == 0
    cli("sandbox", "price", "USDT_BTC", "58000")
    limit(entered, "loss_realised: {USDT: 5, within: 24h}")
    refused = cli("trade", "add-funds", "second", "--units", "0.01", "--market", "--auto-approve")
    assert refused.code == 12
    assert "loss_realised" in refused.err


def test_what_lowers_risk_by_hand_is_never_judged(cli: Cli, entered: Path) -> None:
    limit(entered, "notional_per_trade: {USDT: 1}, notional_total: {USDT: 1}, pairs: [X_Y], accounts: [x], closes: 0")
    for words in (
        ("reduce-funds", "btc-dip", "--units", "0.001", "--market"),
        ("close-step", "btc-dip", "1"),
        ("cancel-step", "btc-dip", "2"),
        ("close", "btc-dip"),
    ):
        done = cli("trade", *words, "--auto-approve")
        assert "Guardrail" not in done.err, words
    assert cli("trade", "add-funds", "btc-dip", "--units", "0.01", "--market", "--auto-approve").code == 12


def test_all_cannot_be_acknowledged_at_once(cli: Cli, entered: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cli(*ADD, "--market", "--acknowledge", "all").code == 64
    limit(entered, "at_market: 0")
    monkeypatch.setenv("RECONCILER_TRADE_ADD_FUNDS_ACKNOWLEDGE", "at_market=1")
    assert cli(*ADD, "--market").code in (12, 64)
