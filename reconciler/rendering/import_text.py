"""Texts of `reconciler import`."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import unified_diff

from reconciler.importing.choices import Choice, Refusal
from reconciler.importing.file_edit import FileEdit
from reconciler.importing.importable import Importable
from reconciler.model.live import LiveTrade
from reconciler.rendering.style import Style, printable, printable_line
from reconciler.rendering.words import count_of
from reconciler.settings import show_path

_COLORS = {"+": ("green",), "-": ("red",)}


def render_found(found: Importable, edit: FileEdit | None) -> str:
    """Say which trades are new, which are in files already, and which file they go into."""
    lines = [f"{choice.name} #{choice.live.id}  {choice.live.terms.pair}: new" for choice, _ in found.new]
    lines += [
        f"{choice.name} #{choice.live.id}: its note becomes one line of visible characters:"
        f" {statement.note or '(none is left)'}"
        for choice, statement in found.new
        if statement.note != choice.live.reading.text
    ]
    lines += [_describe_known(choice) for choice in found.known if choice.spec is not None]
    if edit is None:
        lines.append("No trade is new to the files.")
    elif edit.is_new:
        lines.append(f"{show_path(edit.path)} is a new file of {count_of(len(edit.specs), 'trade')}.")
    return "\n".join(lines)


def _describe_known(choice: Choice) -> str:
    spec = choice.spec
    place = f"{spec.origin.file}:{spec.origin.line}" if spec is not None else ""
    how = "marked" if choice.is_marked else "not adopted yet"
    return f"{choice.name} #{choice.live.id}  {choice.live.terms.pair}: in {place} already, {how}"


def render_change(edit: FileEdit, style: Style) -> str:
    """Render the change of a file as a patch."""
    name = show_path(edit.path)
    before, after = (edit.before or "").splitlines(), edit.after.splitlines()
    lines = unified_diff(before, after, name, name, n=2, lineterm="")
    return "\n".join(style.paint(printable_line(line), *_COLORS.get(line[0], ())) for line in lines)


def render_unadopted(lives: Sequence[LiveTrade]) -> str:
    """Say which trades `plan` does not connect with the files yet, and how it would; empty if there are none."""
    if not lives:
        return ""
    ids = " ".join(str(live.id) for live in lives)
    return (
        f"Plan skips them until they are adopted: reconciler import {ids} --adopt\n"
        "Adopt them before they end: if a trade ends without a marker, plan takes it for one that was never opened."
    )


def render_refused(refused: Sequence[Refusal]) -> str:
    """Say which trades are skipped, and why; empty if there are none."""
    return "\n".join(f"Not imported: #{refusal.live_id}: {printable(refusal.reason)}" for refusal in refused)


def render_adopted(good: int, total: int) -> str:
    """Say how many trades were adopted.

    Args:
        good: How many have their marker now.
        total: How many were to get one.
    """
    if good == total:
        return f"Adopted {count_of(good, 'trade')}."
    return f"Adopted {good} of {count_of(total, 'trade')}. Run the same command again for the others."
