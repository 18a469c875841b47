"""Bad news is said on every run until somebody has taken over, and never again afterwards; by real commands."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pytest

from tests.support import manual_edits
from tests.support.partial_matrix import take_part
from tests.support.program import BTC_DIP, CONFIG, Cli

ID = 30000001
ONE = f"/v2/smart_trades/{ID}"
# Another trade, so that the workspace has a file whatever becomes of the one in question.
OTHER = BTC_DIP.replace("btc-dip", "other").replace("60000", "50000").replace("58500", "48500")
OWN_FUNDS = """\
version: 1
account: main
trades:
  btc-held:
    pair: USDT_BTC
    skip_enter_step: true
    position: {{type: buy, order_type: market, units: {units}, price: 60000}}
    take_profit: [{{order_type: limit, price: 70000, volume: 100}}]
    stop_loss: {{order_type: market, conditional: {{price: 50000}}}}
"""
Happening = Callable[[Cli, Path], None]
Way = Callable[[Cli, Path], None]


def write(folder: Path, *, state: str = "", generation: int = 1, price: int = 60000, order: str = "limit") -> None:
    """The file of the trade in question."""
    more = f"    generation: {generation}\n" + (f"    state: {state}\n" if state else "")
    text = BTC_DIP.replace("    pair:", f"{more}    pair:").replace("price: 60000", f"price: {price}")
    text = text.replace("type: buy, order_type: limit", f"type: buy, order_type: {order}")
    (folder / "btc-dip.yaml").write_text(text)


def list_as_foreign(cli: Cli, folder: Path) -> None:
    (folder / "reconciler.yaml").write_text(f"{CONFIG}foreign: [{ID}]\n")


def remove_file(cli: Cli, folder: Path) -> None:
    (folder / "btc-dip.yaml").unlink()


def say_state(state: str) -> Way:
    return lambda cli, folder: write(folder, state=state)


def raise_generation(cli: Cli, folder: Path) -> None:
    write(folder, generation=2)
    assert cli("apply", "--auto-approve").code == 0


def take_over(units: str = "0.01") -> Way:
    def way(cli: Cli, folder: Path) -> None:
        (folder / "btc-held.yaml").write_text(OWN_FUNDS.format(units=units))
        planned = json.loads(cli("plan", "--format", "json").out)
        assert (planned["summary"]["add"], planned["summary"]["attention"]) == (1, 0)
        assert cli("apply", "--auto-approve").code == 0

    return way


def edit(cli: Cli, request: str) -> None:
    """What a person does right before the next request."""
    assert cli("sandbox", "fault", "add", "act", "--request", request).code == 0
    cli("status")


def fill_while_cancelling(percent: int) -> Happening:
    def happen(cli: Cli, folder: Path) -> None:
        write(folder, state="closed")
        cli("sandbox", "schedule", "fill_on_cancel", str(percent))
        done = cli("apply", "--auto-approve")
        assert "FILLED WHILE CANCELLING" in done.err
        assert done.code == 12

    return happen


def fill_while_replacing(cli: Cli, folder: Path) -> None:
    write(folder, order="market")
    cli("sandbox", "schedule", "fill_on_cancel", "100")
    assert cli("apply", "--auto-approve").code == 12


def cancel_position(cli: Cli, folder: Path) -> None:
    cli("sandbox", "price", "USDT_BTC", "59900")
    edit(cli, f"DELETE {ONE}")


def cancel_by_command(cli: Cli, folder: Path) -> None:
    cli("sandbox", "price", "USDT_BTC", "59900")
    assert cli("trade", "cancel", "btc-dip", "--auto-approve").code == 0


def cancel_waiting(cli: Cli, folder: Path) -> None:
    edit(cli, f"DELETE {ONE}")


def close_position(cli: Cli, folder: Path) -> None:
    cli("sandbox", "price", "USDT_BTC", "59900")
    edit(cli, f"POST {ONE}/close_by_market")


WITH_COINS: dict[str, tuple[Happening, str]] = {
    "filled while cancelling": (fill_while_cancelling(100), "0.01"),
    "partly filled while cancelling": (fill_while_cancelling(40), "0.004"),
    "filled while replacing": (fill_while_replacing, "0.01"),
    "position cancelled outside": (cancel_position, "0.01"),
    "position cancelled by command": (cancel_by_command, "0.01"),
}
WITHOUT_COINS: dict[str, Happening] = {
    "waiting entry cancelled outside": cancel_waiting,
    "position closed outside": close_position,
}
WAYS: dict[str, Way] = {
    "foreign": list_as_foreign,
    "state closed": say_state("closed"),
    "state abandoned": say_state("abandoned"),
    "state released": say_state("released"),
    "generation raised": raise_generation,
    "file removed": remove_file,
}


JOURNALS = ("journal", "no journal")


def combine(happenings: Iterable[str], ways: Iterable[str]) -> list[tuple[str, str, str]]:
    """Every happening with every way, once with a journal and once without, in turn: each meets both."""
    ways = tuple(ways)
    return [
        (journal, happening, way)
        for row, happening in enumerate(happenings)
        for column, way in enumerate(ways)
        for journal in take_part(JOURNALS, row + column, one_of=2)
    ]


@pytest.fixture(params=JOURNALS)
def opened(request: pytest.FixtureRequest, cli: Cli, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Two trades that were applied, with a journal and without."""
    if request.param == "no journal":
        monkeypatch.setenv("RECONCILER_JOURNAL_URL", "none")
    (workspace / "other.yaml").write_text(OTHER)
    assert cli("apply", "--auto-approve").code == 0
    return cli


