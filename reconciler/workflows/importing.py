"""One run of `reconciler import`: from what is live to files, and to notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from reconciler.cli.apply import Progress, make_start
from reconciler.cli.approval import ask_for_approval
from reconciler.cli.console import print_message, print_result, use_color
from reconciler.cli.exit_codes import decide_refused, decide_run, has_open_ends
from reconciler.cli.signals import stop_on_interrupt
from reconciler.clock import Clock
from reconciler.live.endpoints import SmartTradeApi
from reconciler.model.live import Account
from reconciler.model.outcomes import OutcomeKind
from reconciler.model.plan import Plan
from reconciler.rendering.import_text import count_of, report_found, report_refused, report_unadopted, show_change
from reconciler.rendering.plan_text import render_plan
from reconciler.rendering.style import Style
from reconciler.settings import Settings, show_path
from reconciler.workflows.adoption import Adoption, find_edited, is_adopted, plan_adoption
from reconciler.workflows.applying import carry_out, hold_run
from reconciler.workflows.file_edits import (
    Draft,
    draft_new,
    draft_update,
    find_file,
    read_files,
    to_statement,
    write_draft,
)
from reconciler.workflows.import_reading import Asked, Gathered, gather
from reconciler.workflows.journal import OpenJournal
from reconciler.workflows.plan_files import PlanFiles


class ImportRun:
    """One run of the command.

    Args:
        settings: The workspace.
        api: Where to read and, with `adopts`, where notes are written.
        clock: The present.
        workspace: What the files say.
        opened: The journal.
        lock_timeout_s: How long to wait for another run.
        adopts: Whether notes are written.
        asks: Whether to ask first.
    """

    def __init__(
        self,
        settings: Settings,
        api: SmartTradeApi,
        clock: Clock,
        workspace: PlanFiles,
        opened: OpenJournal,
        lock_timeout_s: float,
        *,
        adopts: bool,
        asks: bool,
    ) -> None:
        self.settings = settings
        self.api = api
        self.clock = clock
        self.workspace = workspace
        self.opened = opened
        self.lock_timeout_s = lock_timeout_s
        self.adopts = adopts
        self.asks = asks

    def import_trades(self, asked: Asked, into: Path | None, *, is_printed: bool) -> int:
        """Live trades into a file."""
        path = find_file(self.settings, into)
        found = gather(self.settings, self.api, self.workspace, asked, print_message)
        report_refused(found.refused)
        code = decide_refused(found.refused)
        draft = None
        if found.new:
            draft = draft_new(self.settings, self.workspace, path, found.new)
        if is_printed:
            if draft is not None:
                print_result(draft.after)
            return code
        report_found(found, draft)
        drafts = [draft] if draft is not None else []
        pairs = _pair_up(found, draft)
        if self.adopts:
            return max(code, self._adopt(drafts, pairs, found.accounts))
        self._write_files(drafts)
        report_unadopted([live for spec, live in pairs if not is_adopted(self.settings, spec, live)])
        return code

    def update(self, names: Sequence[str]) -> int:
        """Live edits into the files."""
        for name in dict.fromkeys(names):
            choice, statement, accounts = find_edited(self.settings, self.api, self.workspace, name)
            spec = choice.spec
            if spec is None:
                raise AssertionError("only trades of the files are looked for")
            drafts: list[Draft] = []
            if to_statement(spec) == statement:
                print_result(f"{name} #{choice.live.id}: {spec.origin.file} says what is live.")
            else:
                drafts = [draft_update(self.settings, self.workspace, spec, statement)]
                show_change(drafts[0])
                spec = drafts[0].specs[0]
            if self.adopts:
                code = self._adopt(drafts, [(spec, choice.live)], accounts)
                if code:
                    return code
            else:
                self._write_files(drafts)
                if not is_adopted(self.settings, spec, choice.live):
                    print_message(
                        "The marker in its note still tells of the file before; with --adopt it is written anew."
                    )
            self.workspace = read_files(self.settings)
        return 0

    def _adopt(self, drafts: Sequence[Draft], pairs: Sequence[Adoption], accounts: Mapping[int, Account]) -> int:
        """Show, ask, write the files, then the notes: in this order, so that no marked trade is ever in no file."""
        plan, refused = plan_adoption(self.settings, self.api, self.clock, accounts, pairs)
        report_refused(refused)
        code = decide_refused(refused)
        if plan.operations:
            print_result(render_plan(plan, Style(use_color())))
            if self.asks:
                ask_for_approval()
        elif not refused:
            print_result("Adopted already; no note needs writing.")
        self._write_files(drafts)
        return max(code, self._write_notes(plan)) if plan.operations else code

    def _write_files(self, drafts: Sequence[Draft]) -> None:
        for draft in drafts:
            write_draft(self.settings, draft)
            print_message(f"Wrote {show_path(draft.path)}.")

    def _write_notes(self, plan: Plan) -> int:
        journal = self.opened.journal
        with hold_run(journal, make_start(plan), self.lock_timeout_s), stop_on_interrupt() as was_interrupted:
            done = carry_out(
                self.settings,
                self.api,
                self.clock,
                plan,
                journal,
                observer=Progress(Style(use_color()), len(plan.operations)),
                needs_check=False,
                is_partial=True,
                should_stop=was_interrupted,
                tell=print_message,
            )
        good = done.result.count(OutcomeKind.APPLIED, OutcomeKind.ALREADY_DONE)
        total = len(plan.operations)
        if done.result.error is not None:
            print_message(f"Error: {done.result.error.message}")
        if good == total:
            print_result(f"Adopted {count_of(good, 'trade')}.")
        else:
            print_result(f"Adopted {good} of {count_of(total, 'trade')}. Run the same command again for the others.")
        return decide_run(done.result, needs_person=has_open_ends(plan, done.result.outcomes))


def _pair_up(found: Gathered, draft: Draft | None) -> list[Adoption]:
    """What the files say, or will say, of each trade."""
    specs = {spec.name: spec for spec in draft.specs} if draft is not None else {}
    new = [(specs[choice.name], choice.live) for choice, _ in found.new]
    known = [(choice.spec, choice.live) for choice in found.known if choice.spec and not choice.is_marked]
    return new + known
