"""The library: a workspace as an object, with the same functions as the command line."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from decimal import Decimal
from pathlib import Path

from reconciler.errors import InvalidPlanFiles, WorkspaceError
from reconciler.guardrails.acknowledgements import parse_acknowledgements
from reconciler.loading.workspace_folder import find_workspace
from reconciler.model.drift import DriftReport
from reconciler.model.outcomes import Outcome
from reconciler.model.plan import Plan
from reconciler.model.problems import Problem
from reconciler.model.status import StatusReport
from reconciler.session import Report, Session, report_nothing
from reconciler.workflows.adoption import plan_markers
from reconciler.workflows.applying import Applied, ApplyOptions, apply_plan
from reconciler.workflows.file_edits import read_files
from reconciler.workflows.import_reading import Asked
from reconciler.workflows.import_result import Imported, ImportMode
from reconciler.workflows.importing import plan_import, write_edits, write_markers
from reconciler.workflows.open_session import open_session
from reconciler.workflows.opened_workspace import OpenedWorkspace
from reconciler.workflows.outcome_callback import OutcomeCallback
from reconciler.workflows.plan_files import Selection, check_files, read_selection, select_problems
from reconciler.workflows.planning import make_reviewed_plan
from reconciler.workflows.reviewed import apply_again
from reconciler.workflows.survey import Surveyor

# As that of the command line: an apply of a few trades has ended in this time, in seconds.
DEFAULT_LOCK_TIMEOUT_S = 10.0

# Guardrail to the exact count or the largest amount that is allowed.
Acknowledgements = Mapping[str, int | Decimal]
NOTHING_ACKNOWLEDGED: Acknowledgements = {}


def open_workspace(
    path: str | Path | None = None, target: str | None = None, *, report: Report = report_nothing
) -> Workspace:
    """Open a workspace.

    Nothing is read or sent yet. The API key comes from the environment, as for the command line.

    Args:
        path: Folder with reconciler.yaml; by default the nearest one upwards, else `./plans`.
        target: Target of reconciler.yaml; by default its `target`.
        report: Takes progress and warnings, one line each; by default they are dropped.

    Raises:
        WorkspaceError: There is no such folder.

    Example:
        >>> import reconciler
        >>> with reconciler.open_workspace("plans", target="sandbox") as workspace:
        ...     workspace.root.name
        'plans'
    """
    if path is not None and not Path(path).is_dir():
        raise WorkspaceError(f"{path}: no such folder. `reconciler init` makes a workspace.")
    root = find_workspace(None if path is None else Path(path), os.environ)
    return Workspace(root, target, report)


class Workspace(OpenedWorkspace):
    """A workspace and one of its targets.

    A call reads the files and reconciler.yaml as they are then, opens the journal and the connection, and closes them
    at its end, as a command does. So a workspace can be used as long as a program runs. Nothing prints, asks for
    approval or ends the program; errors are `ReconcilerError`.

    Args:
        root: Its folder.
        target: Target of reconciler.yaml; None for its default.
        report: Takes progress and warnings, one line each.
    """

    def validate(self, *, paths: Sequence[str | Path] = ()) -> tuple[Problem, ...]:
        """Check the plan files; no network.

        Args:
            paths: Files or folders whose problems are returned; all files are read in any case.

        Returns:
            Errors and warnings, in the order of the files.

        Raises:
            WorkspaceError: There is no plan file.

        Example:
            >>> import reconciler
            >>> with reconciler.open_workspace("plans") as workspace:
            ...     workspace.validate()
            ()
        """
        try:
            files = check_files(self._load_settings(is_live=False))
        except InvalidPlanFiles as error:
            return error.problems
        return select_problems(files, [Path(path) for path in paths])

    def plan(
        self,
        *,
        paths: Sequence[str | Path] = (),
        trades: Collection[str] = (),
        base: str | None = None,
        acknowledged: Acknowledgements = NOTHING_ACKNOWLEDGED,
    ) -> Plan:
        """Compare the files with the live trades; sends no write.

        Args:
            paths: Files or folders that have the trades; all without any.
            trades: Names of the trades; all without any.
            base: The commit whose rules count as well; by default that of the pull request in CI. Without any, rules
                are compared with those of the last commit.
            acknowledged: Guardrail to the exact count, or the largest amount, that you allow for this plan, for example
                `{"closes": 2}`. The plan holds it, and has a warning for each that fits nothing.

        Returns:
            What `apply` would do, in its order.

        Raises:
            InvalidPlanFiles: A file has errors.
            UsageError: A path does not exist, no trade has one of the names, or no guardrail has the name of an
                acknowledgement.
            BaseUnreadable: A base is named, by you or by the pull request, and cannot be read.
            ApiError: The live trades cannot be read.

        Example:
            >>> import reconciler
            >>> with reconciler.open_workspace("plans") as workspace:
            ...     plan = workspace.plan()
            >>> [(operation.action.value, operation.trade) for operation in plan.operations]
            [('create', 'btc-dip')]
            >>> print(reconciler.render_plan(plan).splitlines()[0])
            Workspace first, target sandbox (paper)
        """
        with self._read(paths, trades) as (session, selection):
            return make_reviewed_plan(session, selection, base=base, acknowledged=_to_numbers(acknowledged))

    def apply(
        self,
        plan: Plan,
        *,
        acknowledged: Acknowledgements = NOTHING_ACKNOWLEDGED,
        is_partial: bool = False,
        lock_timeout_s: float = DEFAULT_LOCK_TIMEOUT_S,
        on_outcome: Callable[[Outcome], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
    ) -> Applied:
        """Carry out a plan. Approval is yours: this function never asks for it.

        It is as safe as the command. First it checks that the plan still fits the files' target, the guardrails, the
        live trades and the prices. It takes the lock, and writes each request to the journal before it is sent. If the
        plan passes a guardrail that is not acknowledged, or a freeze is in force, it sends only what lowers risk; the
        outcomes of all else have the kind `not_started` and say what held them back.

        Args:
            plan: From `plan`, or a saved one.
            acknowledged: Guardrail to the exact count, or the largest amount, that you allow beside what the plan
                holds.
            is_partial: Whether the rest of a plan is carried out if a part of it is stale.
            lock_timeout_s: How long to wait for another run to end, in seconds.
            on_outcome: Gets each outcome as it comes.
            should_stop: Is asked before each operation; after True nothing new is begun.

        Returns:
            The outcome of each operation, and the error that ended the run early, if one did.

        Raises:
            StalePlanError: The plan does not fit the live trades any more, or has expired; nothing was sent.
            GuardrailError: A guardrail that is not acknowledged, or a freeze, holds back all of it, or a policy refuses
                it; nothing was sent.
            UsageError: It opens something in CI, and the lock keeps out no other machine; nothing was sent.
            Locked: Another run holds the lock; nothing was sent.
            JournalError: The journal cannot be opened; nothing was sent.

        Example:
            >>> import reconciler
            >>> with reconciler.open_workspace("plans") as workspace:
            ...     applied = workspace.apply(workspace.plan())
            >>> [(outcome.operation.trade, outcome.kind.value) for outcome in applied.outcomes]
            [('btc-dip', 'applied')]
        """
        options = _make_options(lock_timeout_s, on_outcome, should_stop, is_partial=is_partial)
        with open_session(self._load_settings(), self._listeners, writes=True) as session:
            return apply_plan(session, plan, _to_numbers(acknowledged), options)

    def apply_reviewed(
        self,
        reviewed: Plan,
        *,
        acknowledged: Acknowledgements = NOTHING_ACKNOWLEDGED,
        is_partial: bool = False,
        lock_timeout_s: float = DEFAULT_LOCK_TIMEOUT_S,
        on_outcome: Callable[[Outcome], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
    ) -> Applied:
        """Plan again, and carry out what of the new plan was reviewed, as `apply --reviewed` does.

        The reviewed plan may have expired. An operation that it does not have is refused: its outcome is `stale`.

        Args:
            reviewed: The plan that somebody has reviewed.
            acknowledged: As for `apply`.
            is_partial: As for `apply`.
            lock_timeout_s: As for `apply`.
            on_outcome: As for `apply`.
            should_stop: As for `apply`.

        Raises:
            StalePlanError: The new plan has operations, and none of them was reviewed; nothing was sent.
            ReconcilerError: As `plan` and `apply`; nothing was sent.

        Example:
            >>> import reconciler
            >>> with reconciler.open_workspace("plans") as workspace:
            ...     applied = workspace.apply_reviewed(workspace.plan())
            >>> [outcome.kind.value for outcome in applied.outcomes]
            ['applied']
        """
        settings = self._load_settings()
        options = _make_options(lock_timeout_s, on_outcome, should_stop, is_partial=is_partial)
        with open_session(settings, self._listeners, writes=True) as session:
            return apply_again(session, reviewed, _to_numbers(acknowledged), options)

    def drift(self, *, paths: Sequence[str | Path] = (), trades: Collection[str] = ()) -> DriftReport:
        """Find what was edited outside the files and what is lost; sends no write.

        Args:
            paths: Files or folders that have the trades; all without any.
            trades: Names of the trades; all without any.

        Raises:
            InvalidPlanFiles: A file has errors.
            UsageError: A path does not exist, or no trade has one of the names.
            ApiError: The live trades cannot be read.

        Example:
            >>> import reconciler
            >>> with reconciler.open_workspace("plans") as workspace:
            ...     _ = workspace.apply(workspace.plan())
            ...     report = workspace.drift()
            >>> report.alarms
            ()
        """
        with self._read(paths, trades) as (session, selection):
            return Surveyor(session).find_drift(selection)

    def status(self, *, paths: Sequence[str | Path] = (), trades: Collection[str] = ()) -> StatusReport:
        """Describe each trade: phase, fills, steps, profit, distance to stop and next step; sends no write.

        Args:
            paths: Files or folders that have the trades; all without any.
            trades: Names of the trades; all without any.

        Raises:
            InvalidPlanFiles: A file has errors.
            UsageError: A path does not exist, or no trade has one of the names.
            ApiError: The live trades cannot be read.

        Example:
            >>> import reconciler
            >>> with reconciler.open_workspace("plans") as workspace:
            ...     _ = workspace.apply(workspace.plan())
            ...     report = workspace.status()
            >>> [(row.trade, row.live_id) for row in report.trades]
            [('btc-dip', 30000001)]
        """
        with self._read(paths, trades) as (session, selection):
            return Surveyor(session).find_status(selection)

    def import_trades(
        self,
        ids: Sequence[int] = (),
        *,
        pair: str | None = None,
        name: str | None = None,
        into: str | Path | None = None,
        mode: ImportMode = ImportMode.PREVIEW,
    ) -> Imported:
        """Describe live trades in a plan file, and adopt them if you ask for it.

        Args:
            ids: SmartTrade ids; all active trades that no file describes without any.
            pair: Without ids: only trades of this pair, for example `USDT_BTC`.
            name: The name of the trade, for one id.
            into: The plan file for new trades; by default `imported.yaml`.
            mode: How far to go. Approval of `WRITE` and `ADOPT` is yours.

        Raises:
            InvalidPlanFiles: A file has errors.
            WorkspaceError: The file cannot be written, or nothing can be added to it.
            ApiError: The live trades cannot be read.
            Locked: Another run holds the lock; no marker was written.

        Example:
            >>> import reconciler
            >>> with reconciler.open_workspace("plans") as workspace:
            ...     workspace.import_trades([30000001]).edit is None
            True
        """
        settings = self._load_settings()
        files = read_files(settings)
        asked = Asked(ids=tuple(ids), pair=pair, name=name)
        adopts = mode is ImportMode.ADOPT
        with open_session(settings, self._listeners, writes=adopts) as session:
            planned = plan_import(session, files, asked, None if into is None else Path(into))
            refused, applied = planned.found.refused, None
            plan = None
            if adopts:
                plan, without_room = plan_markers(session, planned.accounts, planned.adoptions)
                refused += without_room
            if mode is not ImportMode.PREVIEW:
                write_edits(session, [planned.edit])
            if plan is not None and plan.operations:
                options = ApplyOptions(needs_check=False, is_partial=True, lock_timeout_s=DEFAULT_LOCK_TIMEOUT_S)
                applied = write_markers(session, plan, options)
        return Imported(edit=planned.edit, refused=refused, applied=applied)

    @contextmanager
    def _read(self, paths: Sequence[str | Path], trades: Collection[str]) -> Iterator[tuple[Session, Selection]]:
        """Read the files and open a session that only reads, with the trades that are asked for."""
        settings = self._load_settings()
        selection = read_selection(settings, [Path(path) for path in paths], trades)
        with open_session(settings, self._listeners, writes=False) as session:
            yield session, selection


def _to_numbers(acknowledged: Acknowledgements) -> dict[str, Decimal]:
    """Take acknowledgements as numbers.

    Raises:
        UsageError: One is no number, or names nothing that can be acknowledged.
    """
    return parse_acknowledgements(f"{name}={number}" for name, number in acknowledged.items())


def _make_options(
    lock_timeout_s: float,
    on_outcome: Callable[[Outcome], None] | None,
    should_stop: Callable[[], bool] | None,
    *,
    is_partial: bool,
) -> ApplyOptions:
    return ApplyOptions(
        needs_check=True,
        is_partial=is_partial,
        lock_timeout_s=lock_timeout_s,
        watch_interrupts=lambda: nullcontext(should_stop or (lambda: False)),
        observer=OutcomeCallback(on_outcome),
    )
