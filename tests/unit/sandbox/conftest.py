from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.sandbox.exchange.exchange import Sandbox
from tests.unit.sandbox.client import Client


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def client(sandbox: Sandbox) -> Client:
    """A client of a sandbox where Bitcoin stands at 9,500."""
    client = Client(sandbox)
    client.price("9500")
    return client
