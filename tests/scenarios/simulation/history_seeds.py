"""How many histories are played, and from which seeds: `HISTORIES=20000` for more, `SEED=123` for just one."""

from __future__ import annotations

import os

HISTORIES = int(os.environ.get("HISTORIES", "1500"))
SEED = int(os.environ["SEED"]) if "SEED" in os.environ else None
# Histories of one test, so that parallel workers have about the same to do.
BATCH = 250


def list_batches() -> list[range]:
    """The seeds, in batches."""
    if SEED is not None:
        return [range(SEED, SEED + 1)]
    return [range(first, min(first + BATCH, HISTORIES)) for first in range(0, HISTORIES, BATCH)]
