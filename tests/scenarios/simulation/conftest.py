"""The sandbox and the journals that all histories of a process share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.scenarios.simulation.shared_sandbox import SharedSandbox


@pytest.fixture(scope="session")
def shared_sandbox() -> Iterator[SharedSandbox]:
    """A sandbox and journals; each history clears them first."""
    with SharedSandbox() as made:
        yield made