@pytest.fixture
def kept(cli: Cli, workspace: Path) -> Cli:
    """Two trades that were applied with a journal."""
    (workspace / "other.yaml").write_text(OTHER)
    assert cli("apply", "--auto-approve").code == 0
    return cli


def check_said(cli: Cli, words: str, *, times: int = 2) -> None:
    """Every command says it, every time."""
    for _ in range(times):
        plan = cli("plan", "--detailed-exitcode")
        assert plan.code == 2, plan.out
        assert words in plan.out
        assert f"#{ID}" in plan.out
        assert "1 trade needs attention." in plan.out
        assert "No changes." not in plan.out
        document = json.loads(cli("plan", "--format", "json").out)
        assert document["summary"]["attention"] == 1
        assert [each["live_id"] for each in document["notices"] if each["needs_attention"]] == [ID]
        assert cli("apply", "--auto-approve").code == 12
        drift = cli("drift")
        assert drift.code == 2
        assert words in drift.out
        assert "1 trade needs attention" in cli("status").out


def check_silent(cli: Cli, *, times: int = 2) -> None:
    """No command says anything."""
    for _ in range(times):
        plan = cli("plan", "--detailed-exitcode")
        assert plan.code == 0, plan.out
        assert "No changes." in plan.out
        drift = cli("drift")
        assert drift.code == 0, drift.out
        assert cli("apply", "--auto-approve").code == 0
        assert "attention" not in cli("status").out


def test_nothing_is_said_of_trades_as_the_files_want_them(opened: Cli) -> None:
    check_silent(opened)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("opened", "happening", "way"),
    combine(WITH_COINS, ["foreign", "state abandoned", "state released"]),
    indirect=["opened"],
)
def test_coins_without_a_stop_are_said_until_a_file_says_that_they_are_nobodys(
    opened: Cli, workspace: Path, happening: str, way: str
) -> None:
    happen, units = WITH_COINS[happening]
    happen(opened, workspace)
    check_said(opened, f"with {units} BTC that no stop protects")
    write(workspace)
    if way == "foreign":
        say_state("closed")(opened, workspace)
    WAYS[way](opened, workspace)
    check_silent(opened)


@pytest.mark.slow
@pytest.mark.parametrize("happening", WITH_COINS)
def test_coins_are_said_until_a_trade_with_own_funds_runs_with_them_and_not_after_it_ended(
    opened: Cli, workspace: Path, happening: str
) -> None:
    happen, units = WITH_COINS[happening]
    happen(opened, workspace)
    check_said(opened, f"with {units} BTC that no stop protects", times=1)
    write(workspace, state="closed")
    take_over(units)(opened, workspace)
    check_silent(opened)
    opened("sandbox", "price", "USDT_BTC", "70000")
    check_silent(opened)


