"""What `reconciler import` tells on the way."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import unified_diff

from reconciler.cli.console import print_message, print_result, use_color
from reconciler.importing.choices import Refusal
from reconciler.model.live import LiveTrade
from reconciler.rendering.style import Style, printable, printable_line
from reconciler.settings import show_path
from reconciler.workflows.file_edits import Draft
from reconciler.workflows.import_reading import Gathered


def report_found(found: Gathered, draft: Draft | None) -> None:
    """Which trades are new, and which are in files already."""
    for choice, _ in found.new:
        print_message(f"{choice.name} #{choice.live.id}  {choice.live.terms.pair}: new")
    for choice in found.known:
        spec = choice.spec
        if spec is not None:
            how = "marked" if choice.is_marked else "not adopted yet"
            place = f"{spec.origin.file}:{spec.origin.line}"
            print_message(f"{choice.name} #{choice.live.id}  {choice.live.terms.pair}: in {place} already, {how}")
    if draft is None:
        print_message("No trade is new to the files.")
    elif draft.before is None:
        print_message(f"{show_path(draft.path)} is a new file of {count_of(len(draft.specs), 'trade')}.")
    else:
        show_change(draft)


def show_change(draft: Draft) -> None:
    """What would change in a file, as a patch."""
    name = show_path(draft.path)
    style = Style(use_color())
    before, after = (draft.before or "").splitlines(), draft.after.splitlines()
    colors = {"+": ("green",), "-": ("red",)}
    for line in unified_diff(before, after, name, name, n=2, lineterm=""):
        print_result(style.paint(printable_line(line), *colors.get(line[0], ())))


def report_unadopted(lives: Sequence[LiveTrade]) -> None:
    """Which trades plan does not take for those of the files yet, and how it would."""
    if lives:
        ids = " ".join(str(live.id) for live in lives)
        print_message(
            f"Plan leaves them alone until they are adopted: reconciler import {ids} --adopt\n"
            "Do so before they end: to plan, a trade that ended without a marker was never opened."
        )


def report_refused(refused: Sequence[Refusal]) -> None:
    """Which trades are left alone, and why."""
    for refusal in refused:
        print_message(f"Not imported: #{refusal.live_id}: {printable(refusal.reason)}")


def count_of(number: int, noun: str) -> str:
    """A count with its noun: `2 trades`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
