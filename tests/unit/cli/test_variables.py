"""Options from the environment: the variable of each follows from the names of command and option."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from reconciler.cli.main import root
from reconciler.cli.variables import find_unknown, list_variables, walk_commands
from reconciler.settings import OTHER_VARIABLES, is_ci
from tests.support.program import BTC_DIP, Cli

PACKAGE = Path(__file__).parents[3] / "reconciler"
APPROVALS = {"--auto-approve", "--acknowledge", "--force", "--with-positions", "--reviewed"}


def _documented(path: tuple[str, ...], option: str) -> str:
    return "RECONCILER_" + re.sub(r"[^A-Z0-9]+", "_", " ".join([*path, option.lstrip("-")]).upper())


def test_the_variable_of_every_option_is_the_documented_one() -> None:
    seen = 0
    for command, path in walk_commands(root):
        for option in command.params:
            if not isinstance(option, click.Option) or option.is_eager:
                continue
            long_form = option.opts[-1]
            is_emergency = path[:1] == ("trade",) and long_form == "--all"
            is_emergency = is_emergency or (path, long_form) == (("unfreeze",), "--reason")
            expected = None if long_form in APPROVALS or is_emergency else _documented(path, long_form)
            assert option.envvar == expected, f"{path} {long_form}"
            seen += 1
    assert seen > 200


def test_some_variables_by_name() -> None:
    assert {
        "RECONCILER_WORKSPACE",
        "RECONCILER_TARGET",
        "RECONCILER_COLOR",
        "RECONCILER_VERBOSE",
        "RECONCILER_PLAN_TARGET",
        "RECONCILER_APPLY_TRADE",
        "RECONCILER_PLAN_DETAILED_EXITCODE",
        "RECONCILER_IMPORT_ALL",
        "RECONCILER_IMPORT_STDOUT",
        "RECONCILER_IMPORT_UPDATE",
        "RECONCILER_TRADE_SHOW_ID",
        "RECONCILER_TRADE_CLOSE_ACCOUNT",
        "RECONCILER_TRADE_ADD_FUNDS_MARKET",
        "RECONCILER_JOURNAL_SHOW_RUN",
        "RECONCILER_JOURNAL_RESOLVE_AS",
        "RECONCILER_SANDBOX_SERVE_PORT",
        "RECONCILER_SANDBOX_FAULT_ADD_SEED",
    } <= set(list_variables(root))


def test_no_approval_and_no_help_comes_from_a_variable(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("APPLY_AUTO_APPROVE", "APPLY_ACKNOWLEDGE", "UNLOCK_FORCE", "TRADE_CLOSE_ALL", "APPLY_HELP"):
        monkeypatch.setenv(f"RECONCILER_{name}", "1")
    done = cli("apply")
    assert done.code == 64
    assert "an approval is never taken from the environment, give --auto-approve instead" in done.err
    assert done.out == ""


def test_several_names_in_a_variable_are_separated_by_spaces(
    cli: Cli, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("other", "third"):
        price = 50000 if name == "other" else 51000
        text = BTC_DIP.replace("btc-dip", name).replace("60000", str(price)).replace("58500", "40000")
        (workspace / f"{name}.yaml").write_text(text)
    monkeypatch.setenv("RECONCILER_APPLY_TRADE", "btc-dip")
    assert "Trades: 1 added" in cli("apply", "--auto-approve").out
    monkeypatch.setenv("RECONCILER_APPLY_TRADE", "btc-dip other")
    assert "Trades: 1 added" in cli("apply", "--auto-approve").out
    assert "not opened" in cli("status").out


@pytest.mark.parametrize(("value", "code"), [("1", 2), ("true", 2), ("YES", 2), ("0", 0), ("false", 0), ("no", 0)])
@pytest.mark.usefixtures("workspace")
def test_a_switch_takes_the_usual_words(cli: Cli, monkeypatch: pytest.MonkeyPatch, value: str, code: int) -> None:
    monkeypatch.setenv("RECONCILER_PLAN_DETAILED_EXITCODE", value)
    assert cli("plan").code == code


@pytest.mark.usefixtures("workspace")
def test_an_empty_variable_is_as_good_as_none(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PLAN_TRADE", "PLAN_OUT", "PLAN_FORMAT", "PLAN_DETAILED_EXITCODE", "TARGET", "NO_SUCH_THING"):
        monkeypatch.setenv(f"RECONCILER_{name}", "")
    done = cli("plan")
    assert (done.code, "Plan: 1 to add" in done.out, done.err) == (0, True, "")


@pytest.mark.parametrize(
    ("command", "name", "value"),
    [
        ("plan", "RECONCILER_PLAN_FORMAT", "xml"),
        ("plan", "RECONCILER_PLAN_DETAILED_EXITCODE", "perhaps"),
        ("plan", "RECONCILER_COLOR", "pink"),
        ("apply", "RECONCILER_APPLY_LOCK_TIMEOUT", "nan"),
        ("drift", "RECONCILER_DRIFT_WATCH", "often"),
        ("status", "RECONCILER_STATUS_WATCH", "0s"),
    ],
)
@pytest.mark.usefixtures("workspace")
def test_a_wrong_value_names_its_variable(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, command: str, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    done = cli(command)
    assert done.code == 64
    assert done.err.endswith(f"The value was read from the variable {name}.\n")


@pytest.mark.usefixtures("workspace")
def test_what_is_typed_wins_over_every_variable(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECONCILER_TARGET", "from-variable")
    monkeypatch.setenv("RECONCILER_PLAN_TARGET", "from-narrower-variable")
    assert "from-narrower-variable" in cli("plan").err
    assert cli("--target", "sandbox", "plan").code == 0
    assert cli("plan", "--target", "sandbox").code == 0
    assert "'typed'" in cli("--target", "sandbox", "plan", "--target", "typed").err


def test_a_switch_before_the_command_may_come_from_a_variable(
    cli: Cli, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECONCILER_WORKSPACE", str(workspace))
    monkeypatch.setenv("RECONCILER_VERBOSE", "1")
    monkeypatch.chdir("/")
    assert "GET /ver1/accounts" in cli("plan").err


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("RECONCILER_APPLY_TRADES", "did you mean RECONCILER_APPLY_TRADE?"),
        ("RECONCILER_PLAN_FORMAT_", "did you mean RECONCILER_PLAN_FORMAT?"),
        ("RECONCILER_TRADE_SHOW_LIVE_ID", "did you mean RECONCILER_TRADE_SHOW_ID?"),
        ("RECONCILER_JOURNAL_ULR", "did you mean RECONCILER_JOURNAL_URL?"),
        ("RECONCILER_ZZZ", "see `reconciler COMMAND --help` for the options"),
    ],
)
@pytest.mark.usefixtures("workspace")
def test_a_variable_that_nothing_reads_is_a_warning_given_once(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, name: str, hint: str
) -> None:
    monkeypatch.setenv(name, "btc-dip")
    for command in ("validate", "demo" if "APPLY" in name else "plan"):
        done = cli(command)
        assert done.code == 0
        assert done.err.count(f"Warning: {name} is not a variable that reconciler reads; {hint}\n") == 1


def test_variables_of_other_programs_and_those_without_an_option_are_no_matter() -> None:
    assert list(find_unknown(root, dict.fromkeys([*OTHER_VARIABLES, "RECONCILERS", "_RECONCILER_COMPLETE"], "x"))) == []


def test_every_variable_that_the_source_names_is_known() -> None:
    known = {*OTHER_VARIABLES, *list_variables(root)}
    named = {
        name
        for file in PACKAGE.rglob("*.py")
        for name in re.findall(r"RECONCILER_[A-Z_]*[A-Z]", file.read_text("utf-8"))
    }
    assert named - known <= {"RECONCILER_COMPLETE"}


@pytest.mark.parametrize("value", ["", " ", "0", "false", "False", "no", "off", "OFF"])
def test_ci_may_be_set_to_no(cli: Cli, workspace: Path, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    config = "version: 1\nworkspace: test\ntarget: sandbox\ntargets:\n  sandbox: {kind: sandbox}\n"
    api = "  live: {kind: api, mode: paper, accounts: {main: 1}}\n"
    (workspace / "reconciler.yaml").write_text(config + api)
    monkeypatch.setenv("CI", value)
    assert cli("plan").code == 0
    monkeypatch.setenv("CI", "true")
    assert cli("plan").code == 64


@pytest.mark.parametrize("value", ["1", "true", "yes", "woodpecker", " TRUE "])
def test_any_other_value_of_ci_means_yes(value: str) -> None:
    assert is_ci({"CI": value})
    assert not is_ci({})
