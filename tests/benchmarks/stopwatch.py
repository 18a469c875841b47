"""Times of stages for two sizes and their ratio, which is 10 where a stage is linear.

A benchmark is run by hand, since a shared machine makes times a bad test. Garbage is looked for as seldom as in the
program, and not among what lives already: else a stage would pay for the values of those before it.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable
from typing import TypeVar

from reconciler.cli.main import GARBAGE_THRESHOLD

Value = TypeVar("Value")
Times = dict[str, float]
SIZES = (1_000, 10_000)
# Below this many seconds a ratio says nothing.
_SMALLEST_S = 0.002


class Stopwatch:
    """Takes the times of stages.

    Args:
        timer: Gives seconds; those of this processor's work by default, since others may be at work too.

    Attributes:
        times: Stage to seconds, in order.
    """

    def __init__(self, timer: Callable[[], float] = time.process_time) -> None:
        self._timer = timer
        self.times: Times = {}
        gc.set_threshold(GARBAGE_THRESHOLD)

    def __call__(self, stage: str, work: Callable[[], Value]) -> Value:
        """Do some work and note how long it took."""
        gc.collect()
        gc.freeze()
        began = self._timer()
        result = work()
        self.times[stage] = self._timer() - began
        gc.unfreeze()
        return result


def print_ratios(title: str, small: Times, large: Times) -> None:
    """A table of both sizes.

    Args:
        title: What was measured.
        small: Times for the first of `SIZES`.
        large: Times for the second.
    """
    sys.stdout.write(f"{title:44} {SIZES[0]:>9,} {SIZES[1]:>9,}  ratio\n")
    for stage, seconds in small.items():
        ratio = f"{large[stage] / seconds:6.1f}" if large[stage] > _SMALLEST_S * 10 else "     -"
        sys.stdout.write(f"  {stage:42} {seconds:8.3f}s {large[stage]:8.3f}s {ratio}\n")
    sys.stdout.flush()
