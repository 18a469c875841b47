"""Gathers the calls that all processes of a test session saw, and compares the table of endpoints with them."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.support.endpoint_table import TABLE, Call, find_untrue, read_table, write_table

# Names the session for all of its processes, which inherit it.
SESSION_VARIABLE = "ENDPOINTS_SESSION"
# If this variable is set, a session writes the table instead of comparing it with the recorded calls.
WRITE_VARIABLE = "ENDPOINTS_WRITE"


class Recorder:
    """A plugin of pytest, one in every process.

    Args:
        calls: What this process sees; it grows while tests run.
        is_worker: Whether another process gathers.
    """

    def __init__(self, calls: set[Call], *, is_worker: bool) -> None:
        self._calls = calls
        self._is_worker = is_worker
        self._passed: dict[str, bool] = {}
        self._untrue: list[Call] = []
        if not is_worker:
            os.environ[SESSION_VARIABLE] = uuid.uuid4().hex

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember whether a test passed; the process that gathers gets the reports of all tests."""
        self._passed[report.nodeid] = self._passed.get(report.nodeid, True) and report.passed

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write down what this process saw. The process that gathers is the last to end."""
        folder = Path(tempfile.gettempdir()) / f"reconciler-endpoints-{os.environ[SESSION_VARIABLE]}"
        _leave(folder, self._calls)
        if self._is_worker:
            return
        seen = _gather(folder)
        shutil.rmtree(folder)
        table = read_table(TABLE.read_text()) if TABLE.exists() else []
        if os.environ.get(WRITE_VARIABLE):
            ran = {test.partition("[")[0] for test in self._passed}
            not_run = {call for call in table if call.test not in ran}
            TABLE.write_text(write_table(seen | not_run, table))
            return
        self._untrue = find_untrue(table, seen, self._passed)
        if self._untrue and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Name the rows that are not true."""
        for call in self._untrue:
            line = f"{TABLE.name}: {call.test} did not see {call.endpoint} called by {call.caller}"
            terminalreporter.write_line(f"{line}; make it again with {WRITE_VARIABLE}=1", red=True)


RECORDER = pytest.StashKey[Recorder]()


def _leave(folder: Path, calls: Iterable[Call]) -> None:
    folder.mkdir(exist_ok=True)
    lines = (json.dumps([call.endpoint, call.caller, call.test]) + "\n" for call in calls)
    (folder / f"{os.getpid()}.jsonl").write_text("".join(lines))


def _gather(folder: Path) -> set[Call]:
    lines = (line for path in folder.glob("*.jsonl") for line in path.read_text().splitlines())
    return {Call(*json.loads(line)) for line in lines}
