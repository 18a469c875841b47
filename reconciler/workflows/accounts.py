"""The accounts of the key, checked against the target."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from reconciler.errors import AccessRefused
from reconciler.live.accounts import read_accounts
from reconciler.loading.file_kinds import CONFIG_FILE
from reconciler.model.live import Account
from reconciler.model.targets import Mode
from reconciler.session import Session


def check_accounts(session: Session, used: Collection[int]) -> Mapping[int, Account]:
    """Read the accounts of the key, and make sure that the right mode is on.

    Lists depend on the mode, so with the wrong one every trade would seem absent. Source: accounts page, Forced-Mode.

    Raises:
        AccessRefused: An account that is used is not listed, or is of the other mode.
    """
    settings = session.settings
    listed = {account.id: account for account in read_accounts(session.api, used or None)}
    mode = settings.target.mode
    for account_id in sorted(used):
        if account_id not in listed:
            seen = ", ".join(map(str, sorted(listed))) or "none"
            raise AccessRefused(
                f"account {account_id} is not among the accounts of this key in mode {mode} ({seen});"
                f" correct `accounts` or `mode` of target {settings.target.name} in {CONFIG_FILE}"
            )
        if listed[account_id].is_of_other_mode(is_paper_mode=mode is Mode.PAPER):
            kind = "a paper account" if listed[account_id].is_paper else "not a paper account"
            raise AccessRefused(f"account {account_id} is {kind}, but target {settings.target.name} says mode: {mode}")
    return listed
