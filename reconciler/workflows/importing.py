"""Imports: from live trades and live edits to edits of plan files, and to markers in notes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from reconciler.importing.choices import Choice
from reconciler.importing.file_edit import FileEdit
from reconciler.importing.importable import Importable
from reconciler.model.live import Account, LiveTrade
from reconciler.model.plan import Plan
from reconciler.session import Session
from reconciler.settings import show_path
from reconciler.workflows.adoption import Adoption, find_edited, is_adopted
from reconciler.workflows.applying import Applied, ApplyOptions, apply_plan
from reconciler.workflows.file_edits import draft_new, draft_update, find_file, to_statement, write_edit
from reconciler.workflows.import_reading import Asked, find_importable
from reconciler.workflows.plan_files import PlanFiles
from reconciler.workflows.unapplied_edits import find_unapplied


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedImport:
    """An import that is not written yet.

    Attributes:
        found: The trades that were asked for; empty for an update.
        edit: The edit of a plan file; None if no file changes.
        adoptions: Live trades that have no marker yet, or an outdated one, with their descriptions in files.
        accounts: The accounts of the key.
    """

    found: Importable
    edit: FileEdit | None
    adoptions: tuple[Adoption, ...]
    accounts: Mapping[int, Account]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedUpdate:
    """A live edit that is not written into its file yet.

    Attributes:
        choice: The live trade and the file that describes it.
        edit: The edit of the file; None if the file says already what is live.
        adoption: The trade with its description in the file afterwards.
        accounts: The accounts of the key.
        unapplied: The parts of the trade that the file changes, that were not applied, and that the edit would lose.
    """

    choice: Choice
    edit: FileEdit | None
    adoption: Adoption
    accounts: Mapping[int, Account]
    unapplied: tuple[str, ...] = ()


def plan_import(session: Session, files: PlanFiles, asked: Asked, into: Path | None) -> PlannedImport:
    """Read live trades and draft the plan file that describes them; writes nothing.

    Args:
        session: The workspace, and where to read.
        files: Its plan files.
        asked: Which trades.
        into: The file for new trades; by default `imported.yaml`.

    Raises:
        UsageError: The file is not below the workspace, or is not a plan file.
        WorkspaceError: Nothing can be added to the file.
        AccessRefused: The key or the mode is wrong.
    """
    path = find_file(session.settings, into)
    found = find_importable(session, files, asked)
    edit = draft_new(session.settings, files, path, found.new) if found.new else None
    return PlannedImport(found=found, edit=edit, adoptions=tuple(_list_adoptions(found, edit)), accounts=found.accounts)


def plan_update(session: Session, files: PlanFiles, name: str) -> PlannedUpdate:
    """Read a live trade and draft its file with what was edited outside; writes nothing.

    Args:
        session: The workspace, and where to read.
        files: Its plan files.
        name: Name of the trade.

    Raises:
        UsageError: No file describes it.
        WorkspaceError: It is not live, or its file cannot be changed in place.
    """
    choice, statement, accounts = find_edited(session, files, name)
    spec = choice.spec
    if spec is None:
        raise AssertionError("only trades of the files are read")
    edit = None
    unapplied = find_unapplied(session, choice.live, spec, statement)
    if to_statement(spec) != statement:
        edit = draft_update(session.settings, files, spec, statement)
        spec = edit.specs[0]
    return PlannedUpdate(choice=choice, edit=edit, adoption=(spec, choice.live), accounts=accounts, unapplied=unapplied)


def find_unadopted(session: Session, adoptions: Iterable[Adoption]) -> tuple[LiveTrade, ...]:
    """Find the live trades whose marker does not say yet that they are as their files describe them."""
    return tuple(live for spec, live in adoptions if not is_adopted(session.settings, spec, live))


def write_edits(session: Session, edits: Iterable[FileEdit | None]) -> None:
    """Write edits of plan files, and report each file.

    Before markers are written, so that no trade with a marker is in no file.

    Raises:
        WorkspaceError: A file cannot be written, or was changed meanwhile.
    """
    for edit in edits:
        if edit is not None:
            write_edit(session.settings, edit)
            session.report(f"Wrote {show_path(edit.path)}.")


def write_markers(session: Session, plan: Plan, options: ApplyOptions) -> Applied:
    """Write markers into notes; a trade that has changed meanwhile is skipped.

    Args:
        session: The workspace; its journal is written.
        plan: From `plan_markers`.
        options: How.

    Raises:
        Locked: Another run still holds the lock.
    """
    return apply_plan(session, plan, {}, options)


def _list_adoptions(found: Importable, edit: FileEdit | None) -> list[Adoption]:
    """List the trades without a valid marker with what the files say, or will say, of each."""
    specs = {spec.name: spec for spec in edit.specs} if edit is not None else {}
    new = [(specs[choice.name], choice.live) for choice, _ in found.new]
    known = [(choice.spec, choice.live) for choice in found.known if choice.spec and not choice.is_marked]
    return new + known
