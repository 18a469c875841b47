"""The accounts of a key, and aliases for them in reconciler.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from reconciler.live.accounts import read_accounts
from reconciler.live.hosts import API_URL
from reconciler.live.pacing import DEFAULT_REQUESTS_PER_MINUTE
from reconciler.model.live import Account
from reconciler.model.targets import Mode, TargetKind
from reconciler.session import Session
from reconciler.settings import DEFAULT_SETTLE_S, DEFAULT_WORKSPACE, Settings, Target

# The alias that plan files use unless they say otherwise.
MAIN_ALIAS = "main"
# Source: config schema, the pattern of an alias.
_ALIAS_CHARS = 48


def list_accounts(session: Session) -> tuple[Account, ...]:
    """Read all accounts of the key in the mode of the target.

    Raises:
        AccessRefused: The key or the mode is wrong.
        ApiError: The accounts cannot be read.
    """
    return read_accounts(session.api)


def make_key_settings(root: Path, mode: Mode, base_url: str | None = None) -> Settings:
    """Make the settings of a key without a workspace, which suffice to read accounts.

    Args:
        root: The folder in which a workspace is or will be.
        mode: Whose accounts are read.
        base_url: Address of the API; by default that of 3Commas.
    """
    target = Target(
        name=mode.value,
        kind=TargetKind.API,
        mode=mode,
        base_url=base_url or API_URL,
        accounts={},
        requests_per_minute=DEFAULT_REQUESTS_PER_MINUTE,
        settle_s=DEFAULT_SETTLE_S,
    )
    return Settings(
        root=root,
        workspace=DEFAULT_WORKSPACE,
        former_names=(),
        target=target,
        include=(),
        foreign=frozenset(),
        limits={},
    )


def name_accounts(accounts: Iterable[Account], known: Mapping[str, int]) -> Mapping[str, int]:
    """Give each account an alias: the one that it has, else one made from its name; no alias is given twice.

    Args:
        accounts: The accounts.
        known: Alias to account id in reconciler.yaml.
    """
    aliases = {number: alias for alias, number in reversed(list(known.items()))}
    named: dict[str, int] = {}
    for account in accounts:
        alias = aliases.get(account.id)
        if alias is None:
            alias = _make_alias(account, {*known, *named})
        named[alias] = account.id
    return named


def _make_alias(account: Account, taken: set[str]) -> str:
    if not taken:
        return MAIN_ALIAS
    words = re.sub(r"[^a-z0-9]+", "-", account.name.lower()).strip("-")
    words = words if words[:1].isalpha() else f"account-{words or account.id}".rstrip("-")
    alias = words[:_ALIAS_CHARS].rstrip("-")
    return alias if alias not in taken else f"account-{account.id}"
