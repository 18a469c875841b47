"""Texts that were reviewed once and must not change by accident."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "golden"


def check_golden(name: str, text: str) -> None:
    """Compare a text with the file of this name in `tests/golden`; with GOLDEN_WRITE=1 write the file instead."""
    path = FOLDER / name
    if os.environ.get("GOLDEN_WRITE"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8"), f"check the difference, then run with GOLDEN_WRITE=1: {path}"
