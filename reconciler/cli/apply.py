"""`reconciler apply`: carry out a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.apply_output import ApplyOutput, find_result
from reconciler.cli.approval import ask_for_approval, require_approver
from reconciler.cli.console import print_message
from reconciler.cli.error_messages import print_error
from reconciler.cli.exit_codes import decide_empty, decide_error, decide_run, has_open_ends
from reconciler.cli.options import (
    acknowledge_option,
    common_options,
    format_option,
    lock_timeout_option,
    policy_option,
    trades_option,
)
from reconciler.cli.paths import PATH, PathType
from reconciler.cli.session import find_settings, open_command
from reconciler.cli.signals import stop_on_interrupt
from reconciler.errors import ReconcilerError, UsageError

if TYPE_CHECKING:
    from reconciler.model.operations import Operation
    from reconciler.model.plan import Plan
    from reconciler.session import Session
    from reconciler.settings import Settings
    from reconciler.workflows.applying import Applied
    from reconciler.workflows.reviewed import PlanAgain


@click.command("apply")
@click.argument("paths", nargs=-1, type=PathType(exists=True), metavar="[PLAN | PATHS...]")
@trades_option("Apply")
@click.option("--auto-approve", is_flag=True, allow_from_autoenv=False, help="Do not ask for approval.")
@click.option("--partial", is_flag=True, help="If a plan is stale in part, carry out the rest.")
@acknowledge_option(
    "Pass a guardrail: with its exact count, for example closes=2, or up to an amount; may be repeated. A saved plan"
    " may hold acknowledgements of its own."
)
@click.option(
    "--reviewed",
    type=PathType(exists=True),
    metavar="PLAN",
    allow_from_autoenv=False,
    help="Plan again, and carry out only what this saved plan has too; it may have expired. All else is refused.",
)
@click.option(
    "--require-commit", is_flag=True, help="Refuse a plan of another commit, or with files that are not committed."
)
@policy_option
@format_option("markdown")
@click.option(
    "--json-events", is_flag=True, help="Print what happens while it runs, one JSON object a line, and no other result."
)
@click.option(
    "--result",
    type=PATH,
    metavar="FILE",
    help="Save what was done as JSON, too, whatever is printed; the file may exist.",
)
@lock_timeout_option()
@common_options
def command(
    paths: tuple[Path, ...],
    trades: tuple[str, ...],
    acknowledge: tuple[str, ...],
    reviewed: Path | None,
    policy: tuple[str, ...],
    format_: str,
    result: Path | None,
    lock_timeout: float,
    *,
    auto_approve: bool,
    partial: bool,
    require_commit: bool,
    json_events: bool,
) -> int:
    """Carry out a saved PLAN exactly as it was reviewed, or plan PATHS (by default everything) and ask.

    If the plan passes a limit that is not acknowledged, or a freeze is in force, only what lowers risk is sent. The
    rest is held back by name, and the exit code is 12.
    """
    from reconciler.guardrails.acknowledgements import parse_acknowledgements
    from reconciler.rendering.sent_part import describe_part
    from reconciler.workflows.alerting import watch_apply
    from reconciler.workflows.applying import ApplyOptions, apply_plan
    from reconciler.workflows.refusals import refuse_inapplicable

    if json_events and format_ != "text":
        raise UsageError("give either --json-events or --format: both write to standard output")
    given = parse_acknowledgements(acknowledge)
    saved = _load_saved(paths) if reviewed is None else _load_reviewed(paths, reviewed)
    if saved is not None and trades and reviewed is None:
        raise UsageError("--trade narrows plan files; a saved plan is carried out as it was reviewed")
    is_approved = auto_approve or saved is not None
    require_approver("apply", "add --auto-approve, or apply a saved plan", is_approved=is_approved)
    settings = find_settings()
    if require_commit:
        _require_commit(settings, saved)
    saved_result = None if result is None else find_result(result, settings.root)
    with open_command(settings, writes=True) as session, watch_apply(session, is_approved=is_approved) as watched:
        output = ApplyOutput(session.clock, format_, has_events=json_events, result=saved_result)
        try:
            refused: tuple[Operation, ...] = ()
            if saved is None:
                plan = _make_plan(session, paths, trades, policy, given, output, is_checked=not auto_approve)
            elif reviewed is None:
                plan = saved
            else:
                again = _plan_again(session, paths, trades, saved, policy, output)
                plan, refused = again.plan, again.refused
            watched.plan = plan
            observer = output.begin(plan, len(plan.operations) + len(refused))
            _report_useless(session, plan, given)
            holds = refuse_inapplicable(session, plan, given)
            if holds.held:
                print_message(describe_part(plan.operations, holds.held))
            if plan.operations and not is_approved:
                _show_dangerous(plan)
                ask_for_approval()
            watched.is_approved = True
            options = ApplyOptions(
                needs_check=saved is not None or not auto_approve,
                is_partial=partial,
                lock_timeout_s=lock_timeout,
                not_reviewed=refused,
                policy=policy,
                watch_interrupts=stop_on_interrupt,
                observer=observer,
            )
            applied = watched.applied = apply_plan(session, plan, given, options)
        except ReconcilerError as error:
            output.refuse(error, decide_error(error))
            raise
        code = _decide(plan, applied)
        output.end(plan, applied, code)
        return _report(plan, applied, code)


def _load_reviewed(paths: Sequence[Path], reviewed: Path) -> Plan:
    """Load the saved plan of `--reviewed`; the paths are plan files or folders then."""
    from reconciler.saved_plan.files import load_plan

    if _load_saved(paths) is not None:
        raise UsageError("give a saved plan either alone or with --reviewed, not both")
    return load_plan(reviewed)


def _require_commit(settings: Settings, saved: Plan | None) -> None:
    from reconciler.workflows.reviewed import require_commit

    require_commit(settings.root, saved)


def _plan_again(
    session: Session,
    paths: Sequence[Path],
    trades: Sequence[str],
    reviewed: Plan,
    policy: Sequence[str],
    output: ApplyOutput,
) -> PlanAgain:
    """Plan again, print what of it was reviewed, and refuse it if that is nothing."""
    from reconciler.workflows.plan_files import read_plan_files, select_trades
    from reconciler.workflows.policies import refuse_by_policy
    from reconciler.workflows.reviewed import plan_again, refuse_unreviewed, select_reviewed

    files = read_plan_files(session.settings)
    is_narrowed = bool(paths or trades)
    selection = (
        select_trades(files, session.settings, paths, trades)
        if is_narrowed
        else select_reviewed(files, session, reviewed)
    )
    again = plan_again(session, selection, reviewed, policy)
    output.show_plan(again.plan)
    refuse_unreviewed(again)
    refuse_by_policy(again.plan)
    return again


def _show_dangerous(plan: Plan) -> None:
    """Print what is dangerous in a plan once more, so that it stands beside the question."""
    from reconciler.rendering.text.lines import show
    from reconciler.rendering.views.index import say_dangerous

    words = say_dangerous(plan)
    if words:
        print_message(show(words))


def _report_useless(session: Session, plan: Plan, acknowledged: Mapping[str, Decimal]) -> None:
    """Say which acknowledgements of this command fit nothing, neither at the plan nor by the limits of now."""
    from reconciler.guardrails.acknowledged import find_useless
    from reconciler.guardrails.evaluate import evaluate_again
    from reconciler.rendering.reasons import describe

    now = evaluate_again(plan, session.settings.limits)
    for why in find_useless(replace(plan, guardrails=(*now, *plan.guardrails)), acknowledged):
        print_message(f"Warning: {describe(why)}")


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
    policy: Sequence[str],
    acknowledged: Mapping[str, Decimal],
    output: ApplyOutput,
    *,
    is_checked: bool,
) -> Plan:
    from reconciler.guardrails.acknowledged import mark_acknowledged
    from reconciler.workflows.plan_files import read_selection
    from reconciler.workflows.planning import make_reviewed_plan
    from reconciler.workflows.policies import refuse_by_policy

    selection = read_selection(session.settings, paths, trades)
    plan = make_reviewed_plan(session, selection, policy=policy, waits_for_busy=True, is_checked=is_checked)
    shown = replace(plan, guardrails=mark_acknowledged(plan.guardrails, acknowledged))
    output.show_plan(shown)
    refuse_by_policy(plan)
    return plan


def _decide(plan: Plan, applied: Applied) -> int:
    """Return the exit code."""
    has_unsettled = bool(applied.unsettled)
    if not plan.operations:
        return decide_empty(plan, has_unsettled=has_unsettled)
    return decide_run(applied, needs_person=has_open_ends(plan, applied.outcomes), has_unsettled=has_unsettled)


def _report(plan: Plan, applied: Applied, code: int) -> int:
    """Print messages about the end of a run, and return the exit code."""
    if not plan.operations and plan.blocked and not applied.unsettled:
        print_message("Nothing can be applied; the blocked trades are listed above.")
    if applied.error is not None:
        print_error(applied.error)
    return code
