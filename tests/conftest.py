"""What holds for all tests."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.scenarios.crashes.exchange import Exchange, serve_exchange
from tests.scenarios.crashes.forks import Forks, start_forks
from tests.scenarios.simulation.summary import find_missing, write_summary
from tests.support.api_schemas import watch_answers
from tests.support.endpoint_recorder import KEEPER, Keeper
from tests.support.endpoint_table import watch_calls

# A slow machine is no failure; in CI hypothesis has a profile of its own, which also draws the same examples each time.
settings.register_profile("unhurried", deadline=None)
if not os.environ.get("CI"):
    settings.load_profile("unhurried")


def pytest_configure(config: pytest.Config) -> None:
    """Note which endpoints are called, in all processes of the session."""
    config.stash[KEEPER] = Keeper(is_worker=hasattr(config, "workerinput"))
    config.pluginmanager.register(config.stash[KEEPER])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell what was simulated; say plainly when CI skipped something, since it counts as a failure there."""
    write_summary(terminalreporter)
    if os.environ.get("CI") and terminalreporter.stats.get("skipped"):
        terminalreporter.write_line("CI: a skipped test is a failure", red=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """In CI a skipped test is a failure, and everywhere a simulation that lacks some kind of event."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if exitstatus == pytest.ExitCode.OK and reporter and find_missing(reporter):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    if os.environ.get("CI") and exitstatus == pytest.ExitCode.OK and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(autouse=True)
def strange_answers() -> Iterator[list[str]]:
    """Every answer of the sandbox, embedded and served, has the shape that `schemas/api` describes."""
    with watch_answers() as problems:
        yield problems
    assert not problems, "answers that the schemas do not allow:\n" + "\n".join(problems)


@pytest.fixture(autouse=True)
def _noted_calls(request: pytest.FixtureRequest) -> Iterator[None]:
    """Record what the client asks of the sandbox; `tests/support/endpoint_table.py` says what for."""
    with watch_calls(request.node.nodeid, request.config.stash[KEEPER].calls):
        yield


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of this machine reaches a test."""
    for name in list(os.environ):
        if name.startswith(("RECONCILER_", "THREE_COMMAS_")) or name in ("CI", "NO_COLOR", "FORCE_COLOR"):
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _own_state(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """What runs on this machine share, no two tests share."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))


@pytest.fixture(scope="session")
def forks() -> Iterator[Forks]:
    """Starts runs of the program in real processes."""
    with start_forks() as started:
        yield started


@pytest.fixture(scope="session")
def exchange() -> Iterator[Exchange]:
    """Serves accounts that outlive the processes which use them."""
    with serve_exchange() as served:
        yield served
