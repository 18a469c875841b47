"""`reconciler import`: plan files from live trades, and live edits into plan files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.approval import ask_for_approval, require_approver
from reconciler.cli.completion import complete_accounts, complete_trades
from reconciler.cli.console import expect_reader, print_message, print_result, print_text, use_color
from reconciler.cli.error_messages import print_error
from reconciler.cli.exit_codes import ExitCode, decide_refused, decide_run, has_open_ends
from reconciler.cli.numbers import ID, read_id
from reconciler.cli.options import common_options, lock_timeout_option
from reconciler.cli.paths import PATH
from reconciler.cli.plan_output import print_plan
from reconciler.cli.progress import Progress
from reconciler.cli.session import find_settings, open_command
from reconciler.cli.signals import stop_on_interrupt
from reconciler.errors import UsageError

if TYPE_CHECKING:
    from reconciler.importing.choices import Refusal
    from reconciler.importing.file_edit import FileEdit
    from reconciler.model.live import Account
    from reconciler.model.plan import Plan
    from reconciler.session import Session
    from reconciler.settings import Settings
    from reconciler.workflows.adoption import Adoption
    from reconciler.workflows.import_reading import Asked
    from reconciler.workflows.plan_files import PlanFiles


@click.command("import")
@click.argument("ids", nargs=-1, type=ID, metavar="[ID...]")
@click.option("--all", "is_all", is_flag=True, help="All active trades that no file describes.")
@click.option(
    "--account", metavar="ALIAS|ID", shell_complete=complete_accounts, help="With --all: only those of this account."
)
@click.option("--pair", metavar="PAIR", help="With --all: only those of this pair, for example USDT_BTC.")
@click.option("--name", metavar="NAME", help="Name of the trade; for one ID.")
@click.option("--into", type=PATH, metavar="FILE", help="Plan file; default: imported.yaml.")
@click.option("--stdout", "is_printed", is_flag=True, help="Print the plan file instead of writing it.")
@click.option("--adopt", is_flag=True, help="Manage the live trades: write the marker into their notes.")
@click.option(
    "--update",
    "updates",
    multiple=True,
    metavar="NAME",
    shell_complete=complete_trades,
    help="Write a live edit of this trade into its file.",
)
@click.option("--auto-approve", is_flag=True, allow_from_autoenv=False, help="Do not ask for approval.")
@lock_timeout_option("With --adopt: ")
@common_options
def command(
    ids: tuple[int, ...],
    account: str | None,
    pair: str | None,
    name: str | None,
    into: Path | None,
    updates: tuple[str, ...],
    lock_timeout: float,
    *,
    is_all: bool,
    is_printed: bool,
    adopt: bool,
    auto_approve: bool,
) -> int:
    """Write live trades into a plan file, or with --update what was edited outside.

    Nothing is sent to 3Commas without --adopt, which asks first and then writes the marker of this workspace before
    your own text in the note. A file is never overwritten: trades are added, comments stay.
    """
    from reconciler.workflows.file_edits import read_files
    from reconciler.workflows.import_reading import Asked

    _refuse_combinations(
        _Given(
            ids=ids,
            updates=updates,
            is_all=is_all,
            has_filters=bool(account or pair),
            name=name,
            into=into,
            is_printed=is_printed,
            adopts=adopt,
        )
    )
    if is_printed:
        expect_reader()
    require_approver("--adopt", "add --auto-approve", is_approved=auto_approve or not adopt)
    settings = find_settings()
    files = read_files(settings)
    with open_command(settings, writes=adopt) as session:
        run = _Import(session, lock_timeout, adopts=adopt, asks=not auto_approve)
        if updates:
            return run.update(files, updates)
        asked = Asked(ids=ids, account_id=_find_account(settings, account), pair=pair, name=name)
        return run.print_new(files, asked) if is_printed else run.write_new(files, asked, into)


class _Import:
    """One run of the command.

    Args:
        session: The workspace, and where to read and, with `adopts`, to write notes.
        lock_timeout_s: How long to wait for another run, in seconds.
        adopts: Whether notes are written.
        asks: Whether to ask first.
    """

    def __init__(self, session: Session, lock_timeout_s: float, *, adopts: bool, asks: bool) -> None:
        self.session = session
        self.lock_timeout_s = lock_timeout_s
        self.adopts = adopts
        self.asks = asks
        self.has_sent = False

    def print_new(self, files: PlanFiles, asked: Asked) -> int:
        """Print the plan file with the trades that are asked for."""
        from reconciler.workflows.importing import plan_import

        planned = plan_import(self.session, files, asked, None)
        _print_refused(planned.found.refused)
        if planned.edit is not None:
            print_result(planned.edit.after)
        return decide_refused(planned.found.refused)

    def write_new(self, files: PlanFiles, asked: Asked, into: Path | None) -> int:
        """Write the trades that are asked for into a file."""
        from reconciler.rendering.import_text import render_found, render_unadopted
        from reconciler.workflows.importing import find_unadopted, plan_import, write_edits

        planned = plan_import(self.session, files, asked, into)
        _print_refused(planned.found.refused)
        print_message(render_found(planned.found, planned.edit))
        if planned.edit is not None and not planned.edit.is_new:
            _print_change(planned.edit)
        code = decide_refused(planned.found.refused)
        if self.adopts:
            return max(code, self._adopt([planned.edit], planned.adoptions, planned.accounts))
        write_edits(self.session, [planned.edit])
        unadopted = render_unadopted(find_unadopted(self.session, planned.adoptions))
        if unadopted:
            print_message(unadopted)
        return code

    def update(self, files: PlanFiles, names: Sequence[str]) -> int:
        """Write live edits into the files, trade by trade, until one fails."""
        from reconciler.workflows.file_edits import read_files

        for name in dict.fromkeys(names):
            code = self._update_one(files, name)
            if code:
                return code
            files = read_files(self.session.settings)
        return ExitCode.DONE

    def _update_one(self, files: PlanFiles, name: str) -> int:
        from reconciler.workflows.importing import find_unadopted, plan_update, write_edits

        planned = plan_update(self.session, files, name)
        spec, live = planned.adoption
        if planned.edit is None:
            print_text(f"{name} #{live.id}: {spec.origin.file} already matches the live trade.")
        else:
            _print_change(planned.edit)
        if planned.edit is not None and planned.unapplied:
            self._ask_to_overwrite(name, planned.unapplied)
        if self.adopts:
            return self._adopt([planned.edit], [planned.adoption], planned.accounts)
        write_edits(self.session, [planned.edit])
        if find_unadopted(self.session, [planned.adoption]):
            print_message("The marker in its note is outdated; with --adopt it is written again.")
        return ExitCode.DONE

    def _ask_to_overwrite(self, name: str, parts: Sequence[str]) -> None:
        """Ask before an edit of the file that was not applied yet is lost.

        Raises:
            UsageError: There is nobody to ask.
            Declined: The user did not approve.
        """
        lost = f"The file has an edit of {' and '.join(parts)} that was not applied; the live values would replace it."
        if not self.asks:
            print_message(lost)
            return
        require_approver(
            f"{name} has an edit of {' and '.join(parts)} that was not applied, and --update",
            "apply the file first, or add --auto-approve to lose that edit",
            is_approved=False,
        )
        print_message(lost)
        ask_for_approval(has_sent=self.has_sent)

    def _adopt(
        self, edits: Sequence[FileEdit | None], adoptions: Sequence[Adoption], accounts: Mapping[int, Account]
    ) -> int:
        """Show, ask, write the files, then the notes: in this order, so that every marked trade is in a file."""
        from reconciler.workflows.adoption import plan_markers
        from reconciler.workflows.importing import write_edits

        plan, refused = plan_markers(self.session, accounts, adoptions)
        _print_refused(refused)
        if plan.operations:
            print_plan(plan)
            if self.asks:
                ask_for_approval(has_sent=self.has_sent)
        elif not refused and adoptions:
            print_text("Adopted already; no note needs writing.")
        write_edits(self.session, edits)
        code = decide_refused(refused)
        return max(code, self._write_markers(plan)) if plan.operations else code

    def _write_markers(self, plan: Plan) -> int:
        from reconciler.model.outcomes import OutcomeKind
        from reconciler.rendering.import_text import render_adopted
        from reconciler.workflows.applying import ApplyOptions
        from reconciler.workflows.importing import write_markers

        options = ApplyOptions(
            needs_check=False,
            is_partial=True,
            lock_timeout_s=self.lock_timeout_s,
            watch_interrupts=stop_on_interrupt,
            observer=Progress(len(plan.operations)),
        )
        self.has_sent = True
        applied = write_markers(self.session, plan, options)
        if applied.error is not None:
            print_error(applied.error)
        good = applied.count(OutcomeKind.APPLIED, OutcomeKind.ALREADY_DONE)
        print_text(render_adopted(good, len(plan.operations)))
        return decide_run(applied, needs_person=has_open_ends(plan, applied.outcomes))


def _print_refused(refused: Sequence[Refusal]) -> None:
    if refused:
        from reconciler.rendering.import_text import render_refused

        print_message(render_refused(refused))


def _print_change(edit: FileEdit) -> None:
    from reconciler.rendering.import_text import render_change
    from reconciler.rendering.style import Style

    print_result(render_change(edit, Style(use_color())))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """Typed options, as far as they exclude each other."""

    ids: tuple[int, ...]
    updates: tuple[str, ...]
    is_all: bool
    has_filters: bool
    name: str | None
    into: Path | None
    is_printed: bool
    adopts: bool


def _refuse_combinations(given: _Given) -> None:
    """Refuse options that contradict each other.

    Raises:
        UsageError: Naming them.
    """
    import re

    from reconciler.codec.note import NAME_PATTERN

    _refuse_sources(given)
    if given.has_filters and not given.is_all:
        raise UsageError("--account and --pair narrow --all")
    if given.name is not None and len(set(given.ids)) != 1:
        raise UsageError("--name names one trade: give one id")
    if given.name is not None and re.fullmatch(NAME_PATTERN, given.name) is None:
        raise UsageError(
            f"--name {given.name!r}: expected small letters, digits and .-_ in a name of up to 48 characters"
        )
    if given.is_printed and (given.adopts or given.into is not None or given.updates):
        raise UsageError("--stdout writes no file, so --adopt, --into and --update do not go with it")
    if given.updates and given.into is not None:
        raise UsageError("--update changes the file that names the trade, so --into does not go with it")


def _refuse_sources(given: _Given) -> None:
    """Refuse more or less than one answer to which trades are imported."""
    ids = " ".join(map(str, given.ids))
    if given.is_all and given.ids:
        raise UsageError(f"--all imports every trade that no file describes, so ids do not go with it: found {ids}")
    if given.updates and (given.is_all or given.ids):
        raise UsageError(f"--update NAME names the trade, so {ids or '--all'} does not go with it")
    if not (given.is_all or given.ids or given.updates):
        raise UsageError("import needs the ids of live trades, or --all, or --update NAME")


def _find_account(settings: Settings, given: str | None) -> int | None:
    if given is None or given in settings.target.accounts:
        return None if given is None else settings.target.accounts[given]
    account_id = read_id(given)
    if account_id is None:
        known = ", ".join(settings.target.accounts) or "none"
        raise UsageError(f"--account {given}: expected an id or an alias of target {settings.target.name} ({known})")
    return account_id
