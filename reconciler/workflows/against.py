"""A plan of what the files change against other files: no account, no key and no network.

The other files are those of a commit, read from the store of git, or of another folder. Each of their trades is taken
as live and as its file says. What is not known then, the prices and how far a trade is, is said and not guessed.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from pathlib import Path

from reconciler.errors import BaseUnreadable, UsageError
from reconciler.guardrails.acknowledged import NOTHING_ACKNOWLEDGED, acknowledge
from reconciler.guardrails.config_changes import compare_config
from reconciler.guardrails.evaluate import evaluate_plan
from reconciler.loading.file_kinds import SUFFIXES
from reconciler.matching.match import match
from reconciler.matching.sighting import History, Sighting, index_active
from reconciler.model.guardrails import GuardrailState
from reconciler.model.operations import Operation
from reconciler.model.plan import Notice, NoticeKind, Plan
from reconciler.model.plan_reasons import NoticeReason
from reconciler.model.problems import Severity
from reconciler.model.reasons import reason as make_reason
from reconciler.model.review import ConfigChange
from reconciler.model.specs import TradeSpec
from reconciler.planning.known import Known
from reconciler.planning.plan_trades import plan_trades
from reconciler.planning.sources import find_sources
from reconciler.risk.fees import choose_fees
from reconciler.settings import Settings, load_settings
from reconciler.workflows.assumed_trades import assume_trades
from reconciler.workflows.base_commit import Base, find_base
from reconciler.workflows.base_workspaces import find_workspaces
from reconciler.workflows.plan_context import describe_context, describe_git
from reconciler.workflows.plan_files import PlanFiles, Selection, check_files
from reconciler.workflows.plan_risk import assess_risk
from reconciler.workflows.review import add_review, find_doubted, find_review_base
from reconciler.workflows.workspace_copy import copy_workspace

_GIT, _FILES = "git:", "files:"


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherFiles:
    """The files that the present ones are compared with.

    Attributes:
        name: What they are called.
        settings: Their workspace.
        files: Their trades.
        commit: What names their commit; empty for a folder.
    """

    name: str
    settings: Settings
    files: PlanFiles
    commit: str = ""


def plan_against(
    settings: Settings,
    selection: Selection,
    against: str,
    now: datetime,
    acknowledged: Mapping[str, Decimal] = NOTHING_ACKNOWLEDGED,
) -> Plan:
    """Plan what the files change against others; nothing is asked of anybody.

    Args:
        settings: The workspace of now.
        selection: The trades of now.
        against: `git:REF` or `files:DIR`.
        now: The present.
        acknowledged: Guardrail to the count or the largest amount that is acknowledged.

    Raises:
        UsageError: `against` is neither, or names nothing.
        BaseUnreadable: The commit is not here, or its files are not valid.
    """
    with _open_other(settings, against) as other:
        specs = other.files.specs
        if not selection.is_whole:
            names = {name for spec in selection.specs for name in (spec.name, *spec.former_names)}
            specs = tuple(spec for spec in specs if spec.name in names)
        plan = _plan(settings, selection, specs, other, now)
    return acknowledge(plan, acknowledged)


def _plan(
    settings: Settings, selection: Selection, specs: Sequence[TradeSpec], other: OtherFiles, now: datetime
) -> Plan:
    files = selection.files
    rates = choose_fees(settings.target.accounts, settings.fees_pct, ())
    fees = {account: rates[alias].rate for alias, account in settings.target.accounts.items()}
    assumed = assume_trades(specs, selection.specs, workspace=settings.workspace, now=now, fees=fees)
    index = index_active([each.live for each in assumed], settings.workspaces, renames=files.renames)
    sighting = Sighting(index=index, history=History(newest={}), all_names=files.names)
    matching = match(selection.specs, sighting, accounts=settings.target.account_ids)
    averaging = {each.live.id: each.averaging for each in assumed}
    known = Known(workspace=settings.workspace, rates={}, averaging=averaging, is_offline=True)
    decision, unchanged = plan_trades(matching, index, known, is_whole=selection.is_whole, unread=files.unread)
    assess = partial(assess_risk, settings, files, index, matching, decision.operations, rates={}, averaging=averaging)
    context = describe_context(settings, now)
    plan = Plan(
        context=context,
        operations=decision.operations,
        blocked=decision.blocked,
        notices=decision.notices,
        prices={},
        unchanged=unchanged,
        requests_used=0,
        requests_needed=0,
        seconds_needed=0,
        is_whole=selection.is_whole,
        names=tuple(sorted(files.names)),
        warnings=files.lasting_problems,
        risk=assess(),
        sources=find_sources(decision, (*other.files.specs, *files.specs)),
        git=describe_git(settings, context.git_commit),
        against=other.name,
    )
    plan = replace(plan, guardrails=evaluate_plan(plan, settings.limits))
    if other.commit:
        found = find_review_base(settings, files, {}, other.commit)
        doubted = find_doubted(settings, found)
        doubted.risks.extend(assess(figures=figures) for figures in doubted.figures)
        plan = add_review(plan, settings, files, found, doubted)
    else:
        plan = replace(plan, config_base=other.name, config_changes=_compare_rules(other.settings, settings))
    return _describe(_forget_ids(plan))


def _compare_rules(other: Settings, settings: Settings) -> tuple[ConfigChange, ...]:
    before, after = (each.document.root if each.document else {} for each in (other, settings))
    return compare_config(before, after)


def _forget_ids(plan: Plan) -> Plan:
    """Return a plan without the numbers that stood for ids of live trades."""
    return replace(
        plan,
        operations=tuple(map(_forget_id, plan.operations)),
        blocked=tuple(replace(each, live_id=None) for each in plan.blocked),
        notices=tuple(replace(each, live_id=None) for each in plan.notices),
    )


def _forget_id(operation: Operation) -> Operation:
    precondition = operation.precondition
    return operation if precondition is None else replace(operation, precondition=replace(precondition, live_id=0))


def _describe(plan: Plan) -> Plan:
    """Say what the plan does not know, and leave out the limits that cannot be checked without it."""
    unknown = {each.name for each in plan.guardrails if each.state is GuardrailState.UNKNOWN}
    notices = [_warn(NoticeReason.COMPARED_FILES, name=plan.against or "")]
    if unknown:
        notices.append(_warn(NoticeReason.LIMITS_NOT_CHECKED, limits=tuple(sorted(unknown))))
    kept = tuple(each for each in plan.guardrails if each.state is not GuardrailState.UNKNOWN)
    return replace(plan, notices=(*notices, *plan.notices), guardrails=kept)


def _warn(code: NoticeReason, **values: str | tuple[str, ...]) -> Notice:
    return Notice(kind=NoticeKind.WARNING, trade="", live_id=None, reason=make_reason(code, **values))


@contextmanager
def _open_other(settings: Settings, against: str) -> Iterator[OtherFiles]:
    """Read the files that are compared with.

    Raises:
        UsageError: The text names neither a commit nor a folder.
        BaseUnreadable: The commit is not here, or the files are not valid.
    """
    if against.startswith(_FILES):
        named = against.removeprefix(_FILES)
        folder = Path(named)
        if not named:
            raise UsageError(f"--against {against}: an empty path was given, expected a folder; is a variable not set?")
        if not folder.is_dir():
            raise UsageError(f"--against {against}: found no folder {folder}")
        yield _read(settings, folder, against)
        return
    name = against.removeprefix(_GIT)
    if not against.startswith(_GIT) or not name:
        raise UsageError(f"--against {against}: expected git:REF, for example git:main, or files:DIR")
    try:
        base = find_base(settings.root, name, {})
    except BaseUnreadable:
        base = None
    if base is None:
        raise UsageError(f"--against {against}: found no such commit here; fetch it, or name another one")
    with tempfile.TemporaryDirectory(prefix="reconciler-against-") as place:
        folder = Path(place).resolve()
        copy_workspace(base, _find_folder(base, settings), folder, SUFFIXES)
        yield replace(_read(settings, folder, f"git:{base.label}"), commit=name)


def _find_folder(base: Base, settings: Settings) -> str:
    """Find the folder of the workspace at a commit; the one of now if there was none."""
    found = next(iter(find_workspaces(base, settings)), None)
    return base.folder if found is None else found.folder


def _read(settings: Settings, folder: Path, name: str) -> OtherFiles:
    try:
        own = load_settings(folder, settings.target.name, {}, is_live=False)
    except UsageError:
        # It has no such target: its accounts are then called as they are now.
        own = replace(settings, root=folder, document=None)
    if not any(path.suffix in SUFFIXES for path in folder.rglob("*") if path.is_file()):
        return OtherFiles(name=name, settings=own, files=PlanFiles(specs=()))
    files = check_files(own)
    errors = [each for each in files.problems if each.severity is Severity.ERROR]
    if errors:
        shown = "\n".join(f"{_show(each.file, folder)}:{each.line}:{each.column}: {each.message}" for each in errors)
        raise BaseUnreadable(f"--against {name}: its files have errors:\n{shown}")
    specs = tuple(
        replace(spec, origin=replace(spec.origin, file=_show(spec.origin.file, folder))) for spec in files.specs
    )
    return OtherFiles(name=name, settings=own, files=replace(files, specs=specs))


def _show(file: str, folder: Path) -> str:
    """Show a path as it is below the other folder."""
    path = Path(file).resolve()
    return path.relative_to(folder.resolve()).as_posix() if path.is_relative_to(folder.resolve()) else file
