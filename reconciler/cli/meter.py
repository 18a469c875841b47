"""The meter on standard error: a bar with rate and time left on a terminal, a line now and then elsewhere.

A bar is never longer than its line, also in a terminal that becomes narrower meanwhile. A text that is printed takes
its place, and the bar comes back below it. A terminal that cannot move its cursor (TERM=dumb) gets lines.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TextIO

from reconciler.cli.printer import PRINTER, Printer
from reconciler.cli.terminal import is_terminal
from reconciler.clock import Clock, SystemClock
from reconciler.progress import Advance, Task

# What is done sooner needs no bar.
FIRST_BAR_S = 0.5
# How often a bar is drawn again: it follows a window that changes its size, too.
BAR_PERIOD_S = 0.2
# How often a line is printed where no bar can be. Source: conventions, heartbeat of long operations.
LINE_PERIOD_S = 10.0
_MOST_BAR_CELLS = 30
_LEAST_BAR_CELLS = 8
_MINUTE_S = 60
_HOUR_S = 3600
_WORDS = {
    Task.ACTIVE: ("Reading trades", "trades"),
    Task.HISTORY: ("Reading history", "trades"),
    Task.PRICES: ("Reading prices", "pairs"),
    Task.PLANNING: ("Planning", "trades"),
    Task.APPLYING: ("Applying", "operations"),
    Task.REPLAYING: ("Replaying", "candles"),
    Task.IMPORTING: ("Importing", "trades"),
}


@dataclass(slots=True, kw_only=True)
class Shown:
    """A task that is shown.

    Attributes:
        task: The task.
        total: How many units it has; None if that is not known.
        began_at: When it began, by the monotonic clock, in seconds.
        done: How many units are done.
    """

    task: Task
    total: int | None
    began_at: float
    done: int = 0

    def describe(self, now: float, width: int | None = None) -> str:
        """Describe how far it is, in one line.

        Args:
            now: The present, by the monotonic clock, in seconds.
            width: Cells that the line may have; None for words without a bar.
        """
        label, unit = _WORDS[self.task]
        elapsed_s = max(now - self.began_at, 0.0)
        rate = self.done / elapsed_s if elapsed_s > 0 else 0.0
        pace = _describe_rate(rate) if self.done else ""
        if self.total is None:
            counts = (f"{label}: {self.done} {unit}", f"{self.done} {unit}", str(self.done))
            return _join([_choose(counts, width), pace, _describe_time(elapsed_s)], width)
        share = f"{min(100 * self.done // self.total, 100) if self.total else 100}%"
        left = f"{_describe_time((self.total - self.done) / rate)} left" if rate and self.done < self.total else ""
        if width is None:
            words = f"{label}: {self.done} of {self.total} {unit} ({share})"
            return _join([words, pace, left or _describe_time(elapsed_s)], width)
        return self._draw(label, share, [pace, left], width)

    def _draw(self, label: str, share: str, rest: list[str], width: int) -> str:
        """Draw a bar between label and numbers; in a narrow line first the rest is left out, then bar and label."""
        count = f"{self.done}/{self.total}"
        short = _choose((f"{count} {share:>4}", share), width)
        room = width - len(label) - 1
        if len(short) > room:
            return short
        numbers = _join([short, *rest], max(room - _LEAST_BAR_CELLS - 3, len(short)))
        cells = min(room - len(numbers) - 3, _MOST_BAR_CELLS)
        if cells < _LEAST_BAR_CELLS:
            return f"{label} {numbers}"
        full = cells * self.done // self.total if self.total else cells
        return f"{label} [{'#' * min(full, cells):<{cells}}] {numbers}"


class Meter:
    """Shows the innermost of the tasks that are in progress.

    Args:
        printer: Where it is shown.
        clock: Says how long tasks take.
        find_stream: Finds standard error.
        ticks: Whether it is drawn again by itself; otherwise by `tick` alone.
    """

    def __init__(
        self,
        printer: Printer,
        clock: Clock,
        find_stream: Callable[[], TextIO | None] = lambda: sys.stderr,
        *,
        ticks: bool = True,
    ) -> None:
        self._printer = printer
        self._clock = clock
        self._find_stream = find_stream
        self._ticks = ticks
        self._tasks: list[Shown] = []
        self._lock = threading.RLock()
        self._bar = ""
        self._last_at = 0.0
        self._end: threading.Event | None = None

    @property
    def is_showing(self) -> bool:
        """Return whether a task is shown now."""
        return bool(self._tasks)

    @contextmanager
    def show(self, task: Task, total: int | None = None) -> Iterator[Advance]:
        """Show a task until the end of the block."""
        shown = Shown(task=task, total=total, began_at=self._clock.monotonic())

        def advance(count: int) -> None:
            shown.done += count

        with self._lock:
            if not self._tasks:
                self._last_at = shown.began_at
            self._tasks.append(shown)
        self._start()
        try:
            yield advance
        finally:
            with self._lock:
                self._tasks.remove(shown)
                if not self._tasks:
                    self._stop()

    @contextmanager
    def make_room(self) -> Iterator[None]:
        """Take the bar away while another text is printed; it comes back with the next drawing."""
        with self._lock:
            self._erase()
            yield

    def tick(self) -> None:
        """Show how far the innermost task is, if it is time."""
        with self._lock:
            if not self._tasks:
                return
            now, stream = self._clock.monotonic(), self._find_stream()
            shown = self._tasks[-1]
            if not can_draw(stream):
                if now - self._last_at >= LINE_PERIOD_S:
                    self._last_at = now
                    self._printer.print_message(shown.describe(now))
            elif now - shown.began_at >= FIRST_BAR_S or self._bar:
                self._draw(shown.describe(now, find_cells(stream) - 1))

    def _draw(self, bar: str) -> None:
        self._erase(bar)
        self._bar = bar

    def _erase(self, then: str = "") -> None:
        """Erase the bar, which may have been broken into several lines by a narrower window, and write another."""
        if not (self._bar or then):
            return
        rows = max(len(self._bar) - 1, 0) // find_cells(self._find_stream()) if self._bar else 0
        up = f"\x1b[{rows}A" if rows else ""
        self._bar = ""
        self._printer.print_raw(f"\r{up}\x1b[J{then}")

    def _start(self) -> None:
        if self._end is None and self._ticks:
            self._printer.make_room = self.make_room
            self._end = threading.Event()
            threading.Thread(target=self._run, args=(self._end,), name="meter", daemon=True).start()

    def _stop(self) -> None:
        self._erase()
        if self._end is not None:
            self._end.set()
            self._end = None

    def _run(self, end: threading.Event) -> None:
        while not end.wait(BAR_PERIOD_S):
            self.tick()


def can_draw(stream: TextIO | None) -> bool:
    """Return whether a stream is a terminal whose cursor can be moved."""
    return is_terminal(stream) and os.environ.get("TERM") not in ("dumb", "", None)


def find_cells(stream: TextIO | None) -> int:
    """Find how wide the terminal is now; it may have changed since the last time."""
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80 if stream is not None else 80
    except (OSError, ValueError, AttributeError):
        return 80


def _choose(texts: tuple[str, ...], width: int | None) -> str:
    """Choose the first text that fits; a number is never cut. Empty if none does."""
    return next((text for text in texts if width is None or len(text) <= width), "")


def _join(parts: list[str], width: int | None) -> str:
    """Join what fits, the most important first."""
    shown, *rest = parts
    for part in filter(None, rest):
        longer = f"{shown}, {part}"
        if width is not None and len(longer) > width:
            break
        shown = longer
    return shown


def _describe_rate(rate: float) -> str:
    return f"{rate:.0f}/s" if rate >= 10 else f"{rate:.1f}/s" if rate >= 0.1 else f"{rate * _MINUTE_S:.1f}/min"


def _describe_time(seconds: float) -> str:
    whole = round(seconds)
    if whole < _MINUTE_S:
        return f"{whole} s"
    if whole < _HOUR_S:
        return f"{whole // _MINUTE_S} min {whole % _MINUTE_S} s"
    return f"{whole // _HOUR_S} h {whole % _HOUR_S // _MINUTE_S} min"


METER = Meter(PRINTER, SystemClock())
