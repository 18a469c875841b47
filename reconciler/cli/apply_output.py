"""What an apply prints: text, one document at its end, or an event a line while it runs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.cli.console import print_message, print_result, print_text, use_color
from reconciler.cli.plan_output import print_plan, render_text
from reconciler.cli.progress import Progress
from reconciler.errors import WorkspaceError

if TYPE_CHECKING:
    from reconciler.clock import Clock
    from reconciler.errors import ReconcilerError
    from reconciler.model.operations import Operation
    from reconciler.model.outcomes import Outcome
    from reconciler.model.plan import Plan
    from reconciler.output_files import OutputFile
    from reconciler.rendering.apply_json import Run
    from reconciler.workflows.applying import Applied


def find_result(path: Path, root: Path) -> OutputFile:
    """Find the file that the document of a run may be saved in; nothing is written yet.

    Args:
        path: As the user gave it.
        root: The folder of the workspace.

    Raises:
        UsageError: Something else is there, or it has the name of a plan file.
        WorkspaceError: It cannot be read.
    """
    from reconciler.output_files import find_output

    return find_output(path, root, kind="result of an apply", is_own_kind=lambda text: '"reconciler-apply"' in text)


class ApplyOutput:
    """Prints a run in the format that the user asks for; all but the result goes to standard error then.

    Args:
        clock: Says when things happen.
        format_: `text`, `json` or `markdown`.
        has_events: Whether each event is printed as one line of JSON.
        result: File that gets the document of the run beside what is printed, or None.
    """

    def __init__(self, clock: Clock, format_: str, *, has_events: bool, result: OutputFile | None = None) -> None:
        self._clock = clock
        self._result = result
        self._format = "events" if has_events else format_
        self._plan: Plan | None = None

    def show_plan(self, plan: Plan) -> None:
        """Show the plan that is to be carried out."""
        self._plan = plan
        if self._format == "text":
            print_plan(plan)
        else:
            print_message(render_text(plan, sys.stderr))

    def begin(self, plan: Plan, count: int) -> _Events | Progress:
        """Begin a run, and return what gets its progress.

        Args:
            plan: What is carried out.
            count: How many operations the run has.
        """
        self._plan = plan
        if self._format != "events":
            return Progress(count)
        from reconciler.rendering.apply_json import write_start

        print_result(write_start(plan, self._clock.now()))
        return _Events(self._clock, Progress(count))

    def end(self, plan: Plan, applied: Applied, exit_code: int) -> None:
        """Print the result of a run."""
        from reconciler.rendering.outcome_text import render_summary
        from reconciler.rendering.style import Style

        error = applied.error.message if applied.error else ""
        self._save(plan, applied, error, exit_code)
        if self._format != "text":
            self._print(self._make_run(plan, applied, error, exit_code))
        elif plan.operations:
            print_text(render_summary(applied.outcomes, Style(use_color())))

    def refuse(self, error: ReconcilerError, exit_code: int) -> None:
        """Print that a plan was refused, or that its run has failed as a whole; as text the error says it."""
        if self._plan is None:
            return
        self._save(self._plan, None, error.message, exit_code)
        if self._format != "text":
            self._print(self._make_run(self._plan, None, error.message, exit_code))

    def _save(self, plan: Plan, applied: Applied | None, error: str, exit_code: int) -> None:
        """Save the document of the run; what was done counts even if that fails."""
        from reconciler.rendering.apply_json import render_apply_json

        if self._result is None:
            return
        try:
            self._result.write(render_apply_json(self._make_run(plan, applied, error, exit_code)))
        except WorkspaceError as problem:
            print_message(f"Warning: the result could not be saved: {problem.message}")

    def _make_run(self, plan: Plan, applied: Applied | None, error: str, exit_code: int) -> Run:
        from reconciler.rendering.apply_json import Run
        from reconciler.saved_plan.files import digest_plan

        return Run(
            plan=plan,
            digest=digest_plan(plan),
            outcomes=applied.outcomes if applied else (),
            error=error,
            unsettled=applied.unsettled if applied else {},
            exit_code=exit_code,
            ended_at=self._clock.now(),
        )

    def _print(self, run: Run) -> None:
        from reconciler.rendering.apply_json import render_apply_json, write_summary

        if self._format == "json":
            print_result(render_apply_json(run))
        elif self._format == "events":
            for line in write_summary(run):
                print_result(line)
        else:
            print_result(_render_markdown(run))


class _Events:
    """Prints each operation that begins, and each outcome, as one line of JSON."""

    def __init__(self, clock: Clock, progress: Progress) -> None:
        self._clock = clock
        self._progress = progress

    def starting(self, operation: Operation) -> None:
        """Print that an operation begins."""
        from reconciler.rendering.apply_json import write_begin

        print_result(write_begin(operation, self._clock.now()))

    def ended(self, outcome: Outcome) -> None:
        """Print an outcome."""
        from reconciler.rendering.apply_json import write_end

        print_result(write_end(outcome, self._clock.now()))
        self._progress.ended(outcome)


def _render_markdown(run: Run) -> str:
    from reconciler.rendering.apply_markdown import render_apply_markdown
    from reconciler.rendering.views.apply_view import view_apply

    view = view_apply(run.plan, run.outcomes, digest=run.digest, error=run.error, unsettled=run.unsettled)
    return render_apply_markdown(view)
