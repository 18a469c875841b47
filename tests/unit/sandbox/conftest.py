from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from reconciler.sandbox.exchange.exchange import Sandbox
    from tests.unit.sandbox.client import Client


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    from reconciler.sandbox.exchange.exchange import Sandbox

    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def client(sandbox: Sandbox) -> Client:
    """A client of a sandbox in which Bitcoin costs 9,500."""
    from tests.unit.sandbox.client import Client

    client = Client(sandbox)
    client.price("9500")
    return client
