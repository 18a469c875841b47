"""Fixtures and hooks for all tests. Nothing heavy is imported here: a test of a pure function starts at once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.scenarios.simulation.summary import find_missing, write_summary
from tests.support.endpoint_recorder import RECORDER, Recorder
from tests.support.import_hooks import call_after_import
from tests.support.sandbox_watch import WATCH

if TYPE_CHECKING:
    from tests.scenarios.crashes.exchange import Exchange
    from tests.scenarios.crashes.forks import Forks


def pytest_configure(config: pytest.Config) -> None:
    """Record which endpoints are called, in all processes of the session."""
    WATCH.connect()
    config.stash[RECORDER] = Recorder(WATCH.calls, is_worker=hasattr(config, "workerinput"))
    config.pluginmanager.register(config.stash[RECORDER])
    call_after_import("hypothesis", _set_hypothesis_profile)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Report what was simulated. In CI, also say that a skipped test counts as a failure."""
    write_summary(terminalreporter)
    if os.environ.get("CI") and terminalreporter.stats.get("skipped"):
        terminalreporter.write_line("CI: a skipped test is a failure", red=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail if a simulation lacks some kind of event, and in CI also if a test was skipped."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if exitstatus == pytest.ExitCode.OK and reporter and find_missing(reporter):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    if os.environ.get("CI") and exitstatus == pytest.ExitCode.OK and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(autouse=True)
def strange_answers(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """Check that every answer of the sandbox, embedded and served, has the shape that `schemas/api` describes."""
    problems = WATCH.begin_test(request.node.nodeid)
    yield problems
    assert not problems, "answers that the schemas do not allow:\n" + "\n".join(problems)


_OF_THIS_MACHINE = ("CI", "NO_COLOR", "FORCE_COLOR")

# A worker that runs tests beside others has a width; fixtures of a module or a session would see it, too.
for _name in ("COLUMNS", "LINES"):
    os.environ.pop(_name, None)


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the settings of this machine from the tests."""
    from reconciler.git.base_variables import BASE_VARIABLES
    from reconciler.journal.run_origin import PIPELINE_VARIABLES

    for name in list(os.environ):
        is_ours = name.startswith(("RECONCILER_", "THREE_COMMAS_"))
        if is_ours or name in (*_OF_THIS_MACHINE, *BASE_VARIABLES, *PIPELINE_VARIABLES):
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _own_state(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Give each test a folder of its own for what the runs of one machine share."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))


@pytest.fixture(scope="session")
def forks() -> Iterator[Forks]:
    """Start runs of the program in real processes."""
    from tests.scenarios.crashes.forks import start_forks

    with start_forks() as started:
        yield started


@pytest.fixture(scope="session")
def exchange() -> Iterator[Exchange]:
    """Serve accounts that outlive the processes which use them."""
    from tests.scenarios.crashes.exchange import serve_exchange

    with serve_exchange() as served:
        yield served


def _set_hypothesis_profile() -> None:
    """Set no deadline, since a slow machine is not a failure; in CI draw the same examples in each run.

    The lowest version of Hypothesis, which is tested too, has a deadline even in CI.
    """
    from hypothesis import HealthCheck, settings

    settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    in_ci = settings(settings.get_profile("unhurried"), derandomize=True, database=None, print_blob=True)
    settings.register_profile("unhurried in CI", in_ci)
    settings.load_profile("unhurried in CI" if os.environ.get("CI") else "unhurried")
