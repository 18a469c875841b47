"""The program: finds the command, and turns every error into one message and an exit code."""

from __future__ import annotations

import gc
import importlib
import os
import sys
from typing import cast

import click

from reconciler import __version__
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.groups import GuidingGroup
from reconciler.cli.help_text import end_help, end_own_help
from reconciler.cli.options import common_options
from reconciler.cli.printer import PRINTER, reserve_streams
from reconciler.cli.variables import assign_own_variables, assign_variables, find_unknown

# Codes that say that all went well, so that a result which nobody could read is worse.
_GOOD_CODES = (ExitCode.DONE, ExitCode.FOUND)

# How many values are made before garbage is collected. With Python's own 700 reading ten thousand trades takes nearly
# twice as long, measured, since what was read is walked through again and again; hardly any value here is in a circle.
GARBAGE_THRESHOLD = 100_000

# Name to module; a command's module is imported when it is run or asked for its help.
_COMMANDS = {
    "init": "init",
    "validate": "validate",
    "fmt": "fmt",
    "plan": "plan",
    "show": "show",
    "apply": "apply",
    "drift": "drift",
    "status": "status",
    "accounts": "accounts",
    "import": "import_command",
    "trade": "trade",
    "journal": "journal",
    "freeze": "freeze",
    "unfreeze": "unfreeze",
    "unlock": "unlock",
    "schema": "schema",
    "sandbox": "sandbox",
    "demo": "demo",
}
# Shown by `reconciler --help` without importing the commands.
_SUMMARIES = {
    "init": "Write reconciler.yaml and a first plan file.",
    "validate": "Check the plan files; no network.",
    "fmt": "Write plan files in the canonical layout; no network.",
    "plan": "Show what apply would change; sends no write.",
    "show": "Show a saved plan again.",
    "apply": "Carry out a plan.",
    "drift": "Show what was edited outside the files and what is lost; sends no write.",
    "status": "Show the live trades of the workspace.",
    "accounts": "List the accounts of the key, to write into reconciler.yaml.",
    "import": "Write live trades into plan files, and live edits too.",
    "trade": "Act on one live trade, or close or cancel all: show, close, cancel, add-funds and others.",
    "journal": "Show what was sent and what became of it: show, export, resolve.",
    "freeze": "Hold back all that does not lower risk.",
    "unfreeze": "End the freezes in the journal.",
    "unlock": "Take the lock from a run that has died.",
    "schema": "Print a JSON Schema.",
    "sandbox": "The local exchange and API: serve, price, advance, show, reset.",
    "demo": "Show the life of a trade on a temporary sandbox, in under a minute.",
}


class _LazyGroup(GuidingGroup):
    """A group whose commands are imported only when they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """List the names, in the order in which a user needs them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the command of a name."""
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"reconciler.cli.{_COMMANDS[cmd_name]}")
        command = cast("click.Command", module.command)
        assign_variables(command, (cmd_name,))
        end_help(command, (cmd_name,))
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of commands."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_SUMMARIES.items()))


def _print_version(context: click.Context, _option: click.Parameter, is_asked: bool) -> None:  # noqa: FBT001 - click's
    if is_asked and not context.resilient_parsing:
        PRINTER.print_result(f"reconciler, version {__version__}")
        context.exit()


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version and exit.",
)
@common_options
def root() -> None:
    """Keep 3Commas SmartTrades as YAML in git: plan shows what would change, apply does exactly that."""
    for words in find_unknown(root, os.environ):
        PRINTER.print_warning(words)


assign_own_variables(root)
end_own_help(root)


def main() -> None:
    """Run the program and leave with its exit code."""
    from reconciler.cli.signals import end_on_signals

    gc.set_threshold(GARBAGE_THRESHOLD)
    reserve_streams()
    end_on_signals()
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run the program.

    Args:
        arguments: Without the program's name.

    Returns:
        The exit code.
    """
    PRINTER.begin()
    code = _run(arguments)
    PRINTER.flush()
    fault = PRINTER.find_fault()
    if not fault:
        return code
    if PRINTER.keeps_results:
        PRINTER.print_message(f"Warning: standard output cannot be written: {fault}; its text is printed here instead.")
        return code
    PRINTER.print_message(f"Error: standard output cannot be written: {fault}")
    return ExitCode.FAILED if code in _GOOD_CODES else code


def _run(arguments: list[str]) -> int:
    streams = sys.stdout, sys.stderr
    try:
        code = root.main(arguments, prog_name="reconciler", standalone_mode=False)
    except (click.Abort, KeyboardInterrupt):
        PRINTER.print_message("Interrupted.")
        return ExitCode.INTERRUPTED
    except SystemExit as error:
        # click ends the program if a pipe breaks while click itself writes, such as a help text.
        sys.stdout, sys.stderr = streams
        return 0 if _has_lost_stream() else int(error.code or 0)
    except Exception as error:  # noqa: BLE001 - the one boundary between the program and its user
        return 0 if isinstance(error, OSError | ValueError) and _has_lost_stream() else _report(error)
    return code if isinstance(code, int) else 0


def _has_lost_stream() -> bool:
    """Return whether a stream turns out to be lost only now, so that what failed was writing to it."""
    before = PRINTER.has_reader, PRINTER.has_messages
    PRINTER.flush()
    return before != (PRINTER.has_reader, PRINTER.has_messages)


def _report(error: Exception) -> int:
    from reconciler.cli.error_messages import (
        is_about_system,
        report_bug,
        report_error,
        report_system_error,
        report_usage,
    )
    from reconciler.errors import ReconcilerError

    if isinstance(error, ReconcilerError):
        return report_error(error)
    if isinstance(error, click.ClickException):
        report_usage(error)
        return ExitCode.USAGE if isinstance(error, click.UsageError) else error.exit_code
    if isinstance(error, OSError) and is_about_system(error):
        report_system_error(error)
        return ExitCode.FAILED
    report_bug(error)
    return ExitCode.BUG