def test_a_trade_that_covers_a_part_of_the_coins_takes_over_nothing(opened: Cli, workspace: Path) -> None:
    fill_while_cancelling(100)(opened, workspace)
    (workspace / "btc-held.yaml").write_text(OWN_FUNDS.format(units="0.006"))
    assert opened("apply", "--auto-approve").code == 12
    check_said(opened, "with 0.01 BTC that no stop protects")


@pytest.mark.slow
@pytest.mark.parametrize(("opened", "happening", "way"), combine(WITHOUT_COINS, WAYS), indirect=["opened"])
def test_an_end_that_nobody_asked_for_is_said_until_somebody_has_taken_over(
    opened: Cli, workspace: Path, happening: str, way: str
) -> None:
    WITHOUT_COINS[happening](opened, workspace)
    check_said(opened, "outside the files")
    WAYS[way](opened, workspace)
    check_silent(opened)


def test_an_entry_that_the_exchange_refused_is_said_until_it_is_closed_in_its_file(cli: Cli, workspace: Path) -> None:
    cli("sandbox", "schedule", "refuse", "kyc")
    assert cli("apply", "--auto-approve").code == 1
    check_said(cli, "it failed (You need to pass KYC")
    write(workspace, state="closed")
    check_silent(cli)


@pytest.mark.parametrize("command", [("close",), ("cancel",)])
def test_what_a_command_of_ours_has_ended_is_no_news_where_nothing_is_held(
    kept: Cli, workspace: Path, command: tuple[str, ...]
) -> None:
    if command == ("close",):
        kept("sandbox", "price", "USDT_BTC", "59900")
    assert kept("trade", *command, "btc-dip", "--auto-approve").code == 0
    check_silent(kept)


@pytest.mark.slow
@pytest.mark.parametrize("happening", WITH_COINS)
def test_with_a_journal_coins_are_said_though_the_file_is_removed_until_they_are_listed(
    kept: Cli, workspace: Path, happening: str
) -> None:
    happen, _ = WITH_COINS[happening]
    happen(kept, workspace)
    remove_file(kept, workspace)
    check_said(kept, "BTC that no stop protects")
    assert re.search("^  btc-dip: .*in no file$", kept("status").out, re.MULTILINE)
    list_as_foreign(kept, workspace)
    check_silent(kept)


def test_with_a_journal_coins_of_the_generation_before_are_said_until_they_are_taken_over(
    kept: Cli, workspace: Path
) -> None:
    cancel_position(kept, workspace)
    kept("sandbox", "price", "USDT_BTC", "61000")
    write(workspace, generation=2)
    assert kept("apply", "--auto-approve").code == 12
    check_said(kept, "with 0.01 BTC that no stop protects")
    take_over()(kept, workspace)
    check_silent(kept)
    (workspace / "btc-held.yaml").write_text(
        OWN_FUNDS.format(units="0.01").replace("    pair:", "    state: closed\n    pair:")
    )
    assert kept("apply", "--auto-approve", "--acknowledge", "closes=1").code == 0
    (workspace / "btc-held.yaml").unlink()
    check_silent(kept)


def test_what_a_file_abandoned_is_no_news_after_the_file_is_gone(kept: Cli, workspace: Path) -> None:
    kept("sandbox", "price", "USDT_BTC", "59900")
    write(workspace, state="abandoned")
    assert kept("apply", "--auto-approve", "--acknowledge", "unprotects=1").code == 0
    check_silent(kept)
    remove_file(kept, workspace)
    check_silent(kept)


def test_a_filled_entry_of_a_removed_file_is_said_with_its_id(kept: Cli, workspace: Path) -> None:
    remove_file(kept, workspace)
    kept("sandbox", "schedule", "fill_on_cancel", "100")
    assert kept("apply", "--auto-approve").code == 12
    check_said(kept, "with 0.01 BTC that no stop protects")


def test_paths_and_names_leave_out_the_news_about_other_trades(kept: Cli, workspace: Path) -> None:
    cancel_position(kept, workspace)
    assert kept("plan", "--detailed-exitcode", "--trade", "other").code == 0
    assert kept("drift", "other.yaml").code == 0
    assert kept("plan", "--detailed-exitcode", "--trade", "btc-dip").code == 2


