"""`trade show`: one trade, found by its name, a former name or its id."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.program import BTC_DIP, Cli

pytestmark = pytest.mark.usefixtures("workspace")
FIRST = "30000001"


def move(workspace: Path) -> None:
    renamed = BTC_DIP.replace("  btc-dip:", "  btc-retest:")
    (workspace / "btc-dip.yaml").write_text(f"{renamed}moved: [{{from: btc-dip, to: btc-retest}}]\n")


@pytest.mark.usefixtures("held")
def test_show_tells_where_a_trade_is_and_what_it_allows(cli: Cli) -> None:
    done = cli("trade", "show", "btc-dip")
    assert done.code == 0
    assert f"#{FIRST}  USDT_BTC  test/btc-dip, generation 1" in done.out
    assert "status:      waiting_targets (open)" in done.out
    assert "allowed now: edit, process, close, cancel, add-funds, reduce-funds" in done.out
    assert cli("trade", "show", "--id", FIRST).out == done.out


@pytest.mark.usefixtures("held")
def test_show_for_machines_is_the_entity_as_the_api_gave_it(cli: Cli) -> None:
    entity = json.loads(cli("trade", "show", "btc-dip", "--format", "json").out)
    assert entity["id"] == int(FIRST)
    assert entity["data"]["commission"] == 0.001
    assert entity["position"]["units"]["value"] == "0.01"


def test_a_name_that_nobody_has_is_answered_with_the_nearest(cli: Cli) -> None:
    cli("apply", "--auto-approve")
    done = cli("trade", "show", "btc-dib")
    assert done.code == 12
    assert "did you mean `btc-dip`?" in done.err
    unknown = cli("trade", "show", "--id", "4711")
    assert (unknown.code, "#4711 does not exist" in unknown.err) == (12, True)


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
