"""A workspace without trades, on a sandbox with trades that were opened by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from reconciler.codec.body import write_body
from reconciler.model.specs import TradeSpec
from tests.support.world import World, trade


@contextmanager
def open_imports(folder: Path, *specs: TradeSpec, note: str = "") -> Iterator[World]:
    """Open trades by hand, with a note.

    Args:
        folder: The workspace.
        specs: What to open; by default the usual trade.
        note: Of each of them.
    """
    with World() as world:
        world.settings = replace(world.settings, root=folder)
        (folder / "reconciler.yaml").write_text("version: 1\nworkspace: test\n")
        for spec in specs or (trade(),):
            world.api.create({**write_body(spec.terms), **({"note": note} if note else {})})
        yield world
