"""`trade add-funds`."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.errors import UsageError
from tests.support.program import BTC_DIP, CONFIG, Cli
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("workspace")
AVERAGING = "    averaging:\n      - {price: 59500, units: 0.005}\n"


def add_by_hand(cli: Cli, price: str) -> str:
    done = cli("trade", "add-funds", "btc-dip", "--units", "0.01", "--price", price, "--auto-approve")
    assert done.code == 0
    return done.err


def waiting_buys(cli: Cli, *selector: str) -> list[str]:
    """Ids of the orders that wait to add to the position."""
    listed = json.loads(cli("trade", "trades", *(selector or ["btc-dip"]), "--format", "json").out)
    return [
        str(each["id"])
        for each in listed
        if each["order_side"] == "buy" and each["status"] in ("order_placed", "to_process")
    ]


@pytest.mark.usefixtures("held")
def test_funds_are_added_and_reduced_at_market_and_by_limit(cli: Cli) -> None:
    added = cli("trade", "add-funds", "btc-dip", "--units", "0.005", "--market", "--auto-approve")
    assert (added.code, added.out) == (0, "[1/1] btc-dip: add funds #30000001: done: holds 0.015 BTC\n")
    waits = cli("trade", "add-funds", "btc-dip", "--units", "0.005", "--price", "50000", "--auto-approve")
    assert "buys 0.005 BTC more at 50000: 250 USDT" in waits.err
    assert waits.out.endswith("done: the order waits for its price\n")
    reduced = cli("trade", "reduce-funds", "btc-dip", "--units", "0.003", "--market", "--auto-approve")
    assert "sells 0.003 BTC of 0.015 BTC at market, about 179.7 USDT; at most 0.01487479" in reduced.err
    assert reduced.out.endswith("done: holds 0.012 BTC\n")
    assert "No changes." in cli("plan").out


@pytest.mark.usefixtures("held")
@pytest.mark.parametrize("is_averaging", [False, True], ids=["none sent yet", "one sent"])
def test_an_order_by_hand_beside_averaging_is_counted_as_the_hint_says(
    cli: Cli, workspace: Path, *, is_averaging: bool
) -> None:
    (workspace / "btc-dip.yaml").write_text(BTC_DIP + AVERAGING)
    if is_averaging:
        assert cli("apply", "--auto-approve").code == 0
    hint = add_by_hand(cli, "59000")
    assert ("blocked until the file lists this one" in hint) is is_averaging
    assert "`reconciler import --update btc-dip --adopt` counts it" in hint
    assert ("1 averaging order more than were sent from here" in cli("plan").flat) is is_averaging
    stopped = cli("apply", "--auto-approve")
    assert stopped.code != 0
    assert "reconciler import --update btc-dip --adopt` counts them" in stopped.out + stopped.err
    (workspace / "btc-dip.yaml").write_text(BTC_DIP + AVERAGING + "      - {price: 59000, units: 0.01}\n")
    assert cli("import", "--update", "btc-dip", "--adopt", "--auto-approve").code == 0
    done = cli("apply", "--auto-approve")
    assert (done.code, "btc-dip: add funds" in done.err) == (0, not is_averaging)
    assert cli("plan", "--detailed-exitcode").code == 0
    assert len(waiting_buys(cli)) == 2


@pytest.mark.usefixtures("held")
def test_an_order_of_the_file_that_was_sent_by_hand_before_is_not_sent_again(cli: Cli, workspace: Path) -> None:
    add_by_hand(cli, "59500")
    (workspace / "btc-dip.yaml").write_text(BTC_DIP + AVERAGING.replace("0.005", "0.01"))
    assert cli("apply", "--auto-approve").code == 0
    assert len(waiting_buys(cli)) == 1


@pytest.mark.usefixtures("held")
def test_a_lost_answer_to_added_funds_is_settled_on_the_wire(cli: Cli) -> None:
    path = "/v2/smart_trades/*/add_funds"
    cli("sandbox", "fault", "add", "lose_reply", "--method", "POST", "--path", path)
    done = cli("trade", "add-funds", "btc-dip", "--units", "0.005", "--market", "--auto-approve")
    assert (done.code, done.out) == (0, "[1/1] btc-dip: add funds #30000001: done: holds 0.015 BTC\n")


@pytest.mark.usefixtures("waiting")
def test_in_ci_funds_need_a_lock_that_other_machines_see(
    cli: Cli, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reconciler.settings import load_settings
    from reconciler.workflows.ci_lock import refuse_unlocked

    (workspace / "reconciler.yaml").write_text(CONFIG + "  paper: {kind: api, mode: paper, accounts: {main: 1}}\n")
    settings = load_settings(workspace, "paper", {}, is_live=False)
    with World() as world:
        session = replace(world.session, settings=settings)
    with pytest.raises(UsageError, match="lock: external"):
        refuse_unlocked(session, {"CI": "1"})
    refuse_unlocked(replace(session, is_lock_shared=True), {"CI": "1"})
    refuse_unlocked(session, {})
