"""Accounts, pairs and sides on which trades may be opened or changed."""

from __future__ import annotations

from dataclasses import replace

from tests.support import builders
from tests.support.guardrails import CREATE, LOOSEN, TIGHTEN, change, gather, judge_one, risk


def test_every_alias_of_an_account_is_that_account() -> None:
    facts = replace(gather(change(CREATE, None, risk())), accounts={"main": 1, "spot": 1})
    assert not judge_one(facts, {"accounts": ["spot"]}, "accounts").is_passed


def test_an_account_without_an_alias_is_named_by_its_number() -> None:
    far = replace(CREATE, after=builders.terms(account_id=77))
    found = judge_one(gather(change(far, None, risk())), {"accounts": ["*ain"]}, "accounts")
    assert found.is_breach
    assert found.reason is not None
    assert (found.reason["found"], found.reason["allowed"]) == (("77",), ("*ain",))


def test_what_changes_a_trade_outside_is_held_back_and_what_protects_it_is_not() -> None:
    stated = {"pairs": ["USDT_ETH"]}
    assert judge_one(gather(change(LOOSEN, risk(), risk())), stated, "pairs").holds == ("btc-dip",)
    assert judge_one(gather(change(TIGHTEN, risk(), risk())), stated, "pairs").holds == ()


def test_the_list_itself_is_no_number() -> None:
    assert judge_one(gather(), {"sides": ["long"]}, "sides").limit is None
