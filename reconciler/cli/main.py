"""The program: finds the command, and turns every error into one message and an exit code."""

from __future__ import annotations

import gc
import importlib
import sys
from typing import cast

import click

from reconciler import __version__
from reconciler.cli.options import common_options

USAGE_EXIT_CODE = 64
BUG_EXIT_CODE = 70
INTERRUPT_EXIT_CODE = 130

# How many values are made before garbage is looked for. With Python's own 700 reading ten thousand trades takes nearly
# twice as long, measured, since what was read is walked through again and again; hardly any value here is in a circle.
GARBAGE_THRESHOLD = 100_000

# Name to module; a command's module is imported when it is run or asked for its help.
_COMMANDS = {
    "init": "init",
    "validate": "validate",
    "plan": "plan",
    "show": "show",
    "apply": "apply",
    "drift": "drift",
    "status": "status",
    "import": "import_trades",
    "trade": "trade",
    "journal": "journal",
    "unlock": "unlock",
    "schema": "schema",
    "sandbox": "sandbox",
    "demo": "demo",
}
# Shown by `reconciler --help` without importing the commands.
_SUMMARIES = {
    "init": "Write reconciler.yaml and a first plan file.",
    "validate": "Check the plan files; no network.",
    "plan": "Show what apply would change; sends no write.",
    "show": "Show a saved plan again.",
    "apply": "Carry out a plan.",
    "drift": "Tell what was edited outside the files and what is lost; sends no write.",
    "status": "Show the live trades of the workspace.",
    "import": "Write live trades into plan files, and live edits too.",
    "trade": "Act on one live trade, or close or cancel all: show, close, cancel, add-funds and others.",
    "journal": "What was sent and what came of it: show, export, resolve.",
    "unlock": "Take the lock from a run that has died.",
    "schema": "Print a JSON Schema.",
    "sandbox": "The local exchange and API: serve, price, advance, show, reset.",
    "demo": "The whole story on a temporary sandbox, in under a minute.",
}


class _LazyGroup(click.Group):
    """A group whose commands are imported only when they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names, in the order in which a user meets them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of a name."""
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"reconciler.cli.{_COMMANDS[cmd_name]}")
        return cast("click.Command", module.command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list of commands."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_SUMMARIES.items()))


@click.group(
    cls=_LazyGroup,
    context_settings={"auto_envvar_prefix": "RECONCILER", "help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="reconciler")
@common_options
def root() -> None:
    """Keep 3Commas SmartTrades as YAML in git: plan shows what would change, apply does exactly that."""


def main() -> None:
    """Run the program and leave with its exit code."""
    from reconciler.cli.interrupting import end_on_signals

    gc.set_threshold(GARBAGE_THRESHOLD)
    end_on_signals()
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run the program.

    Args:
        arguments: Without the program's name.

    Returns:
        The exit code.
    """
    try:
        code = root.main(arguments, prog_name="reconciler", standalone_mode=False)
    except click.UsageError as error:
        error.show()
        return USAGE_EXIT_CODE
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        return INTERRUPT_EXIT_CODE
    except BrokenPipeError:
        return _leave_broken_pipe()
    except Exception as error:  # noqa: BLE001 - the one boundary between the program and its user
        return _report(error)
    return code if isinstance(code, int) else 0


def _report(error: Exception) -> int:
    from reconciler.cli.reporting import report_bug, report_error
    from reconciler.errors import ReconcilerError

    if isinstance(error, ReconcilerError):
        return report_error(error)
    report_bug(error)
    return BUG_EXIT_CODE


def _leave_broken_pipe() -> int:
    """The reader of our output has gone, as `head` does: not worth a word."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1