def test_a_saved_plan_without_operations_is_applied_with_the_code_of_its_news(kept: Cli, workspace: Path) -> None:
    cancel_waiting(kept, workspace)
    kept("plan", "--out", "review.json")
    assert "1 trade needs attention." in kept("show", "review.json").out
    assert kept("apply", "review.json").code == 12


def test_operations_beside_news_are_carried_out_and_the_code_stays(kept: Cli, workspace: Path) -> None:
    cancel_waiting(kept, workspace)
    (workspace / "other.yaml").write_text(OTHER.replace("48500", "48600"))
    plan = kept("plan").out
    assert "Plan: 0 to add, 1 to change, 0 to destroy.\n1 trade needs attention." in plan
    done = kept("apply", "--auto-approve")
    assert "1 changed" in done.out
    assert done.code == 12


def test_a_stop_that_this_apply_arms_again_is_no_news_afterwards(kept: Cli, workspace: Path) -> None:
    kept("sandbox", "schedule", "kill_stop", "failed")
    kept("sandbox", "price", "USDT_BTC", "59900")
    assert kept("drift").code == 2
    assert json.loads(kept("plan", "--format", "json").out)["summary"]["attention"] == 0
    assert kept("apply", "--auto-approve").code == 0
    check_silent(kept)


def test_a_change_in_the_file_of_a_trade_that_has_ended_is_no_absence_of_changes(kept: Cli, workspace: Path) -> None:
    for price in (59900, 63000, 66000):
        kept("sandbox", "price", "USDT_BTC", str(price))
    write(workspace, price=59000)
    done = kept("plan", "--detailed-exitcode")
    assert "No changes to apply. 1 trade not opened." in done.out
    assert done.code == 0


def test_live_trades_that_nothing_manages_are_named_in_one_line(kept: Cli, workspace: Path) -> None:
    ids = [manual_edits.open_trade(manual_edits.body(price=str(40000 + number), stop="30000")) for number in range(7)]
    shown = ", ".join(f"#{live_id}" for live_id in ids[:5])
    line = f"Not managed: 7 live trades on accounts of this target: {shown} and 2 more\n"
    for command in ("plan", "drift", "status"):
        done = kept(command)
        if command == "status":
            assert "NOT MANAGED 7: to manage them: reconciler import --all\n" in done.out
            assert f"  #{ids[0]}  USDT_BTC  nothing held, with stop\n" in done.out
            assert done.out.endswith("  and 2 more\n")
        else:
            assert line in done.out
        assert done.code == 0
        assert json.loads(kept(command, "--format", "json").out)["not_managed"] == ids
    assert kept("plan", "--detailed-exitcode").code == 0
    (workspace / "reconciler.yaml").write_text(f"{CONFIG}foreign: {ids[1:]}\n")
    assert f"Not managed: 1 live trade on accounts of this target: #{ids[0]}\n" in kept("drift").out
    (workspace / "reconciler.yaml").write_text(f"{CONFIG}foreign: {ids}\n")
    assert "Not managed" not in kept("plan").out


def test_live_trades_of_the_workspace_on_other_accounts_are_named_in_one_line(cli: Cli, workspace: Path) -> None:
    (workspace / "reconciler.yaml").write_text(CONFIG.replace("{main: 1}", "{main: 1, second: 2}"))
    (workspace / "other.yaml").write_text(OTHER.replace("account: main", "account: second"))
    assert cli("apply", "--auto-approve").code == 0
    (workspace / "reconciler.yaml").write_text(CONFIG)
    (workspace / "other.yaml").unlink()
    other = next(live_id for live_id in (ID, ID + 1) if _account_of(manual_edits.show(live_id)) == 2)
    line = f"Left unchanged: 1 live trade of this workspace on accounts that this target does not name: #{other}\n"
    for command in ("plan", "drift", "status"):
        done = cli(command)
        assert line in done.out
        assert done.code == 0
    assert json.loads(cli("plan", "--format", "json").out)["outside"] == [other]
    (finding, *_) = json.loads(cli("drift", "--format", "json").out)["findings"][-1:]
    assert (finding["kind"], finding["topic"], finding["live_id"]) == ("information", "outside", other)
    check_silent(cli, times=1)


def _account_of(entity: Mapping[str, object]) -> object:
    account = entity["account"]
    assert isinstance(account, dict)
    return account["id"]
