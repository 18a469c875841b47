"""`validate`: how much is valid, or all problems with their positions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.program import BTC_DIP, Cli


def test_validate_says_how_much_is_valid(cli: Cli, workspace: Path) -> None:
    done = cli("validate")
    assert (done.code, done.out, done.err) == (0, "", "Valid: 1 trade in 1 file.\n")


def test_validate_in_every_format_tells_all_problems_and_exits_one(cli: Cli, workspace: Path) -> None:
    (workspace / "a.yaml").write_text(BTC_DIP.replace("btc-dip", "a").replace("pair: USDT_BTC", "pair: 7"))
    (workspace / "b.yaml").write_text(BTC_DIP.replace("btc-dip", "b").replace("type: buy", "type: by"))
    text = cli("validate")
    assert text.code == 1
    assert "a.yaml:5:" in text.out
    assert "b.yaml:6:" in text.out
    document = json.loads(cli("validate", "--format", "json").out)
    assert (document["valid"], document["error_count"]) == (False, 2)
    github = cli("validate", "--format", "github")
    assert github.code == 1
    assert github.out.count("::error file=") == 2


def test_validate_narrowed_to_a_path_tells_its_problems_only(cli: Cli, workspace: Path) -> None:
    (workspace / "a.yaml").write_text(BTC_DIP.replace("btc-dip", "a").replace("pair: USDT_BTC", "pair: 7"))
    assert cli("validate", "btc-dip.yaml").code == 0
    (workspace / "a.yaml").write_text(BTC_DIP.replace("btc-dip", "a"))
    assert cli("validate", "btc-dip.yaml").err == "Valid: 1 trade in 1 file.\n"
    assert cli("validate").err == "Valid: 2 trades in 2 files.\n"
    (workspace / "a.yaml").write_text(BTC_DIP.replace("btc-dip", "a").replace("pair: USDT_BTC", "pair: 7"))
    assert cli("validate", "a.yaml").code == 1


@pytest.mark.parametrize("path", ["{outside}/a.yaml", ".hidden/a.yaml", "left-out.yaml"])
def test_a_file_that_is_not_read_is_never_called_valid(
    cli: Cli, workspace: Path, tmp_path_factory: pytest.TempPathFactory, path: str
) -> None:
    named = workspace / path.format(outside=tmp_path_factory.mktemp("outside"))
    named.parent.mkdir(exist_ok=True)
    named.write_text("bogus: 1\n")
    with (workspace / "reconciler.yaml").open("a") as file:
        file.write("include: [btc-dip.yaml]\n")
    done = cli("validate", str(named))
    assert (done.code, "it is not a plan file of this workspace, so it was not checked" in done.err) == (64, True)
    assert cli("validate", "btc-dip.yaml", "reconciler.yaml").code == 0


def test_a_folder_that_is_not_read_is_a_problem_of_the_files_in_it(
    cli: Cli, workspace: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "a.yaml").write_text("bogus: 1\n")
    (workspace / "sub").symlink_to(outside)
    done = cli("validate", "sub/a.yaml")
    assert (done.code, "sub:1:1: error: is a symbolic link to a folder" in done.out) == (1, True)


def test_a_bad_reconciler_yaml_is_told_with_its_place(cli: Cli, workspace: Path) -> None:
    (workspace / "reconciler.yaml").write_text("version: 1\ntargetz: {}\n")
    done = cli("validate")
    assert done.code == 1
    assert "reconciler.yaml:2:1" in done.out
    assert cli("plan").code == 1


def test_a_limit_that_does_not_exist_is_refused_with_the_names_of_those_that_may_be_meant(
    cli: Cli, workspace: Path
) -> None:
    with (workspace / "reconciler.yaml").open("a") as config:
        config.write("guardrails: {notional: 1000}\n")
    done = cli("plan")
    assert done.code == 1
    assert 'reconciler.yaml:5:14: error: guardrails.notional: found the unknown key "notional"' in done.err
    assert "write notional_per_trade, notional_per_pair or notional_total" in done.err
