from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from pathlib import Path

from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.exchange.sandbox_file import SandboxFile
from reconciler.sandbox.store.faults import Fault, FaultKind


def test_a_transaction_is_saved_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "sandbox.sqlite"
    with SandboxFile(path) as file, file.transaction() as transaction:
        transaction.settings.write_setting("a", "b")
    with SandboxFile(path) as file, file.transaction(write=False) as transaction:
        assert transaction.settings.read_setting("a") == "b"


def test_an_error_drops_the_whole_transaction(sandbox: Sandbox) -> None:
    with suppress(ZeroDivisionError), sandbox.transaction() as transaction:
        transaction.wallet(1).spend("USDT", Decimal(5))
        transaction.settings.write_setting("a", "b")
        raise ZeroDivisionError

    with sandbox.transaction(write=False) as transaction:
        assert transaction.settings.read_setting("a") is None
        assert transaction.wallet(1).free("USDT") == 10000000


def test_an_error_drops_what_concerns_the_wire(sandbox: Sandbox) -> None:
    with suppress(ZeroDivisionError), sandbox.wire_transaction() as wire:
        wire.add_fault(Fault(kind=FaultKind.RESET))
        raise ZeroDivisionError

    assert sandbox.is_wire_quiet()


def test_two_openings_of_one_file_see_each_other(tmp_path: Path) -> None:
    path = tmp_path / "sandbox.sqlite"
    with Sandbox(path) as one, Sandbox(path) as other:
        one.advance(5)
        assert other.now_ms == one.now_ms
