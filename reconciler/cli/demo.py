"""`reconciler demo`: the life of a trade on a temporary sandbox."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from reconciler.cli.console import print_result, use_color
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.options import common_options
from reconciler.errors import ReconcilerError
from reconciler.git.base_variables import BASE_VARIABLES
from reconciler.workflows.new_workspace import FIRST_PLAN

_CONFIG = """\
version: 1
workspace: demo
targets:
  sandbox: {kind: sandbox, accounts: {main: 1}}
"""
_OLD_STOP, _NEW_STOP = "conditional: {price: 58500}", "conditional: {price: 59200}"
_OLD_STEPS = """\
    take_profit:
      - {order_type: limit, price: 63000, volume: 50}
      - {order_type: limit, price: 66000, volume: 50}
"""
_NEW_STEPS = """\
    take_profit:
      steps:
        - {order_type: limit, price: 66000, volume: 50}
      unallocated: 50
"""
_PLAN_NAME = "btc-dip.yaml"


@click.command("demo")
@common_options
def command() -> int:
    """Show the life of a trade on a temporary sandbox: write, plan, apply, fill, edit and show."""
    with tempfile.TemporaryDirectory(prefix="reconciler-demo-") as folder, _outside_pull_request():
        story = _Story(Path(folder))
        story.run()
    return ExitCode.DONE


@contextmanager
def _outside_pull_request() -> Iterator[None]:
    """Hide the base of a pull request: the temporary workspace is no part of one."""
    hidden = {name: os.environ.pop(name) for name in BASE_VARIABLES if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(hidden)


class _Story:
    """The chapters, each a command that a user would type."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._plan = folder / _PLAN_NAME

    def run(self) -> None:
        """Run all chapters, in order.

        Raises:
            ReconcilerError: A command ended with another exit code than it should.
        """
        (self._folder / "reconciler.yaml").write_text(_CONFIG)
        self._write("A trade is a few lines of YAML in git.", FIRST_PLAN)
        self._run("validate")
        self._run("plan", "--detailed-exitcode", expected=2)
        self._run("apply", "--auto-approve")
        self._say("Run twice, it does nothing the second time.")
        self._run("plan", "--detailed-exitcode")
        self._say("The price falls: the entry fills, and that is not a difference.")
        self._run("sandbox", "price", "USDT_BTC", "59900")
        self._run("plan", "--detailed-exitcode")
        self._write("The stop moves up.", FIRST_PLAN.replace(_OLD_STOP, _NEW_STOP))
        self._run("plan", "--detailed-exitcode", expected=2)
        self._run("apply", "--auto-approve")
        self._write(
            "One take-profit step goes; its share is stated to have no step.",
            FIRST_PLAN.replace(_OLD_STOP, _NEW_STOP).replace(_OLD_STEPS, _NEW_STEPS),
        )
        self._run("plan", "--detailed-exitcode", expected=2)
        self._run("apply", "--auto-approve")
        self._run("plan", "--detailed-exitcode")
        self._run("status")

    def _write(self, words: str, text: str) -> None:
        self._say(words)
        self._plan.write_text(text)
        self._command(f"cat {_PLAN_NAME}")
        print_result(text)

    def _say(self, words: str) -> None:
        print_result(click.style(f"\n# {words}", bold=True) if use_color() else f"\n# {words}")

    def _command(self, line: str) -> None:
        print_result(click.style(f"\n$ {line}", fg="cyan") if use_color() else f"\n$ {line}")

    def _run(self, *arguments: str, expected: int = 0) -> None:
        from reconciler.cli.main import root

        self._command(f"reconciler {' '.join(arguments)}")
        common = [
            "--workspace",
            str(self._folder),
            "--target",
            "sandbox",
            "--color",
            "always" if use_color() else "never",
        ]
        code = root.main([*common, *arguments], prog_name="reconciler", standalone_mode=False)
        if code != expected:
            raise ReconcilerError(
                f"`reconciler {' '.join(arguments)}` ended with exit code {code}, expected {expected}"
            )
