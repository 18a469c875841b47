"""The stage of the simulation."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.scenarios.simulation.shared_sandbox import Stage


@pytest.fixture(scope="session")
def shared_stage() -> Iterator[Stage]:
    """A stage; whoever plays on it clears it first."""
    with Stage() as made:
        yield made
