"""The trade commands as a user types them: output, questions, exit codes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.cli.trade.options import select
from reconciler.errors import UsageError
from tests.support.program import BTC_DIP, CONFIG, Cli
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("workspace")
FIRST = "30000001"


@pytest.fixture
def waiting(cli: Cli, workspace: Path) -> None:
    """One trade that waits for its entry."""
    assert cli("apply", "--auto-approve").code == 0


@pytest.fixture
def held(cli: Cli, waiting: None) -> None:
    """One trade that holds its position."""
    assert cli("sandbox", "price", "USDT_BTC", "59900").code == 0


@pytest.mark.usefixtures("held")
def test_show_tells_where_a_trade_is_and_what_it_allows(cli: Cli) -> None:
    done = cli("trade", "show", "btc-dip")
    assert done.code == 0
    assert f"#{FIRST}  USDT_BTC  test/btc-dip, generation 1" in done.out
    assert "status:      waiting_targets (open)" in done.out
    assert "allows now:  edit, process, close, cancel, add-funds, reduce-funds" in done.out
    assert cli("trade", "show", "--id", FIRST).out == done.out


@pytest.mark.usefixtures("held")
def test_show_for_machines_is_the_entity_as_the_api_gave_it(cli: Cli) -> None:
    entity = json.loads(cli("trade", "show", "btc-dip", "--format", "json").out)
    assert entity["id"] == int(FIRST)
    assert entity["data"]["commission"] == 0.001
    assert entity["position"]["units"]["value"] == "0.01"


@pytest.mark.usefixtures("held")
def test_trades_lists_the_orders_with_the_numbers_of_the_steps(cli: Cli) -> None:
    rows = [line.split() for line in cli("trade", "trades", "btc-dip").out.splitlines()]
    assert [(row[0], row[2]) for row in rows[1:]] == [
        ("-", "position"),
        ("1", "take_profit"),
        ("2", "take_profit"),
        ("-", "stop_loss"),
    ]
    listed = json.loads(cli("trade", "trades", "--id", FIRST, "--format", "json").out)
    assert [str(entity["id"]) for entity in listed] == [row[1] for row in rows[1:]]


@pytest.mark.usefixtures("waiting")
def test_start_enters_at_market(cli: Cli) -> None:
    done = cli("trade", "start", "btc-dip", typed="yes\n")
    assert done.code == 0
    assert "start btc-dip #30000001 (USDT_BTC): buys 0.01 BTC at market now, about 638.0245 USDT" in done.err
    assert done.out == "[1/1] btc-dip: start #30000001: done: holds 0.01 BTC at 63866.25\n"
    assert "No changes." in cli("plan").out


@pytest.mark.usefixtures("waiting")
def test_process_pokes_the_trade(cli: Cli) -> None:
    done = cli("trade", "process", "btc-dip", "--auto-approve")
    assert (done.code, done.out) == (0, "[1/1] btc-dip: process #30000001: done: the trade is waiting_position\n")


@pytest.mark.usefixtures("held")
def test_close_asks_with_the_money_and_the_plan_then_opens_nothing(cli: Cli) -> None:
    done = cli("trade", "close", "btc-dip", typed="yes\n")
    assert done.code == 0
    assert "sells 0.01 BTC at market, about 599 USDT; profit now" in done.err
    assert "[1/1] btc-dip: close #30000001: done: panic_sold, profit" in done.out
    assert "lists it as ended and opens nothing" in done.err
    plan = cli("plan", "--detailed-exitcode")
    assert (plan.code, "ended btc-dip" in plan.out) == (0, True)


@pytest.mark.usefixtures("waiting")
def test_cancel_of_a_waiting_trade_frees_money(cli: Cli) -> None:
    done = cli("trade", "cancel", "btc-dip", "--auto-approve")
    assert (done.code, done.out) == (0, "[1/1] btc-dip: cancel #30000001: done\n")
    assert "frees 600 USDT" in done.err
    plan = cli("plan", "--detailed-exitcode")
    assert (plan.code, "ended btc-dip" in plan.out) == (0, True)


@pytest.mark.usefixtures("held")
def test_cancel_of_a_position_says_that_it_stays_unprotected(cli: Cli) -> None:
    done = cli("trade", "cancel", "btc-dip", "--auto-approve")
    assert "keeps 0.01 BTC without steps and stop: THE POSITION STAYS, UNPROTECTED" in done.err
    assert (done.code, done.out) == (
        0,
        "[1/1] btc-dip: cancel #30000001: done: 0.01 BTC stay, without steps and stop\n",
    )


@pytest.mark.usefixtures("held")
def test_funds_are_added_and_reduced_at_market_and_by_limit(cli: Cli) -> None:
    added = cli("trade", "add-funds", "btc-dip", "--units", "0.005", "--market", "--auto-approve")
    assert (added.code, added.out) == (0, "[1/1] btc-dip: add funds #30000001: done: holds 0.015 BTC\n")
    waits = cli("trade", "add-funds", "btc-dip", "--units", "0.005", "--price", "50000", "--auto-approve")
    assert "buys 0.005 BTC more at 50000: 250 USDT" in waits.err
    assert waits.out.endswith("done: the order waits for its price\n")
    reduced = cli("trade", "reduce-funds", "btc-dip", "--units", "0.003", "--market", "--auto-approve")
    assert "sells 0.003 BTC of 0.015 BTC at market, about 179.7 USDT (at most 0.01487479" in reduced.err
    assert reduced.out.endswith("done: holds 0.012 BTC\n")
    assert "No changes." in cli("plan").out


@pytest.mark.usefixtures("held")
def test_a_waiting_order_of_added_funds_is_cancelled_by_its_id(cli: Cli) -> None:
    cli("trade", "add-funds", "btc-dip", "--units", "0.005", "--price", "50000", "--auto-approve")
    listed = json.loads(cli("trade", "trades", "btc-dip", "--format", "json").out)
    order_id = str(listed[-1]["id"])
    done = cli("trade", "cancel-step", "btc-dip", "--step-id", order_id, "--auto-approve")
    assert done.code == 0
    assert f"order {order_id} (limit buy of 0.005 BTC) will not be executed" in done.err
    assert json.loads(cli("trade", "trades", "btc-dip", "--format", "json").out)[-1]["status"] == "cancelled"


AVERAGING = "    averaging:\n      - {price: 59500, units: 0.005}\n"


def add_by_hand(cli: Cli, price: str) -> str:
    done = cli("trade", "add-funds", "btc-dip", "--units", "0.01", "--price", price, "--auto-approve")
    assert done.code == 0
    return done.err


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
    assert ("1 averaging order more than were sent from here" in cli("plan").out) is is_averaging
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
def test_an_averaging_order_that_is_cancelled_by_id_is_not_sent_again(cli: Cli, workspace: Path) -> None:
    (workspace / "btc-dip.yaml").write_text(BTC_DIP + AVERAGING)
    cli("apply", "--auto-approve")
    (order_id,) = waiting_buys(cli)
    done = cli("trade", "cancel-step", "btc-dip", "--step-id", order_id, "--auto-approve")
    assert "Next plan: does not send this order again; if the file lists it, remove it there." in done.err
    planned = cli("plan", "--detailed-exitcode")
    assert (planned.code, "is cancelled and is not sent a second time" in planned.out) == (0, True)
    assert cli("drift").code == 2
    (workspace / "btc-dip.yaml").write_text(BTC_DIP)
    assert cli("plan", "--detailed-exitcode").code == cli("drift").code == 0


@pytest.mark.usefixtures("held")
@pytest.mark.parametrize(
    "command",
    [("cancel", "btc-dip"), ("close", "btc-dip"), ("cancel", "--all", "--with-positions"), ("close", "--all")],
)
def test_with_a_trade_its_averaging_orders_end_and_none_is_sent_again(
    cli: Cli, workspace: Path, command: tuple[str, ...]
) -> None:
    (workspace / "btc-dip.yaml").write_text(BTC_DIP + AVERAGING)
    cli("apply", "--auto-approve")
    assert len(waiting_buys(cli)) == 1
    assert cli("trade", *command, "--auto-approve").code == 0
    assert waiting_buys(cli, "--id", FIRST) == []
    planned = json.loads(cli("plan", "--format", "json").out)
    # A cancel leaves coins without a stop, which is said until somebody has taken over.
    assert (planned["operations"], planned["summary"]["attention"]) == ([], command[0] == "cancel")


def waiting_buys(cli: Cli, *selector: str) -> list[str]:
    """Ids of the orders that wait to add to the position."""
    listed = json.loads(cli("trade", "trades", *(selector or ["btc-dip"]), "--format", "json").out)
    return [
        str(each["id"])
        for each in listed
        if each["order_side"] == "buy" and each["status"] in ("order_placed", "to_process")
    ]


@pytest.mark.usefixtures("held")
@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("add-funds", "--units", "0.005", "--price", "50000.001"), "no multiple of the tick 0.01: 50000 or 50000.01"),
        (("add-funds", "--units", "0.0050001", "--market"), "no multiple of the lot 0.00001: 0.005 or 0.00501"),
        (("add-funds", "--units", "0.00001", "--price", "50000"), "below the smallest order of 5 USDT: at least"),
        (("reduce-funds", "--units", "0.00001", "--market"), "below the smallest order of 5 USDT: at least"),
        (("reduce-funds", "--units", "0.0010001", "--market"), "no multiple of the lot 0.00001: 0.001 or 0.00101"),
    ],
)
def test_what_the_exchange_would_refuse_is_refused_before_the_question(
    cli: Cli, arguments: tuple[str, ...], reason: str
) -> None:
    command, *rest = arguments
    done = cli("trade", command, "btc-dip", *rest, "-v", typed="yes\n")
    assert done.code == 12
    assert reason in done.err
    assert "Do you want this?" not in done.err
    assert not [line for line in done.err.splitlines() if line.startswith("POST")]


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize("selector", [("btc-dip",), ("--all",), ("--id", FIRST)])
def test_what_is_printed_for_an_entry_that_fills_while_being_cancelled_can_be_pasted_and_applied(
    cli: Cli, workspace: Path, selector: tuple[str, ...]
) -> None:
    cli("sandbox", "schedule", "fill_on_cancel", "40")
    done = cli("trade", "cancel", *selector, "--auto-approve")
    assert done.code != 0
    assert "FILLED WHILE CANCELLING: 0.004 BTC were filled at" in done.out
    block = done.out.partition("manages them:\n\n")[2].partition("\n\n")[0]
    (workspace / "held.yaml").write_text(block + "\n")
    assert "+ btc-dip-held  USDT_BTC  will be created" in cli("plan").out
    assert cli("apply", "--auto-approve").code == 0
    assert cli("plan", "--detailed-exitcode").code == 0


@pytest.mark.usefixtures("waiting")
def test_a_note_keeps_its_marker_and_the_plan_puts_the_files_note_back(cli: Cli) -> None:
    before = json.loads(cli("trade", "show", "btc-dip", "--format", "json").out)["note"]
    assert cli("trade", "note", "btc-dip", "moved by hand", "--auto-approve").code == 0
    after = json.loads(cli("trade", "show", "btc-dip", "--format", "json").out)["note"]
    assert after == before.replace("weekly support retest", "moved by hand")
    assert "note rewritten" in cli("plan").out


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("mine [reconciler:1 x/y#1 00000000 00000000]", "begins the ownership marker"),
        ("two\nlines", "expected one line"),
        ("x" * 300, "found a note of 300 characters, expected at most 2"),
    ],
)
@pytest.mark.usefixtures("waiting")
def test_a_note_that_cannot_be_one_is_refused(cli: Cli, text: str, reason: str) -> None:
    done = cli("trade", "note", "btc-dip", text, "--auto-approve")
    assert done.code == 64
    assert reason in done.err


@pytest.mark.usefixtures("held")
def test_steps_are_closed_and_cancelled_by_number_and_by_id(cli: Cli) -> None:
    closed = cli("trade", "close-step", "btc-dip", "1", "--auto-approve")
    assert closed.code == 0
    assert "step 1 of btc-dip #30000001: sells 0.005 BTC at market, about 299.5 USDT" in closed.err
    assert closed.out == "[1/1] btc-dip: close step #30000001: done: holds 0.005 BTC\n"
    last = cli("trade", "cancel-step", "btc-dip", "2", "--auto-approve")
    assert (last.code, "cancels the whole trade" in last.err) == (12, True)


@pytest.mark.usefixtures("held")
def test_a_step_is_cancelled_and_the_hint_says_what_to_do_in_the_file(cli: Cli, workspace: Path) -> None:
    step_id = cli("trade", "trades", "btc-dip").out.splitlines()[3].split()[1]
    done = cli("trade", "cancel-step", "btc-dip", "--step-id", step_id, "--auto-approve")
    assert (done.code, done.out) == (0, "[1/1] btc-dip: cancel step #30000001: done\n")
    assert "`unallocated`" in done.err
    kept = "      steps: [{order_type: limit, price: 63000, volume: 50}]\n      unallocated: 50\n"
    steps, _, rest = BTC_DIP.partition("      - {order_type: limit, price: 63000, volume: 50}\n")
    (workspace / "btc-dip.yaml").write_text(steps + kept + rest.partition("\n")[2])
    assert "-50" not in cli("plan").out
    assert "Blocked" not in cli("plan").out


@pytest.mark.usefixtures("waiting")
def test_only_yes_is_a_yes_and_without_a_terminal_nobody_is_asked(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    for typed in ("y\n", "\n", "no\n", "1\n"):
        assert cli("trade", "cancel", "btc-dip", typed=typed).code == 1
    assert cli("trade", "cancel", "btc-dip").code == 64
    monkeypatch.setenv("RECONCILER_TRADE_CANCEL_AUTO_APPROVE", "1")
    done = cli("trade", "cancel", "btc-dip")
    assert (done.code, "--auto-approve" in done.err) == (64, True)
    assert "waiting_position" in cli("trade", "show", "btc-dip").out


@pytest.mark.usefixtures("waiting")
def test_what_the_trade_does_not_allow_is_refused_with_its_status(cli: Cli) -> None:
    done = cli("trade", "close", "btc-dip", "--auto-approve")
    assert done.code == 12
    assert "cannot close btc-dip #30000001: it is waiting_position and does not allow that now" in done.err
    assert "`trade cancel` takes its entry back" in done.err


def test_a_name_that_nobody_has_is_answered_with_the_nearest(cli: Cli) -> None:
    cli("apply", "--auto-approve")
    done = cli("trade", "show", "btc-dib")
    assert done.code == 12
    assert "did you mean `btc-dip`?" in done.err
    unknown = cli("trade", "show", "--id", "4711")
    assert (unknown.code, "#4711 does not exist" in unknown.err) == (12, True)


def move(workspace: Path) -> None:
    renamed = BTC_DIP.replace("  btc-dip:", "  btc-retest:")
    (workspace / "btc-dip.yaml").write_text(f"{renamed}moved: [{{from: btc-dip, to: btc-retest}}]\n")


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize("is_applied", [False, True], ids=["planned", "applied"])
@pytest.mark.parametrize("is_ended", [False, True], ids=["live", "ended"])
def test_a_moved_trade_is_found_by_its_old_and_its_new_name(
    cli: Cli, workspace: Path, *, is_applied: bool, is_ended: bool
) -> None:
    move(workspace)
    if is_applied:
        assert cli("apply", "--auto-approve").code == 0
    if is_ended:
        assert cli("trade", "cancel", "--id", FIRST, "--auto-approve").code == 0
    for name in ("btc-dip", "btc-retest"):
        assert f"#{FIRST}" in cli("trade", "show", name).out


@pytest.mark.usefixtures("waiting")
def test_plan_files_with_errors_keep_nobody_from_a_trade_by_the_name_in_its_note(cli: Cli, workspace: Path) -> None:
    (workspace / "btc-dip.yaml").write_text("version: 1\ntrades: {btc-dip: {pair: 1}}\n")
    assert cli("trade", "cancel", "btc-dip", "--auto-approve").code == 0
    done = cli("trade", "show", "btc-retest")
    assert (done.code, "`moved` is ignored" in done.err) == (12, True)


@pytest.mark.usefixtures("waiting")
def test_an_ended_trade_is_found_by_its_name_too(cli: Cli) -> None:
    cli("trade", "cancel", "btc-dip", "--auto-approve")
    assert "cancelled (ended)" in cli("trade", "show", "btc-dip").out
    done = cli("trade", "cancel", "btc-dip", "--auto-approve")
    assert (done.code, "it is cancelled and has ended" in done.err) == (12, True)


@pytest.mark.usefixtures("waiting")
def test_by_id_a_trade_of_nobody_is_reached_and_the_question_says_so(cli: Cli, workspace: Path) -> None:
    (workspace / "reconciler.yaml").write_text(CONFIG.replace("workspace: test", "workspace: other"))
    done = cli("trade", "note", "--id", FIRST, "seen", "--auto-approve")
    assert done.code == 0
    assert "NOT of this workspace: it belongs to `test/btc-dip`" in done.err
    assert done.out == "[1/1] #30000001: note: done\n"
    assert cli("trade", "show", "btc-dip").code == 12


@pytest.mark.usefixtures("waiting")
def test_a_limit_or_a_market_order_must_be_said(cli: Cli) -> None:
    for arguments in ((), ("--market", "--price", "1")):
        done = cli("trade", "add-funds", "btc-dip", "--units", "1", *arguments, "--auto-approve")
        assert (done.code, "--market" in done.err) == (64, True)
    for units in ("0", "-1", "many", "1e99999", "NaN"):
        done = cli("trade", "add-funds", "btc-dip", "--units", units, "--market", "--auto-approve")
        assert (done.code, "expected a number above zero" in done.err) == (64, True)


def test_names_ids_and_texts_are_told_apart() -> None:
    assert select(("a", "1"), None, "NUMBER")[1] == ["1"]
    selector, left = select(("1",), 7, "NUMBER")
    assert (selector.name, selector.live_id, left) == (None, 7, ["1"])
    for words, live_id in (((), None), (("a", "b", "c"), None), (("a",), None), (("a", "b"), 7)):
        with pytest.raises(UsageError):
            select(words, live_id, "NUMBER")
    with pytest.raises(UsageError, match="no NAME beside --id"):
        select(("a",), 7)


@pytest.mark.parametrize(
    "arguments",
    [
        ("close", "btc-dip", "--all"),
        ("close", "--id", "1", "--all"),
        ("close", "btc-dip", "--pair", "USDT_BTC"),
        ("cancel", "btc-dip", "--with-positions"),
        ("close",),
        ("close-step", "btc-dip"),
        ("close-step", "btc-dip", "9"),
        ("cancel-step", "btc-dip", "1", "--step-id", "5"),
        ("close", "--all", "--account", "nobody"),
    ],
)
def test_arguments_that_do_not_go_together_are_usage_errors(cli: Cli, arguments: tuple[str, ...]) -> None:
    assert cli("trade", *arguments, "--auto-approve").code == 64


@pytest.mark.usefixtures("waiting")
def test_where_the_trade_changes_while_the_user_thinks_the_question_is_asked_again(cli: Cli) -> None:
    price = 'POST /sandbox/price {"pair": "USDT_BTC", "last": "59900"}'
    cli("sandbox", "fault", "add", "act", "--method", "GET", "--path", "/v2/smart_trades/*", "--request", price)
    done = cli("trade", "cancel", "btc-dip", typed="yes\nno\n")
    assert done.code == 1
    assert "Nothing was sent yet: #30000001 is waiting_targets now, it was waiting_position before." in done.err
    assert "frees 600 USDT" in done.err
    assert "THE POSITION STAYS, UNPROTECTED" in done.err
    assert "waiting_targets" in cli("trade", "show", "btc-dip").out


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


@pytest.mark.usefixtures("waiting")
def test_the_journal_keeps_commands_beside_operations(cli: Cli) -> None:
    cli("trade", "cancel", "btc-dip", "--auto-approve")
    shown = cli("journal", "show", "--run", "2").out
    assert "DELETE /v2/smart_trades/30000001 (cancel of btc-dip#1 #30000001): applied" in shown
    assert "btc-dip: cancel #30000001: applied" in shown
