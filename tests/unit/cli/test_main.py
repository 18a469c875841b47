"""The program itself: version, unknown words, help, and an internal error."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest

from reconciler import __version__
from reconciler.cli.main import root
from tests.support.program import Cli

COMMANDS = root.list_commands(click.Context(root))


def test_the_version_is_the_packages(cli: Cli) -> None:
    assert cli("--version").out == f"reconciler, version {__version__}\n"


def test_an_unknown_command_or_option_is_a_usage_error(cli: Cli) -> None:
    assert cli("aply").code == 64
    assert cli("plan", "--wat").code == 64


@pytest.mark.parametrize("words", [[], *([name] for name in COMMANDS), ["trade", "close"]], ids=" ".join)
def test_help_imports_nothing_heavy(words: list[str]) -> None:
    script = (
        f"import sys; from reconciler.cli.main import run; run({[*words, '--help']})\n"
        "heavy = set('requests sqlalchemy deepdiff jsonschema jsonschema_rs yaml flask jinja2 sqlite3'.split())\n"
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
