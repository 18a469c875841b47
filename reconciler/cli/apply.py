"""`reconciler apply`: carry out a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.approval import ask_for_approval, require_approver
from reconciler.cli.console import print_message, print_text, use_color
from reconciler.cli.error_messages import print_error
from reconciler.cli.exit_codes import decide_empty, decide_run, has_open_ends
from reconciler.cli.options import common_options, lock_timeout_option, trades_option
from reconciler.cli.paths import PathType
from reconciler.cli.progress import Progress
from reconciler.cli.session import find_settings, open_command
from reconciler.cli.signals import stop_on_interrupt
from reconciler.errors import UsageError

if TYPE_CHECKING:
    from reconciler.model.plan import Plan
    from reconciler.session import Session
    from reconciler.workflows.applying import Applied


@click.command("apply")
@click.argument("paths", nargs=-1, type=PathType(exists=True), metavar="[PLAN | PATHS...]")
@trades_option("Apply")
@click.option("--auto-approve", is_flag=True, allow_from_autoenv=False, help="Do not ask for approval.")
@click.option("--partial", is_flag=True, help="If a saved plan is stale in part, carry out the rest.")
@click.option(
    "--acknowledge",
    multiple=True,
    metavar="NAME=COUNT",
    allow_from_autoenv=False,
    help="Pass a guardrail with its exact count, for example closes=2; may be repeated.",
)
@lock_timeout_option()
@common_options
def command(
    paths: tuple[Path, ...],
    trades: tuple[str, ...],
    acknowledge: tuple[str, ...],
    lock_timeout: float,
    *,
    auto_approve: bool,
    partial: bool,
) -> int:
    """Carry out a saved PLAN exactly as it was reviewed, or plan PATHS (by default everything) and ask."""
    from reconciler.planning.guardrails import parse_acknowledgements
    from reconciler.workflows.applying import ApplyOptions, apply_plan, refuse_inapplicable

    acknowledged = parse_acknowledgements(acknowledge)
    saved = _load_saved(paths)
    if saved is not None and trades:
        raise UsageError("--trade narrows plan files; a saved plan is carried out as it was reviewed")
    require_approver(
        "apply", "add --auto-approve, or apply a saved plan", is_approved=auto_approve or saved is not None
    )
    with open_command(find_settings(), writes=True) as session:
        plan = saved or _make_plan(session, paths, trades, acknowledged, is_checked=not auto_approve)
        refuse_inapplicable(session, plan, acknowledged)
        if plan.operations and saved is None and not auto_approve:
            ask_for_approval()
        options = ApplyOptions(
            needs_check=saved is not None or not auto_approve,
            is_partial=partial,
            lock_timeout_s=lock_timeout,
            watch_interrupts=stop_on_interrupt,
            observer=Progress(len(plan.operations)),
        )
        applied = apply_plan(session, plan, acknowledged, options)
    return _report(plan, applied)


def _load_saved(paths: Sequence[Path]) -> Plan | None:
    """Load the saved plan that the only path is; None if the paths are plan files or folders."""
    from reconciler.loading.file_kinds import is_plan_name
    from reconciler.saved_plan.files import find_saved_text, read_plan

    for path in paths:
        text = find_saved_text(path)
        if text is not None:
            if len(paths) > 1:
                raise UsageError(f"{path} is a saved plan and is applied alone")
            return read_plan(text)
        if path.is_file() and not is_plan_name(path.name):
            raise UsageError(f"{path} is neither a saved plan nor a plan file, which ends in .yaml or .yml")
    return None


def _make_plan(
    session: Session,
    paths: Sequence[Path],
    trades: Sequence[str],
    acknowledged: Mapping[str, int],
    *,
    is_checked: bool,
) -> Plan:
    from reconciler.rendering.plan_text import render_plan
    from reconciler.rendering.style import Style
    from reconciler.workflows.plan_files import read_selection
    from reconciler.workflows.planning import make_reviewed_plan

    selection = read_selection(session.settings, paths, trades)
    plan = make_reviewed_plan(session, selection, waits_for_busy=True, is_checked=is_checked)
    print_text(render_plan(plan, Style(use_color()), acknowledged))
    return plan


def _report(plan: Plan, applied: Applied) -> int:
    """Print what was done, and return the exit code."""
    from reconciler.rendering.outcome_text import render_summary
    from reconciler.rendering.style import Style

    if not plan.operations:
        if plan.blocked and not applied.unsettled:
            print_message("Nothing can be applied; the blocked trades are listed above.")
        return decide_empty(plan, has_unsettled=bool(applied.unsettled))
    print_text(render_summary(applied.outcomes, Style(use_color())))
    if applied.error is not None:
        print_error(applied.error)
    needs_person = has_open_ends(plan, applied.outcomes)
    return decide_run(applied, needs_person=needs_person, has_unsettled=bool(applied.unsettled))
