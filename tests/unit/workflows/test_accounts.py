"""Key, mode and accounts are checked before anything is believed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.errors import AccessRefused
from reconciler.model.targets import Mode
from reconciler.workflows.accounts import check_accounts
from tests.support.world import World


def test_the_accounts_of_the_key_are_returned_by_id() -> None:
    with World() as world:
        accounts = check_accounts(world.session, {1})
        assert accounts[1].is_paper
        assert {account.id for account in accounts.values()} == set(accounts)


def test_an_account_that_the_key_does_not_have_is_refused() -> None:
    with World() as world, pytest.raises(AccessRefused, match="account 99 is not among the accounts of this key"):
        check_accounts(world.session, {1, 99})


def test_an_account_of_the_other_mode_is_refused() -> None:
    with World() as world:
        target = replace(world.settings.target, mode=Mode.REAL)
        session = replace(world.session, settings=replace(world.settings, target=target))
        with pytest.raises(AccessRefused, match="account 1 is a paper account, but target sandbox says mode: real"):
            check_accounts(session, {1})
