"""`reconciler apply`: a plan, carried out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.approval import ask_for_approval, require_approver
from reconciler.cli.console import print_message, print_result, use_color
from reconciler.cli.exit_codes import decide_empty, decide_run, has_open_ends
from reconciler.cli.numbers import read_wait
from reconciler.cli.options import common_options
from reconciler.cli.paths import PATH
from reconciler.cli.session import find_settings, watch_requests
from reconciler.cli.signals import stop_on_interrupt
from reconciler.errors import UsageError

if TYPE_CHECKING:
    from reconciler.clock import Clock
    from reconciler.journal.protocol import Journal
    from reconciler.live.endpoints import SmartTradeApi
    from reconciler.model.journal import RunStart
    from reconciler.model.operations import Operation
    from reconciler.model.outcomes import Outcome
    from reconciler.model.plan import GuardrailFinding, Plan
    from reconciler.rendering.style import Style
    from reconciler.settings import Settings

# An apply of a few trades is over in this time, in seconds; a longer one is better looked at than waited for.
DEFAULT_LOCK_TIMEOUT_S = 10.0


@click.command("apply")
@click.argument("paths", nargs=-1, type=PATH, metavar="[PLAN | PATHS...]")
@click.option("--trade", "trades", multiple=True, metavar="NAME", help="Apply this trade only; may be repeated.")
@click.option("--auto-approve", is_flag=True, allow_from_autoenv=False, help="Do not ask for approval.")
@click.option("--partial", is_flag=True, help="Where a saved plan is stale in part, carry out the rest.")
@click.option(
    "--acknowledge",
    multiple=True,
    metavar="NAME=COUNT",
    allow_from_autoenv=False,
    help="Let a guardrail pass by its exact count, for example closes=2; may be repeated.",
)
@click.option(
    "--lock-timeout",
    type=read_wait,
    default=DEFAULT_LOCK_TIMEOUT_S,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait for another apply to the same accounts to end.",
)
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
    """Carry out a saved PLAN just as it was reviewed, or plan PATHS (by default everything) and ask."""
    from reconciler.clock import SystemClock
    from reconciler.planning.guardrails import parse_acknowledgements, refuse_unacknowledged
    from reconciler.workflows.applying import hold_run
    from reconciler.workflows.connection import open_api
    from reconciler.workflows.journal import open_journal, refuse_unlocked_ci

    acknowledged = parse_acknowledgements(acknowledge)
    saved = _load_saved(paths)
    if saved is not None and trades:
        raise UsageError("--trade narrows plan files; a saved plan is carried out as it was reviewed")
    require_approver(
        "apply", "add --auto-approve, or apply a saved plan", is_approved=auto_approve or saved is not None
    )
    settings = find_settings()
    clock = SystemClock()
    with (
        open_journal(settings, clock, writes=True) as opened,
        open_api(settings, clock, watch_requests(opened.journal), opened.make_pace) as api,
    ):
        if saved is None:
            plan = _make_plan(settings, api, clock, paths, trades, opened.journal)
        else:
            plan = saved
            _check_saved(settings, clock, plan)
        refuse_unacknowledged(_current_findings(plan, settings), acknowledged)
        refuse_unlocked_ci(settings, plan, opened, os.environ)
        if plan.operations and saved is None and not auto_approve:
            ask_for_approval()
        if not plan.operations:
            return _finish_without_operations(settings, api, clock, plan, opened.journal, lock_timeout)
        needs_check = saved is not None or not auto_approve
        with hold_run(opened.journal, make_start(plan), lock_timeout):
            return _carry_out(settings, api, clock, plan, opened.journal, needs_check=needs_check, is_partial=partial)


def _load_saved(paths: Sequence[Path]) -> Plan | None:
    """The saved plan that the only path is, or None where the paths are plan files or folders."""
    from reconciler.saved_plan.files import find_saved_text, read_plan

    for path in paths:
        text = find_saved_text(path)
        if text is not None:
            if len(paths) > 1:
                raise UsageError(f"{path} is a saved plan and is applied alone")
            return read_plan(text)
    return None


def make_start(plan: Plan) -> RunStart:
    """What a run that carries out a plan begins with."""
    from reconciler.model.journal import RunStart
    from reconciler.saved_plan.files import digest_plan

    return RunStart(git_commit=plan.context.git_commit, plan_digest=digest_plan(plan), operations=len(plan.operations))


def _make_plan(
    settings: Settings,
    api: SmartTradeApi,
    clock: Clock,
    paths: Sequence[Path],
    trades: Sequence[str],
    journal: Journal,
) -> Plan:
    from reconciler.rendering.plan_text import render_plan
    from reconciler.rendering.style import Style
    from reconciler.workflows.plan_files import read_plan_files, select_trades
    from reconciler.workflows.planning import make_plan
    from reconciler.workflows.review import add_review

    workspace = read_plan_files(settings)
    selection = select_trades(workspace, settings, paths, trades)
    plan = make_plan(settings, api, clock, workspace, selection, waits_for_busy=True, journal=journal)
    plan = add_review(plan, settings, workspace, os.environ)
    print_result(render_plan(plan, Style(use_color())))
    return plan


def _check_saved(settings: Settings, clock: Clock, plan: Plan) -> None:
    from reconciler.saved_plan.files import check_context
    from reconciler.workflows.planning import describe_context

    check_context(plan, describe_context(settings, clock.now()))


def _current_findings(plan: Plan, settings: Settings) -> tuple[GuardrailFinding, ...]:
    """The limits that the plan passes, by what reconciler.yaml says now."""
    from reconciler.planning.guardrails import check_guardrails

    return check_guardrails(plan.operations, settings.limits)


def _finish_without_operations(
    settings: Settings, api: SmartTradeApi, clock: Clock, plan: Plan, journal: Journal, lock_timeout: float
) -> int:
    from reconciler.applying.lost_answers import settle_earlier_runs
    from reconciler.rendering.style import printable
    from reconciler.workflows.applying import hold_run

    has_unsettled = False
    if journal.find_unresolved():
        with hold_run(journal, make_start(plan), lock_timeout):
            unsettled = settle_earlier_runs(
                journal, api, clock, settings.target.settle_s, delay_s=settings.target.gateway_delay_s
            )
        for trade, reason in unsettled.items():
            print_message(printable(f"{trade} is left alone: {reason}"))
        has_unsettled = bool(unsettled)
    if plan.blocked and not has_unsettled:
        print_message("Nothing can be applied; what is blocked is named above.")
    return decide_empty(plan, has_unsettled=has_unsettled)


def _carry_out(
    settings: Settings,
    api: SmartTradeApi,
    clock: Clock,
    plan: Plan,
    journal: Journal,
    *,
    needs_check: bool,
    is_partial: bool,
) -> int:
    from reconciler.cli.error_messages import print_error
    from reconciler.rendering.outcome_text import render_summary
    from reconciler.rendering.style import Style
    from reconciler.workflows.applying import carry_out

    with stop_on_interrupt() as was_interrupted:
        done = carry_out(
            settings,
            api,
            clock,
            plan,
            journal,
            observer=Progress(Style(use_color()), len(plan.operations)),
            needs_check=needs_check,
            is_partial=is_partial,
            should_stop=was_interrupted,
            tell=print_message,
        )
    print_result(render_summary(done.result.outcomes, Style(use_color())))
    if done.result.error is not None:
        print_error(done.result.error)
    needs_person = has_open_ends(plan, done.result.outcomes)
    return decide_run(done.result, needs_person=needs_person, has_unsettled=bool(done.unsettled))


class Progress:
    """Prints each outcome as it comes, with how far the run is."""

    def __init__(self, style: Style, total: int) -> None:
        self._style = style
        self._total = total
        self._ended = 0

    def starting(self, operation: Operation) -> None:
        """Nothing: a line when it has ended is enough."""

    def ended(self, outcome: Outcome) -> None:
        """One line for one outcome; what was not begun because the run stopped is only counted in the summary."""
        from reconciler.model.outcomes import OutcomeKind
        from reconciler.rendering.outcome_text import render_outcome

        self._ended += 1
        if outcome.kind is OutcomeKind.NOT_STARTED and not outcome.text:
            return
        print_message(f"[{self._ended}/{self._total}] {render_outcome(outcome, self._style)}")
