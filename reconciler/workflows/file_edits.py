"""Edits of plan files: trades added or changed, and checked before they are written.

A draft is read back as every other command reads it. It may be written only if that gives exactly what was meant, and
all other trades as they were.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from reconciler.errors import InvalidPlanFiles, UsageError, WorkspaceError
from reconciler.formatting.files import read_text, replace_text
from reconciler.formatting.splice import CannotSplice
from reconciler.importing.choices import Choice, Refusal
from reconciler.importing.fields import write_fields
from reconciler.importing.file_edit import FileEdit
from reconciler.importing.new_files import New, add_to_file, compose_file
from reconciler.importing.rewrite_trade import rewrite_trade
from reconciler.importing.statement import Statement, describe_terms_gap, make_statement
from reconciler.loading.file_kinds import is_plan_name
from reconciler.loading.files import load_text
from reconciler.model.averaging import AveragingOrder
from reconciler.model.problems import Severity
from reconciler.model.specs import DesiredState, Origin, TradeSpec
from reconciler.settings import Settings, show_path
from reconciler.validation.schemas import validate_plan
from reconciler.workflows.plan_files import PlanFiles, check_files, refuse_errors, resolve, walk_files

DEFAULT_FILE = "imported.yaml"


def read_files(settings: Settings) -> PlanFiles:
    """Read and check the plan files; a workspace without one is empty.

    Raises:
        InvalidPlanFiles: There are errors; it has all of them.
    """
    walk = walk_files(settings)
    if not walk.files and all(problem.path.startswith("include") for problem in walk.problems):
        return PlanFiles(specs=())
    return _check(settings, {})


def find_file(settings: Settings, given: Path | None) -> Path:
    """Find the file that new trades are written to, as a path below the workspace.

    Raises:
        UsageError: It is not below the workspace, or it is, or would be, something else than a plan file.
    """
    given = settings.root / DEFAULT_FILE if given is None else given
    root, place = resolve(settings.root), resolve(given)
    if not place.is_relative_to(root):
        raise UsageError(f"--into {given}: it is not below {settings.root}, the folder of the workspace")
    path = settings.root / place.relative_to(root)
    if path not in walk_files(settings).files and (path.exists() or not is_plan_name(place.name)):
        raise UsageError(
            f"--into {given} is not a plan file of the workspace, expected one or a new name such as x.yaml; nothing"
            " was written"
        )
    return path


def state_trade(settings: Settings, choice: Choice, averaging: tuple[AveragingOrder, ...] = ()) -> Statement | Refusal:
    """State a live trade as a file would, or say why no file can; the rules for files decide.

    Args:
        settings: The workspace.
        choice: The trade.
        averaging: Its averaging orders that wait.
    """
    statement = replace(make_statement(choice.live), averaging=averaging)
    if statement.unallocated_pct < 0:
        return Refusal(live_id=choice.live.id, reason="the volumes of its steps make more than 100 percent")
    text = compose_file([(choice, statement)], settings.target.accounts)
    document, problems = load_text(text, "import")
    if document is not None:
        from reconciler.desired.specify import specify

        problems += validate_plan(document)
        problems += specify([document], settings.target.accounts, workspace=settings.workspace, known=problems)[1]
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if not errors:
        return statement
    prefix = f"trades.{choice.name}."
    reasons = "; ".join(f"{error.path.removeprefix(prefix)}: {error.message}" for error in errors)
    has_bad_note = any(error.path == f"{prefix}note" for error in errors)
    remedy = f"; write another: `reconciler trade note --id {choice.live.id} TEXT`" if has_bad_note else ""
    return Refusal(live_id=choice.live.id, reason=f"a plan file cannot express it: {reasons}{remedy}")


def draft_new(settings: Settings, files: PlanFiles, path: Path, trades: Sequence[New]) -> FileEdit:
    """Draft a file with new trades.

    Args:
        settings: The workspace.
        files: Its plan files as they are.
        path: The file, below the workspace; what it holds stays as it is.
        trades: The new trades and what is stated about them.

    Raises:
        WorkspaceError: The file is written in a way that lets nothing be added, or its defaults change the trades.
    """
    before = read_text(path)
    gap = ""
    for keeps_types in (False, True):
        if before is None:
            text = compose_file(trades, settings.target.accounts)
        else:
            text = _add_to_file(settings, path, before, trades, keeps_types=keeps_types)
        specs, gap = _read_back(settings, files, path, text, [_expect(choice, stated) for choice, stated in trades])
        if not gap:
            return FileEdit(path=path, before=before, after=text, specs=specs)
    raise WorkspaceError(f"{show_path(path)}: its defaults change {gap}; import into another file: --into FILE")


def draft_update(settings: Settings, files: PlanFiles, spec: TradeSpec, statement: Statement) -> FileEdit:
    """Draft the file of a trade with its fields as stated.

    Raises:
        WorkspaceError: The file is written in a way in which the fields cannot be changed in place.
    """
    place = resolve(Path(spec.origin.file))
    path = next(each for each in walk_files(settings).files if resolve(each) == place)
    before = read_text(path) or ""
    if spec.terms.account_id != statement.terms.account_id:
        raise WorkspaceError(f"{_place(spec)}: the live trade is of account {statement.terms.account_id}")
    wanted = replace(spec, terms=statement.terms, unallocated_pct=statement.unallocated_pct, note=statement.note)
    text, now, gap = before, spec, ""
    for is_explicit in (False, True):
        text = _rewrite(text, now, statement, is_explicit=is_explicit)
        specs, gap = _read_back(settings, files, path, text, [wanted])
        if not gap:
            return FileEdit(path=path, before=before, after=text, specs=specs)
        text, now = (text, specs[0]) if specs else (before, spec)
    raise WorkspaceError(f"{_place(spec)}: {gap} cannot be changed in place; change it by hand")


def write_edit(settings: Settings, edit: FileEdit) -> None:
    """Write an edit.

    Raises:
        WorkspaceError: It cannot be written, or the file is not a plan file of the workspace.
    """
    replace_text(edit.path, edit.after, expected=edit.before)
    if edit.path not in walk_files(settings).files:
        if edit.before is None:
            edit.path.unlink()
        raise WorkspaceError(
            f"{show_path(edit.path)}: `include` or another workspace keeps it from being a plan file; nothing was"
            " written. Name another with --into FILE"
        )


def to_statement(spec: TradeSpec) -> Statement:
    """Return what a file states about a trade."""
    return Statement(terms=spec.terms, unallocated_pct=spec.unallocated_pct, note=spec.note, averaging=spec.averaging)


def _rewrite(text: str, spec: TradeSpec, statement: Statement, *, is_explicit: bool) -> str:
    before, after = write_fields(to_statement(spec)), write_fields(statement)
    try:
        return rewrite_trade(text, spec.name, before, after, is_explicit=is_explicit)
    except CannotSplice as error:
        raise WorkspaceError(f"{_place(spec)}: {error}; change it by hand") from error


def _place(spec: TradeSpec) -> str:
    return f"{spec.origin.file}:{spec.origin.line}"


def _add_to_file(settings: Settings, path: Path, text: str, trades: Sequence[New], *, keeps_types: bool) -> str:
    accounts, shared = settings.target.accounts, _find_account(settings, path, text)
    try:
        return add_to_file(text, trades, accounts, shared_id=shared, keeps_types=keeps_types)
    except CannotSplice as error:
        raise WorkspaceError(f"{show_path(path)}: its trades cannot be added to: {error}") from error


def _find_account(settings: Settings, path: Path, text: str) -> int | None:
    """Find the account that a file names for all its trades."""
    document, _ = load_text(text, show_path(path))
    if document is None:
        return None
    named = document.root.get("account", document.root.get("account_id"))
    if isinstance(named, str) and named in settings.target.accounts:
        return settings.target.accounts[named]
    return int(str(named)) if str(named).isdigit() else None


def _expect(choice: Choice, statement: Statement) -> TradeSpec:
    return TradeSpec(
        name=choice.name,
        generation=choice.generation,
        state=DesiredState.OPEN,
        terms=statement.terms,
        unallocated_pct=statement.unallocated_pct,
        note=statement.note,
        averaging=statement.averaging,
        origin=Origin(file="", line=0, column=0),
    )


def _read_back(
    settings: Settings, files: PlanFiles, path: Path, text: str, wanted: Sequence[TradeSpec]
) -> tuple[tuple[TradeSpec, ...], str]:
    """Read a draft back: the trades that it is for, and how they differ from what was meant."""
    try:
        read = {spec.name: spec for spec in _check(settings, {path: text}).specs}
    except InvalidPlanFiles as error:
        return (), f"{error.problems[0].path}: {error.problems[0].message}"
    names = {spec.name for spec in wanted}
    known = {spec.name: _without_place(spec) for spec in files.specs if spec.name not in names}
    if {name: _without_place(spec) for name, spec in read.items() if name not in names} != known:
        if {spec.name: _without_place(spec) for spec in read_files(settings).specs if spec.name not in names} != known:
            raise WorkspaceError("the plan files were changed meanwhile; nothing was written: run the command again")
        raise AssertionError("a draft changed another trade")
    specs = tuple(read[spec.name] for spec in wanted)
    for spec, expected in zip(specs, wanted, strict=True):
        if _without_place(spec) != _without_place(expected):
            return specs, f"{spec.name}: {describe_terms_gap(to_statement(expected), to_statement(spec))}"
    return specs, ""


def _without_place(spec: TradeSpec) -> TradeSpec:
    return replace(spec, origin=Origin(file="", line=0, column=0))


def _check(settings: Settings, drafts: Mapping[Path, str]) -> PlanFiles:
    files = check_files(settings, drafts)
    refuse_errors(files.problems)
    return files
