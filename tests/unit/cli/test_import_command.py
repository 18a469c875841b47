"""`import` as a user types it: new files, files that exist, adoption, live edits, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import manual_edits
from tests.support.program import BTC_DIP, Cli

FIRST = """\
version: 1
account: main
trades:
  btc-usdt-30000001:
    pair: USDT_BTC
    position: {type: buy, order_type: limit, units: 0.01, price: 60000}
    take_profit:
      - {order_type: limit, price: 63000, volume: 50}
      - {order_type: limit, price: 66000, volume: 50}
    stop_loss: {order_type: market, conditional: {price: 58500}}
    note: from my phone
"""


@pytest.fixture
def empty(workspace: Path) -> Path:
    """A workspace without a plan file."""
    (workspace / "btc-dip.yaml").unlink()
    return workspace


def test_a_live_trade_becomes_a_file_as_a_person_would_have_written_it(cli: Cli, empty: Path) -> None:
    manual_edits.open_trade(manual_edits.body(note="from my phone"))
    done = cli("import", "30000001")
    assert (done.code, done.out) == (0, "")
    assert (empty / "imported.yaml").read_text() == FIRST


def test_without_adopt_nothing_is_written_to_the_api(cli: Cli, empty: Path) -> None:
    manual_edits.open_trade()
    done = cli("import", "--all", "-v")
    assert done.code == 0
    assert {line.split()[0] for line in done.err.splitlines() if "/v2/" in line or "/ver1/" in line} == {"GET"}


def test_what_is_imported_is_left_alone_by_plan_until_it_is_adopted(cli: Cli, empty: Path) -> None:
    manual_edits.open_trade()
    done = cli("import", "--all")
    assert "reconciler import 30000001 --adopt" in done.err
    planned = cli("plan", "--detailed-exitcode")
    assert planned.code == 2
    assert "#30000001 carries no marker and is alike in pair, side and size" in planned.flat
    assert "if it is this trade: `reconciler import 30000001 --adopt`" in planned.out
    assert "Plan: 0 to add, 0 to change, 0 to destroy." in planned.out
    assert cli("import", "30000001", "--adopt", "--auto-approve").code == 0
    assert cli("plan", "--detailed-exitcode").code == 0


def test_adopt_shows_what_it_will_do_asks_and_keeps_the_note(cli: Cli, empty: Path) -> None:
    manual_edits.open_trade(manual_edits.body(note="from my phone"))
    done = cli("import", "--all", "--adopt", typed="yes\n")
    assert done.code == 0
    assert "btc-usdt-30000001 #30000001  USDT_BTC  will get its note rewritten" in done.out
    assert done.out.endswith("Adopted 1 trade.\n")
    note = str(manual_edits.show(30000001)["note"])
    assert note.startswith("[reconciler:1 test/btc-usdt-30000001#1 ")
    assert note.endswith("] from my phone")
    assert cli("plan", "--detailed-exitcode").code == 0
    assert '"kind": "set_note"' in cli("journal", "export").out.replace("\\", "")


def test_an_answer_other_than_yes_writes_neither_note_nor_file(cli: Cli, empty: Path) -> None:
    manual_edits.open_trade()
    done = cli("import", "--all", "--adopt", typed="y\n")
    assert done.code == 1
    assert not (empty / "imported.yaml").exists()
    assert manual_edits.show(30000001)["note"] == ""


def test_adopt_needs_a_terminal_or_auto_approve(cli: Cli, empty: Path) -> None:
    manual_edits.open_trade()
    assert cli("import", "--all", "--adopt").code == 64


def test_trades_are_added_to_a_file_whose_comments_and_layout_stay(cli: Cli, workspace: Path) -> None:
    file = workspace / "btc-dip.yaml"
    text = BTC_DIP.replace("note: weekly", "note:   weekly").replace("trades:", "trades: # mine") + "# the end\n"
    file.write_text(text)
    file.chmod(0o640)
    manual_edits.open_trade(manual_edits.body(price="61000", units="0.02"))
    done = cli("import", "30000001", "--into", "btc-dip.yaml", "--name", "btc-second")
    assert done.code == 0
    after = file.read_text()
    assert after.startswith(text.removesuffix("# the end\n"))
    assert after.endswith("# the end\n")
    assert "\n  btc-second:\n    pair: USDT_BTC\n" in after
    assert "+  btc-second:" in done.out
    assert file.stat().st_mode & 0o777 == 0o640


def test_a_second_import_adds_to_the_first(cli: Cli, empty: Path) -> None:
    manual_edits.open_trade()
    cli("import", "--all", "--adopt", "--auto-approve")
    manual_edits.open_trade(manual_edits.body(price="59000"))
    assert cli("import", "--all", "--adopt", "--auto-approve").code == 0
    names = [line.strip() for line in (empty / "imported.yaml").read_text().splitlines() if line.startswith("  btc")]
    assert names == ["btc-usdt-30000001:", "btc-usdt-30000002:"]
    assert cli("plan", "--detailed-exitcode").code == 0


def test_a_trade_that_a_file_describes_already_only_gets_its_marker(cli: Cli, workspace: Path) -> None:
    manual_edits.open_trade(manual_edits.body(note="weekly support retest"))
    before = (workspace / "btc-dip.yaml").read_text()
    done = cli("import", "30000001", "--adopt", "--auto-approve")
    assert done.code == 0
    assert "btc-dip #30000001  USDT_BTC: in btc-dip.yaml:4 already, not adopted yet" in done.err
    assert (workspace / "btc-dip.yaml").read_text() == before
    assert not (workspace / "imported.yaml").exists()
    assert cli("plan", "--detailed-exitcode").code == 0


def test_adopted_with_other_exits_than_the_file_says_plan_shows_a_change_of_the_file(cli: Cli, workspace: Path) -> None:
    manual_edits.open_trade(manual_edits.body(stop="57000"))
    cli("import", "30000001", "--adopt", "--auto-approve")
    planned = cli("plan")
    assert "stop_loss.conditional.price:  57000 -> 58500" in planned.out
    assert "because the file has changed" in planned.out
    assert "edited outside" not in planned.out


def test_a_name_that_is_taken_by_another_entry_is_refused_with_its_place(cli: Cli, workspace: Path) -> None:
    manual_edits.open_trade(manual_edits.body(price="50000"))
    done = cli("import", "30000001", "--name", "btc-dip")
    assert done.code == 1
    assert "the name btc-dip is taken by btc-dip of btc-dip.yaml:4: choose another --name" in done.err


def test_the_name_of_an_ended_trade_is_not_given_again(cli: Cli, workspace: Path) -> None:
    cli("apply", "--auto-approve")
    cli("sandbox", "price", "USDT_BTC", "59900")
    cli("sandbox", "price", "USDT_BTC", "58000")
    cli("sandbox", "price", "USDT_BTC", "61000")
    manual_edits.open_trade()
    done = cli("import", "30000002", "--adopt", "--auto-approve")
    assert done.code == 1
    assert "generation 1 of btc-dip was #30000001, which has ended (stop_loss_finished)" in done.err


def test_of_two_that_look_like_one_trade_of_the_files_neither_is_taken(cli: Cli, workspace: Path) -> None:
    manual_edits.open_trade()
    manual_edits.open_trade()
    done = cli("import", "--all", "--adopt", "--auto-approve")
    assert done.code == 1
    assert done.err.count("it is not the only one that may be btc-dip of btc-dip.yaml:4") == 2


def test_an_open_position_with_an_executed_step_keeps_it_as_history(cli: Cli, empty: Path) -> None:
    manual_edits.open_trade()
    for price in ("59900", "63500"):
        cli("sandbox", "price", "USDT_BTC", price)
    assert cli("import", "--all", "--adopt", "--auto-approve").code == 0
    text = (empty / "imported.yaml").read_text()
    assert text.count("volume: 50") == 2
    assert cli("plan", "--detailed-exitcode").code == 0


def test_a_cancelled_step_leaves_its_share_unallocated(cli: Cli, empty: Path) -> None:
    manual_edits.open_trade()
    cli("sandbox", "price", "USDT_BTC", "59900")
    manual_edits.cancel_step(30000001, 0)
    assert cli("import", "--all", "--adopt", "--auto-approve").code == 0
    assert "take_profit:\n      unallocated: 50\n      steps:\n" in (empty / "imported.yaml").read_text()
    assert cli("plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize("last", ["61000", "59900", "59400"], ids=["entering", "open", "one executed"])
def test_orders_that_add_funds_later_are_imported_as_averaging_and_counted(cli: Cli, empty: Path, last: str) -> None:
    manual_edits.open_trade(manual_edits.body(stop="50000"))
    if last != "61000":
        cli("sandbox", "price", "USDT_BTC", "59900")
    manual_edits.add_funds(30000001, "59500")
    manual_edits.add_funds(30000001, "55000")
    cli("sandbox", "price", "USDT_BTC", last)
    assert cli("import", "--all", "--adopt", "--auto-approve").code == 0
    text = (empty / "imported.yaml").read_text()
    waiting = ["59500", "55000"] if last != "59400" else ["55000"]
    items = "".join(f"      - {{price: {price}, units: 0.01}}\n" for price in waiting)
    assert f"    averaging:\n{items}" in text
    assert " a2]" in str(manual_edits.show(30000001)["note"])
    planned = cli("plan", "--detailed-exitcode")
    assert (planned.code, "add funds" in planned.out, "can be sent" in planned.out) == (0, False, False)
    cli("sandbox", "price", "USDT_BTC", "58000")
    assert cli("plan", "--detailed-exitcode").code == 0
    assert cli("drift").code == 0


def test_an_order_of_the_file_after_an_import_is_sent_once_and_one_taken_from_it_is_cancelled(
    cli: Cli, empty: Path
) -> None:
    manual_edits.open_trade(manual_edits.body(stop="50000"))
    cli("sandbox", "price", "USDT_BTC", "59900")
    manual_edits.add_funds(30000001, "55000")
    cli("import", "--all", "--adopt", "--auto-approve")
    text = (empty / "imported.yaml").read_text()
    (empty / "imported.yaml").write_text(text.replace("{price: 55000,", "{price: 54000,"))
    done = cli("apply", "--auto-approve")
    assert (done.code, done.err.count(": done")) == (0, 2)
    assert cli("plan", "--detailed-exitcode").code == 0


def test_an_order_that_was_added_by_hand_blocks_until_the_file_lists_it_and_the_marker_counts_it(
    cli: Cli, workspace: Path
) -> None:
    written = BTC_DIP + "    averaging:\n      - {price: 59000, units: 0.01}\n"
    (workspace / "btc-dip.yaml").write_text(written)
    cli("apply", "--auto-approve")
    cli("sandbox", "price", "USDT_BTC", "59900")
    cli("apply", "--auto-approve")
    manual_edits.add_funds(30000001, "58900")
    (workspace / "btc-dip.yaml").write_text(
        written + "      - {price: 58900, units: 0.01}\n      - {price: 58800, units: 0.01}\n"
    )
    blocked = cli("plan")
    assert "1 averaging order more than were sent from here" in blocked.flat
    assert "reconciler import --update btc-dip --adopt" in blocked.out
    assert cli("import", "--update", "btc-dip", "--adopt", "--auto-approve").code == 0
    done = cli("apply", "--auto-approve")
    assert (done.code, "add funds #30000001: done" in done.err) == (0, True)
    assert cli("plan", "--detailed-exitcode").code == 0
    assert " a3]" in str(manual_edits.show(30000001)["note"])


def test_a_waiting_order_that_reduces_a_position_is_a_reason_to_leave_it_alone_and_the_others_are_imported(
    cli: Cli, empty: Path
) -> None:
    manual_edits.open_trade()
    cli("sandbox", "price", "USDT_BTC", "59900")
    manual_edits.reduce_funds(30000001)
    manual_edits.open_trade(manual_edits.body(price="59000"))
    done = cli("import", "--all")
    assert done.code == 1
    assert "Not imported: #30000001: it is between two states (reduce_funds_in_progress)" in done.err
    assert "btc-usdt-30000002:" in (empty / "imported.yaml").read_text()


def test_many_requests_are_announced_before_they_are_sent(cli: Cli, empty: Path) -> None:
    for number in range(21):
        manual_edits.open_trade(manual_edits.body(price=str(50000 + number)))
    done = cli("import", "--all", "-v")
    first, *others = [line for line in done.err.splitlines() if line.endswith("/trades") or line.startswith("Reading")]
    assert first == "Reading the orders of 21 trades, one request each; --pair and --account narrow it."
    assert len(others) == 21


def test_an_ended_trade_is_refused_since_a_file_would_open_it_again(cli: Cli, empty: Path) -> None:
    manual_edits.open_trade()
    for price in ("59900", "58000"):
        cli("sandbox", "price", "USDT_BTC", price)
    done = cli("import", "30000001", "30000009")
    assert done.code == 1
    assert "#30000001: it has ended (stop_loss_finished): a file that names it would open it again" in done.err
    assert "#30000009: it does not exist for this key in mode paper" in done.err
    assert not (empty / "imported.yaml").exists()


def test_a_trade_of_another_workspace_and_a_damaged_marker_are_refused_by_name(cli: Cli, empty: Path) -> None:
    manual_edits.open_trade(manual_edits.body(note="[reconciler:1 theirs/their-dip#1 5f3a9c1e 0b77d2aa]"))
    manual_edits.open_trade(manual_edits.body(note="[reconciler:1 test/btc"))
    done = cli("import", "30000001", "30000002", "--adopt", "--auto-approve")
    assert done.code == 1
    assert "#30000001: it belongs to workspace `theirs`, as `their-dip`: release it there first" in done.err
    assert "#30000002: the marker in its note is damaged: repair the note in 3Commas" in done.err


def test_a_note_without_room_for_the_marker_is_refused(cli: Cli, empty: Path) -> None:
    manual_edits.open_trade(manual_edits.body(note="x" * 250))
    done = cli("import", "--all", "--adopt", "--auto-approve")
    assert done.code == 1
    assert "note: found 250 characters, expected at most" in done.err
    assert manual_edits.show(30000001)["note"] == "x" * 250


def test_a_trade_of_ours_that_is_in_no_file_comes_back_under_its_name(cli: Cli, workspace: Path) -> None:
    cli("apply", "--auto-approve")
    cli("sandbox", "price", "USDT_BTC", "59900")
    (workspace / "btc-dip.yaml").rename(workspace / "lost.txt")
    done = cli("import", "--all", "--adopt", "--auto-approve")
    assert done.code == 0
    assert "  btc-dip:\n" in (workspace / "imported.yaml").read_text()
    assert cli("plan", "--detailed-exitcode").code == 0


def test_stdout_prints_the_plan_file_alone_and_writes_nothing(cli: Cli, empty: Path) -> None:
    manual_edits.open_trade(manual_edits.body(note="from my phone"))
    done = cli("import", "--all", "--stdout")
    assert (done.code, done.out) == (0, FIRST)
    assert not (empty / "imported.yaml").exists()


def test_all_is_narrowed_by_account_and_pair(cli: Cli, empty: Path) -> None:
    manual_edits.open_trade()
    manual_edits.open_trade(
        {
            **manual_edits.body(steps=[], stop=None, price="3000", units="0.1"),
            "pair": "USDT_ETH",
            "take_profit": {"enabled": False},
        }
    )
    assert "pair: USDT_ETH" in cli("import", "--all", "--pair", "USDT_ETH", "--account", "main", "--stdout").out
    assert cli("import", "--all", "--account", "77", "--stdout").out == ""
    assert cli("import", "--all", "--account", "spot").code == 64


def test_a_live_edit_is_taken_into_its_file_and_nothing_else_changes(cli: Cli, workspace: Path) -> None:
    cli("apply", "--auto-approve")
    commented = BTC_DIP.replace("{price: 58500}}", "{price: 58500}} # below the low of May")
    (workspace / "btc-dip.yaml").write_text(commented)
    stop = {"enabled": True, "order_type": "market", "conditional": {"price": {"type": "last", "value": "59000"}}}
    manual_edits.edit(30000001, {"stop_loss": stop})
    assert "it was edited outside the files" in cli("plan").out
    done = cli("import", "--update", "btc-dip")
    assert done.code == 0
    assert "-    stop_loss: {order_type: market, conditional: {price: 58500}} # below the low of May" in done.out
    assert (workspace / "btc-dip.yaml").read_text() == commented.replace("58500", "59000")
    planned = cli("plan")
    assert "will get its note rewritten" in planned.out
    assert "stop_loss" not in planned.out


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("price: 58500", "price: 58400", "leverage, take profit or stop loss"),
        ("note: weekly support retest", "note: my own words", "the note"),
        ("price: 60000", "price: 59500", "the entry"),
    ],
)
def test_an_edit_of_the_file_that_was_not_applied_is_not_overwritten_unasked(
    cli: Cli, workspace: Path, old: str, new: str, part: str
) -> None:
    cli("apply", "--auto-approve")
    edited = BTC_DIP.replace(old, new)
    assert edited != BTC_DIP
    (workspace / "btc-dip.yaml").write_text(edited)
    refused = cli("import", "--update", "btc-dip")
    assert refused.code == 64
    assert f"an edit of {part} that was not applied" in refused.err
    assert (workspace / "btc-dip.yaml").read_text() == edited
    assert cli("import", "--update", "btc-dip", "--auto-approve").code == 0
    assert (workspace / "btc-dip.yaml").read_text() == BTC_DIP


def test_an_edit_of_the_file_that_equals_the_live_edit_is_no_question(cli: Cli, workspace: Path) -> None:
    cli("apply", "--auto-approve")
    stop = {"enabled": True, "order_type": "market", "conditional": {"price": {"type": "last", "value": "59000"}}}
    manual_edits.edit(30000001, {"stop_loss": stop})
    (workspace / "btc-dip.yaml").write_text(BTC_DIP.replace("58500", "59000"))
    assert cli("import", "--update", "btc-dip").code == 0


@pytest.mark.parametrize(
    ("note", "cleaned"),
    [
        ("entry 62000\nSL 60000\nTP 66000 / 70000", "entry 62000 SL 60000 TP 66000 / 70000"),
        ("wide\u00a0\u2003blanks", "wide blanks"),
        ("team \U0001f468\u200d\U0001f469", "team \U0001f468\U0001f469"),
    ],
)
def test_a_note_that_is_not_one_visible_line_is_imported_and_the_change_is_said(
    cli: Cli, empty: Path, note: str, cleaned: str
) -> None:
    manual_edits.open_trade()
    manual_edits.set_note(30000001, note)
    done = cli("import", "--all")
    assert done.code == 0
    assert f"its note becomes one line of visible characters: {cleaned}" in done.err
    assert cleaned in (empty / "imported.yaml").read_text()
    assert cli("import", "--all", "--adopt", "--auto-approve").code == 0
    assert cli("plan", "--detailed-exitcode").code == 0


def test_update_with_adopt_leaves_plan_empty(cli: Cli, workspace: Path) -> None:
    cli("apply", "--auto-approve")
    manual_edits.edit(30000001, {"stop_loss": {"enabled": False}})
    assert cli("import", "--update", "btc-dip", "--adopt", "--auto-approve").code == 0
    assert "stop_loss" not in (workspace / "btc-dip.yaml").read_text()
    assert cli("plan", "--detailed-exitcode").code == 0
    again = cli("import", "--update", "btc-dip")
    assert (again.code, again.out) == (0, "btc-dip #30000001: btc-dip.yaml already matches the live trade.\n")


def test_an_edit_of_a_value_from_the_defaults_is_written_into_the_trade(cli: Cli, workspace: Path) -> None:
    text = BTC_DIP.replace("trades:", "defaults: {stop_loss: {timeout: 30, order_type: market}}\ntrades:")
    (workspace / "btc-dip.yaml").write_text(text.replace("{order_type: market, ", "{"))
    cli("apply", "--auto-approve")
    stop = {"enabled": True, "order_type": "market", "conditional": {"price": {"type": "last", "value": "58500"}}}
    manual_edits.edit(30000001, {"stop_loss": {**stop, "timeout": {"enabled": False}}})
    assert cli("import", "--update", "btc-dip", "--adopt", "--auto-approve").code == 0
    assert "stop_loss: {conditional: {price: 58500}, timeout: false}" in (workspace / "btc-dip.yaml").read_text()
    assert cli("plan", "--detailed-exitcode").code == 0


def test_an_edited_note_is_taken_over_too(cli: Cli, workspace: Path) -> None:
    cli("apply", "--auto-approve")
    note = str(manual_edits.show(30000001)["note"])
    manual_edits.set_note(30000001, note.replace("weekly support retest", "moved: see chart"))
    assert cli("import", "--update", "btc-dip").code == 0
    assert 'note: "moved: see chart"' in (workspace / "btc-dip.yaml").read_text()
    assert cli("plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("1", "--all"),
        ("1", "--update", "btc-dip"),
        ("1", "2", "--name", "x"),
        ("1", "--name", "Big"),
        ("1", "--pair", "USDT_BTC"),
        ("1", "--stdout", "--adopt"),
        ("--update", "btc-dip", "--into", "a.yaml"),
        ("--update", "no-such-trade"),
    ],
)
def test_what_cannot_be_meant_is_a_usage_error(cli: Cli, workspace: Path, arguments: tuple[str, ...]) -> None:
    assert cli("import", *arguments).code == 64


@pytest.mark.parametrize("file", ["../elsewhere.yaml", "notes.txt", ".hidden.yaml", "reconciler.yaml"])
def test_a_file_that_plan_would_not_read_is_refused(cli: Cli, empty: Path, file: str) -> None:
    manual_edits.open_trade()
    done = cli("import", "--all", "--into", file)
    assert done.code == 64
    assert f"--into {file}" in done.err


def test_a_file_that_include_leaves_out_is_not_written(cli: Cli, empty: Path) -> None:
    config = (empty / "reconciler.yaml").read_text()
    (empty / "reconciler.yaml").write_text(config + "include: ['spot/*.yaml']\n")
    manual_edits.open_trade()
    done = cli("import", "--all", "--adopt", "--auto-approve")
    assert done.code == 1
    assert not (empty / "imported.yaml").exists()
    assert manual_edits.show(30000001)["note"] == ""
    assert cli("import", "--all", "--into", "spot/mine.yaml").code == 0


def test_nothing_is_written_through_a_link_that_leads_out(cli: Cli, empty: Path) -> None:
    (empty / "link.yaml").symlink_to("../elsewhere.yaml")
    manual_edits.open_trade()
    assert cli("import", "--all", "--into", "link.yaml").code == 1
    assert not (empty.parent / "elsewhere.yaml").exists()


def test_a_symbolic_link_stays_one(cli: Cli, workspace: Path, tmp_path: Path) -> None:
    (workspace / "real.yaml").write_text(BTC_DIP)
    (workspace / "btc-dip.yaml").unlink()
    (workspace / "btc-dip.yaml").symlink_to("real.yaml")
    manual_edits.open_trade(manual_edits.body(price="61000", units="0.02"))
    assert cli("import", "--all", "--into", "btc-dip.yaml").code == 0
    assert (workspace / "btc-dip.yaml").is_symlink()
    assert "btc-usdt-30000001:" in (workspace / "real.yaml").read_text()


def test_a_trade_that_is_listed_as_foreign_is_not_taken(cli: Cli, empty: Path) -> None:
    manual_edits.open_trade()
    config = (empty / "reconciler.yaml").read_text()
    (empty / "reconciler.yaml").write_text(config + "foreign: [30000001]\n")
    assert cli("import", "--all", "--stdout").out == ""
    done = cli("import", "30000001")
    assert done.code == 1
    assert "reconciler.yaml lists it under `foreign`: take it off that list first" in done.err


def test_trades_of_several_accounts_name_theirs(cli: Cli, empty: Path) -> None:
    config = (empty / "reconciler.yaml").read_text()
    (empty / "reconciler.yaml").write_text(config.replace("{main: 1}", "{main: 1, second: 2}"))
    manual_edits.open_trade()
    manual_edits.open_trade(manual_edits.body(account_id=2))
    assert cli("import", "--all", "--adopt", "--auto-approve").code == 0
    text = (empty / "imported.yaml").read_text()
    assert text.startswith("version: 1\ntrades:\n  btc-usdt-30000001:\n    account: main\n")
    assert "  btc-usdt-30000002:\n    account: second\n" in text
    assert cli("plan", "--detailed-exitcode").code == 0


def test_a_new_trade_is_written_so_that_the_defaults_of_its_file_change_nothing(cli: Cli, workspace: Path) -> None:
    defaults = "defaults: {stop_loss: {conditional: {price: {type: bid}}}}\ntrades:"
    (workspace / "btc-dip.yaml").write_text(BTC_DIP.replace("trades:", defaults))
    manual_edits.open_trade(manual_edits.body(price="61000", units="0.02"))
    assert cli("import", "--all", "--into", "btc-dip.yaml", "--adopt", "--auto-approve").code == 0
    text = (workspace / "btc-dip.yaml").read_text()
    assert "conditional: {price: {value: 58500, type: last}}" in text
    assert cli("plan", "--detailed-exitcode", "--trade", "btc-usdt-30000001").code == 0


def test_defaults_that_would_change_a_new_trade_are_named(cli: Cli, workspace: Path) -> None:
    text = BTC_DIP.replace("trades:", "defaults: {stop_loss: {timeout: 30}}\ntrades:")
    (workspace / "btc-dip.yaml").write_text(text)
    manual_edits.open_trade(manual_edits.body(price="61000", units="0.02"))
    done = cli("import", "--all", "--into", "btc-dip.yaml")
    assert done.code == 1
    assert "btc-dip.yaml: its defaults change btc-usdt-30000001: stop_loss; import into another file" in done.err
    assert (workspace / "btc-dip.yaml").read_text() == text


def test_a_value_written_as_an_alias_is_left_to_its_owner(cli: Cli, workspace: Path) -> None:
    second = "  eth: {pair: USDT_ETH, position: {type: buy, order_type: market, units: 1}, stop_loss: *stop}\n"
    text = BTC_DIP.replace("stop_loss: {", "stop_loss: &stop {") + second
    (workspace / "btc-dip.yaml").write_text(text)
    cli("apply", "--trade", "btc-dip", "--auto-approve")
    manual_edits.edit(30000001, {"stop_loss": {"enabled": False}})
    done = cli("import", "--update", "btc-dip")
    assert done.code == 1
    assert "btc-dip.yaml:4: btc-dip: stop_loss cannot be changed in place" in done.err
    assert (workspace / "btc-dip.yaml").read_text() == text


def test_files_with_problems_are_shown_before_anything_is_read(cli: Cli, workspace: Path) -> None:
    (workspace / "btc-dip.yaml").write_text(BTC_DIP.replace("pair: USDT_BTC", "pair: 7"))
    done = cli("import", "--all", "-v")
    assert done.code == 1
    assert "btc-dip.yaml:5:" in done.err
    assert "GET" not in done.err


def test_a_note_of_a_live_trade_that_its_file_does_not_hold_is_kept(cli: Cli, workspace: Path) -> None:
    (workspace / "btc-dip.yaml").write_text(BTC_DIP.replace("    note: weekly support retest\n", ""))
    manual_edits.open_trade(manual_edits.body(note="from my phone"))
    assert cli("import", "--all", "--adopt", "--auto-approve").code == 0
    assert str(manual_edits.show(30000001)["note"]).endswith("] from my phone")


def test_a_trade_that_moves_while_the_question_stands_is_not_marked_by_what_it_was(
    cli: Cli, empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manual_edits.open_trade()
    cli("import", "--all")
    # The next read of the trade alone, right before its note is written, comes after another client's edit.
    request = "POST /v2/smart_trades/30000001/set_note " + '{"note": "mine"}'
    cli("sandbox", "fault", "add", "act", "--method", "GET", "--path", "/v2/smart_trades/*", "--request", request)
    done = cli("import", "--all", "--adopt", "--auto-approve")
    assert done.code == 10
    assert "the note of #30000001 was edited since the plan was made" in done.err
    assert manual_edits.show(30000001)["note"] == "mine"
    again = cli("import", "--all", "--adopt", "--auto-approve")
    assert again.code == 0
    assert str(manual_edits.show(30000001)["note"]).endswith("] mine")


def test_an_answer_that_is_lost_while_marking_is_settled_by_reading(cli: Cli, empty: Path) -> None:
    manual_edits.open_trade()
    cli("sandbox", "fault", "add", "lose_reply", "--method", "POST", "--path", "/v2/smart_trades/*/set_note")
    assert cli("import", "--all", "--adopt", "--auto-approve").code == 0
    assert cli("plan", "--detailed-exitcode").code == 0


def test_a_file_without_trades_gets_its_first_ones(cli: Cli, workspace: Path) -> None:
    (workspace / "more.yaml").write_text("version: 1 # more\naccount: main\ntrades: {} # none yet\n# the end\n")
    manual_edits.open_trade(manual_edits.body(price="61000", units="0.02"))
    assert cli("import", "--all", "--into", "more.yaml").code == 0
    text = (workspace / "more.yaml").read_text()
    assert text.startswith("version: 1 # more\naccount: main\ntrades: # none yet\n  btc-usdt-30000001:\n    pair: ")
    assert text.endswith("\n# the end\n")


def test_a_run_that_was_cut_short_is_completed_by_running_it_again(cli: Cli, empty: Path) -> None:
    manual_edits.open_trade()
    manual_edits.open_trade()
    cli(
        "sandbox",
        "fault",
        "add",
        "rate_limit",
        "--method",
        "POST",
        "--path",
        "/v2/smart_trades/*/set_note",
        "--nth",
        "2",
    )
    done = cli("import", "--all", "--adopt", "--auto-approve")
    assert done.code == 15
    assert "Adopted 1 of 2 trades. Run the same command again for the others." in done.out
    assert cli("import", "--all", "--adopt", "--auto-approve").code == 0
    assert cli("plan", "--detailed-exitcode").code == 0


def move(workspace: Path) -> None:
    renamed = BTC_DIP.replace("  btc-dip:", "  btc-retest:")
    (workspace / "btc-dip.yaml").write_text(f"{renamed}moved: [{{from: btc-dip, to: btc-retest}}]\n")


def test_a_trade_whose_move_is_not_applied_yet_is_in_the_files_already(cli: Cli, workspace: Path) -> None:
    cli("apply", "--auto-approve")
    move(workspace)
    done = cli("import", "--all")
    assert (done.code, (workspace / "imported.yaml").exists()) == (0, False)
    assert cli("import", "30000001").code == 0
    assert not (workspace / "imported.yaml").exists()


def test_an_edit_of_a_trade_whose_move_is_not_applied_yet_is_taken_under_its_new_name(
    cli: Cli, workspace: Path
) -> None:
    cli("apply", "--auto-approve")
    move(workspace)
    manual_edits.edit(30000001, {"stop_loss": manual_edits.body(stop="58000")["stop_loss"]})
    assert "it was moved to btc-retest" in cli("import", "--update", "btc-dip").err
    assert cli("import", "--update", "btc-retest", "--adopt", "--auto-approve").code == 0
    assert "price: 58000" in (workspace / "btc-dip.yaml").read_text()
    assert cli("plan", "--detailed-exitcode").code == 0


def test_a_name_that_was_moved_away_is_given_to_no_other_trade(cli: Cli, workspace: Path) -> None:
    move(workspace)
    manual_edits.open_trade(manual_edits.body(price="50000", stop="48000"))
    done = cli("import", "30000001", "--name", "btc-dip")
    assert (done.code, "was moved to btc-retest" in done.err) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--all", "5"), "--all imports every trade that no file describes, so ids do not go with it: found 5"),
        (("--update", "btc-dip", "5"), "--update NAME names the trade, so 5 does not go with it"),
        (("--update", "btc-dip", "--all"), "--update NAME names the trade, so --all does not go with it"),
        ((), "import needs the ids of live trades, or --all, or --update NAME"),
    ],
)
@pytest.mark.usefixtures("workspace")
def test_which_trades_are_meant_is_said_once(cli: Cli, arguments: tuple[str, ...], said: str) -> None:
    done = cli("import", *arguments)
    assert (done.code, done.err) == (64, f"Error: {said}\n")
