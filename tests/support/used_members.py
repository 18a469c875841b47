"""The members of an enum that the source of a folder names."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path

_PACKAGE = Path(__file__).parents[2] / "reconciler"


def find_used(enum: type[StrEnum], *folders: str) -> set[str]:
    """The names of the members of an enum in some folders of the package."""
    sources = [path.read_text(encoding="utf-8") for folder in folders for path in (_PACKAGE / folder).glob("*.py")]
    return {name for source in sources for name in re.findall(rf"\b{enum.__name__}\.(\w+)", source)}
