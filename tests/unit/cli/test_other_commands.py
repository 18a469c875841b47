"""`init`, `validate`, `status`, `schema`, `sandbox`, `demo`, and the program itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest

from reconciler import __version__
from reconciler.cli.main import root
from tests.support.program import BTC_DIP, CONFIG, Cli

COMMANDS = root.list_commands(click.Context(root))


def test_init_writes_a_workspace_whose_first_plan_applies(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = cli("init", "My Trades!")
    assert made.code == 0
    monkeypatch.chdir(tmp_path / "My Trades!")
    assert cli("validate").code == 0
    assert cli("apply", "--auto-approve").code == 0
    assert cli("plan", "--detailed-exitcode").code == 0


def test_init_gives_two_folders_of_one_name_different_workspaces(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    cli("init", "a/trades")
    cli("init", "b/trades")
    assert (tmp_path / "a/trades/reconciler.yaml").read_text() != (tmp_path / "b/trades/reconciler.yaml").read_text()


def test_init_overwrites_nothing(cli: Cli, workspace: Path) -> None:
    done = cli("init")
    assert done.code == 1
    assert "exists already" in done.err
    assert (workspace / "reconciler.yaml").read_text() == CONFIG


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
    assert cli("validate", "a.yaml").code == 1


def test_a_bad_reconciler_yaml_is_told_with_its_place(cli: Cli, workspace: Path) -> None:
    (workspace / "reconciler.yaml").write_text("version: 1\ntargetz: {}\n")
    done = cli("validate")
    assert done.code == 1
    assert "reconciler.yaml:2:1" in done.out
    assert cli("plan").code == 1


def test_what_is_not_built_yet_is_refused_by_name(cli: Cli, workspace: Path) -> None:
    with (workspace / "reconciler.yaml").open("a") as config:
        config.write("guardrails: {notional: 1000}\n")
    done = cli("plan")
    assert done.code == 1
    assert "not supported yet" in done.err


def test_status_shows_each_trade_with_its_phase(cli: Cli, workspace: Path) -> None:
    (workspace / "other.yaml").write_text(
        BTC_DIP.replace("btc-dip", "other").replace("60000", "50000").replace("58500", "48500")
    )
    before = cli("status")
    assert before.code == 0
    assert before.out.count("not opened") == 2
    cli("apply", "--auto-approve")
    cli("sandbox", "price", "USDT_BTC", "59900")
    lines = cli("status").out.splitlines()
    assert lines[1].split()[:8] == ["btc-dip", "#30000001", "USDT_BTC", "open", "100", "%,", "0.01", "BTC"]
    assert "entering" in lines[2]


@pytest.mark.parametrize("name", ["plan", "config", "saved-plan", "drift", "status"])
def test_schema_prints_a_json_schema(cli: Cli, name: str) -> None:
    assert json.loads(cli("schema", name).out)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_the_sandbox_moves_only_when_told(cli: Cli, workspace: Path) -> None:
    assert json.loads(cli("sandbox", "show").out)["prices"]["USDT_BTC"]["last"] == "63802.44"
    assert "59900" in cli("sandbox", "price", "USDT_BTC", "59900").out
    before = json.loads(cli("sandbox", "show").out)
    assert "2026-01-01T00:01:30" in cli("sandbox", "advance", "90s").out
    assert json.loads(cli("sandbox", "show").out)["prices"] == before["prices"]
    assert cli("sandbox", "reset").code == 0
    assert json.loads(cli("sandbox", "show").out)["prices"]["USDT_BTC"]["last"] == "63802.44"


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


def test_the_demo_tells_the_whole_story(cli: Cli) -> None:
    done = cli("demo")
    assert done.code == 0
    assert done.out.count("No changes.") == 3
    assert "will lose a take-profit step" in done.out
    assert "btc-dip  #30000001  USDT_BTC  open" in done.out


def test_the_version_is_the_packages(cli: Cli) -> None:
    assert cli("--version").out == f"reconciler, version {__version__}\n"


def test_an_unknown_command_or_option_is_a_usage_error(cli: Cli) -> None:
    assert cli("aply").code == 64
    assert cli("plan", "--wat").code == 64


@pytest.mark.parametrize("words", [[], *([name] for name in COMMANDS), ["trade", "close"]], ids=" ".join)
def test_help_imports_nothing_heavy(words: list[str]) -> None:
    script = (
        f"import sys; from reconciler.cli.main import run; run({[*words, '--help']})\n"
        "heavy = {'requests', 'sqlalchemy', 'deepdiff', 'jsonschema', 'jsonschema_rs', 'yaml', 'flask', 'sqlite3'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Usage: reconciler")


def test_an_internal_error_is_one_line_and_a_log_file(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    from reconciler.cli import main

    monkeypatch.setitem(main._COMMANDS, "plan", "no_such_module")
    done = cli("plan")
    assert done.code == 70
    assert done.err.startswith("Internal error (ModuleNotFoundError): a bug of reconciler. Details in ")
    log = Path(done.err.split()[-1])
    assert "Traceback" in log.read_text()
    log.unlink()
