"""The sessions of the trade commands, as the command line opens them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from reconciler.cli.approval import require_approver
from reconciler.cli.session import find_settings, open_command
from reconciler.cli.trade.options import WriteOptions
from reconciler.workflows.trade_session import TradeSession


@contextmanager
def open_reading() -> Iterator[TradeSession]:
    """Open a session for commands that send no write."""
    with _open(None) as trades:
        yield trades


@contextmanager
def open_writing(write: WriteOptions, *, is_emergency: bool = False) -> Iterator[TradeSession]:
    """Open a session for commands that send writes.

    Args:
        write: How the write is sent.
        is_emergency: Whether the command goes on without a journal that fails.

    Raises:
        UsageError: Nobody is there to be asked.
    """
    require_approver("this", "add --auto-approve", is_approved=write.auto_approve)
    with _open(write, is_emergency=is_emergency) as trades:
        yield trades


@contextmanager
def _open(write: WriteOptions | None, *, is_emergency: bool = False) -> Iterator[TradeSession]:
    from reconciler.guardrails.acknowledgements import parse_acknowledgements

    how = write or WriteOptions()
    acknowledged = parse_acknowledgements(how.acknowledge)
    with open_command(find_settings(), writes=write is not None, is_emergency=is_emergency) as session:
        yield TradeSession(
            session=session,
            is_approved=how.auto_approve,
            lock_timeout_s=how.lock_timeout_s,
            acknowledged=acknowledged,
        )
