"""Rows of the journal that belong to a target, whatever the target was called when they were written."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, Connection, Table, func, or_, select

from reconciler.journal import tables
from reconciler.model.targets import Mode

_MODES = tuple(mode.value for mode in Mode)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_LOOPBACK = "localhost"
# Far more than a journal ever has.
_MOST_LABELS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A target, as the journal knows it.

    Rows belong to a workspace, mode, host and account. The label of new rows has the name of the target and the
    address as it is spelled. That has not changed, so an earlier version finds the rows too. Rows with another label
    are found if the label has the same workspace, mode and host.

    Attributes:
        label: Label of new rows.
        workspaces: The present and the former names of the workspace; none if only the label counts.
        world: Mode and normalized host, or the folder of an embedded sandbox.
        accounts: Accounts of the target; None for all.
    """

    label: str
    workspaces: frozenset[str] = frozenset()
    world: str = ""
    accounts: frozenset[int] | None = None

    @property
    def lock_keys(self) -> tuple[str, ...]:
        """The keys that a run locks, sorted: the label, and each account whatever the target is called."""
        return tuple(sorted({self.label, *self.account_keys}))

    @property
    def account_keys(self) -> tuple[str, ...]:
        """The keys that a run locks and other workspaces may lock too, sorted."""
        if not self.world or self.accounts is None:
            return ()
        return tuple(sorted(f"lock {self.world} {account_id}" for account_id in self.accounts))

    @property
    def freeze_keys(self) -> tuple[str, ...]:
        """The keys that a freeze has: the accounts, whatever the target or the workspace is called."""
        return self.account_keys or (self.label,)

    def covers(self, label: str) -> bool:
        """Return whether rows with a label are of this workspace, mode and host."""
        return label == self.label or self._read(label) is True

    def may_cover(self, label: object) -> bool:
        """Return whether a label is damaged, so that its rows may be of any workspace."""
        return bool(self.workspaces) and (not isinstance(label, str) or self._read(label) is None)

    def has_account(self, account_id: int | None) -> bool:
        """Return whether an account is one of the target's; one that is not known may be."""
        return self.accounts is None or account_id is None or account_id in self.accounts

    def _read(self, label: str) -> bool | None:
        found = read_label(label)
        return None if found is None else found[0] in self.workspaces and found[1] == self.world


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of a scope that a journal has.

    Attributes:
        known: Those of the workspace, mode and host; the present one always.
        damaged: Those that cannot be read.
    """

    known: tuple[str, ...]
    damaged: tuple[str, ...] = ()

    def select(self, table: Table) -> ColumnElement[bool]:
        """Select the rows of the scope."""
        return table.c.scope.in_(self.known)

    def select_all(self, table: Table) -> ColumnElement[bool]:
        """Select the rows of the scope, and those that may belong to it."""
        return or_(table.c.scope.in_((*self.known, *self.damaged)), table.c.scope.is_(None))


def as_scope(scope: Scope | str) -> Scope:
    """Return a scope; a bare label becomes a scope of which only the label counts."""
    return scope if isinstance(scope, Scope) else Scope(label=scope)


def name_label(workspace: str, target: str, *, mode: str, address: str) -> str:
    """Make the label of an API's rows."""
    return f"{workspace} {target} {mode} {address}"


def name_world(mode: str, address: str) -> str:
    """Return mode and normalized host of an API: they distinguish trades with the same ids."""
    return f"{mode} {normalize_host(address)}"


def normalize_host(address: str) -> str:
    """Return host and port of an address; all spellings of one address give the same result.

    Args:
        address: For example `https://api.3commas.io/public/api`.
    """
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return address
    if _is_loopback(host):
        host = _LOOPBACK
    if port is None or port == _DEFAULT_PORTS.get(parts.scheme):
        return host
    return f"{host}:{port}"


def read_label(label: str) -> tuple[str, str] | None:
    """Read workspace and world from a label, or None if it cannot be read."""
    words = label.split(" ")
    if len(words) == 4 and words[2] in _MODES and "://" in words[3]:
        return words[0], name_world(words[2], words[3])
    parts = label.split(" ", 2)
    return (parts[0], parts[2]) if len(parts) == 3 and parts[2].startswith("/") else None


def find_labels(connection: Connection, scope: Scope) -> Labels:
    """Find the labels of a scope in the journal, by few steps through the indexes."""
    if not scope.workspaces:
        return Labels((scope.label,))
    seen = {
        label for table in (tables.runs, tables.intents, tables.trades) for label in _list_labels(connection, table)
    }
    known = {scope.label, *(label for label in seen if scope.covers(label))}
    damaged = {"", *(label for label in seen if scope.may_cover(label))}
    return Labels(tuple(sorted(known)), tuple(sorted(damaged - known)))


def _list_labels(connection: Connection, table: Table) -> Iterable[str]:
    column, last = table.c.scope, ""
    for _ in range(_MOST_LABELS):
        found: object = connection.execute(select(func.min(column)).where(column > last)).scalar()
        if not isinstance(found, str) or found == last:
            return
        last = found
        yield last


def _is_loopback(host: str) -> bool:
    if host == _LOOPBACK:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
