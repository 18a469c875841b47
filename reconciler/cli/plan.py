"""`reconciler plan`: show what apply would change."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.console import print_message, print_result
from reconciler.cli.exit_codes import FailOn, decide_plan
from reconciler.cli.options import (
    acknowledge_option,
    brief_option,
    common_options,
    format_option,
    max_bytes_option,
    paths_argument,
    policy_option,
    trades_option,
)
from reconciler.cli.paths import PATH
from reconciler.cli.plan_output import print_plan, render_text
from reconciler.cli.session import find_settings, open_command
from reconciler.errors import UsageError

if TYPE_CHECKING:
    from reconciler.model.plan import Plan


@click.command("plan")
@paths_argument
@trades_option("Plan")
@click.option("--out", type=PATH, metavar="FILE", help="Save the plan for `apply FILE`; - is standard output.")
@format_option("markdown", "html")
@brief_option
@max_bytes_option
@click.option(
    "--base",
    metavar="REF",
    help="Commit whose rules count as well; default: that of the pull request in CI. Without any, changed rules are"
    " only shown, against the last commit.",
)
@click.option(
    "--against",
    metavar="git:REF|files:DIR",
    help="Show what the files change against those of a commit or folder; needs no account, no key and no network.",
)
@acknowledge_option(
    "Pass a guardrail, and save that in the plan: with its exact count, for example closes=2, or up to an amount; may"
    " be repeated."
)
@click.option(
    "--detailed-exitcode",
    is_flag=True,
    help="Exit 2 if something is to be done, is blocked or needs attention, else 0.",
)
@click.option(
    "--fail-on",
    type=click.Choice([each.value for each in FailOn]),
    default=FailOn.ERROR.value,
    show_default=True,
    help="What ends with an exit code other than 0, after the plan is shown and saved; each includes those before it.",
)
@policy_option
@common_options
def command(
    paths: tuple[Path, ...],
    trades: tuple[str, ...],
    out: Path | None,
    format_: str,
    base: str | None,
    against: str | None,
    policy: tuple[str, ...],
    acknowledge: tuple[str, ...],
    fail_on: str,
    max_bytes: int | None,
    *,
    detailed_exitcode: bool,
    is_brief: bool,
) -> int:
    """Show what apply would change, in money and requests; sends no write.

    PATHS narrow the plan to trades in these files or folders; trades that no file describes are then not checked.
    """
    from reconciler.guardrails.acknowledgements import parse_acknowledgements
    from reconciler.output_files import is_standard_output
    from reconciler.rendering.journal_text import render_unresolved
    from reconciler.saved_plan.files import find_plan_output, write_plan
    from reconciler.workflows.plan_files import read_selection
    from reconciler.workflows.planning import make_reviewed_plan

    acknowledged = parse_acknowledgements(acknowledge)
    if against is not None:
        _refuse_with_against(out=out, base=base, policy=policy)
        compared = _compare(paths, trades, against, acknowledged)
        print_plan(compared, format_, is_brief=is_brief, max_bytes=max_bytes)
        return decide_plan(compared, is_detailed=detailed_exitcode, fail_on=FailOn(fail_on))
    settings = find_settings()
    is_piped = out is not None and is_standard_output(out)
    output = None if out is None or is_piped else find_plan_output(out, settings.root)
    selection = read_selection(settings, paths, trades)
    with open_command(settings, writes=False) as session:
        plan = make_reviewed_plan(session, selection, base=base, policy=policy, acknowledged=acknowledged)
        unresolved = session.journal.find_unresolved()
    if unresolved:
        print_message(render_unresolved(unresolved))
    if output is not None:
        output.write(write_plan(plan))
    if is_piped:
        print_result(write_plan(plan))
        print_message(render_text(plan, sys.stderr, is_brief=is_brief))
    else:
        print_plan(plan, format_, is_brief=is_brief, max_bytes=max_bytes)
    if output is not None and not output.is_stream:
        print_message(f"Saved. To carry out exactly this plan: reconciler apply {out}")
    return decide_plan(plan, is_detailed=detailed_exitcode, fail_on=FailOn(fail_on))


def _refuse_with_against(**given: object) -> None:
    """Refuse options that mean nothing without an account.

    Raises:
        UsageError: Naming the first.
    """
    name = next((name for name, value in given.items() if value), None)
    if name is not None:
        raise UsageError(f"--{name} means nothing with --against: no account is asked, so nothing can be applied")


def _compare(
    paths: tuple[Path, ...], trades: tuple[str, ...], against: str, acknowledged: Mapping[str, Decimal]
) -> Plan:
    """Plan what the files change against others."""
    from reconciler.clock import SystemClock
    from reconciler.workflows.against import plan_against
    from reconciler.workflows.plan_files import read_selection

    settings = find_settings(is_live=False)
    selection = read_selection(settings, paths, trades)
    return plan_against(settings, selection, against, SystemClock().now(), acknowledged)
