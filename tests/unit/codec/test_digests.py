"""Digests: of values, never changing, computed once."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given

from reconciler.codec.body import shared_body, write_body
from reconciler.codec.digests import drop_ignored, entry_digest, exits_digest
from reconciler.model.lifecycle import Ignored
from reconciler.model.terms import Leverage, LeverageType, OrderType, PriceType, Side, Terms
from tests.support import builders
from tests.support.entities import any_terms

BODY: dict[str, object] = {"stop_loss": {"conditional": {"price": {"value": "1"}}, "breakeven": True}, "note": "x"}


@given(any_terms())
def test_digests_are_eight_hex_digits_of_values_not_of_their_writing(terms: Terms) -> None:
    grown = replace(terms, entry=replace(terms.entry, units=terms.entry.units * 10 / 10))
    assert entry_digest(grown) == entry_digest(terms)
    assert len(entry_digest(terms)) == len(exits_digest(terms)) == 8


RICH = builders.terms(
    entered_by=builders.entry(59000, trigger=59500, side=Side.SELL),
    pair="USDT_ETH",
    account_id=32402783,
    leverage=Leverage(type=LeverageType.ISOLATED, value=None),
    steps=[
        builders.step(57000, "33.5"),
        builders.step(None, "66.5", percent="7.5", order_type=OrderType.MARKET, trailing="1.5"),
    ],
    stop_loss=builders.stop(61000, watched=PriceType.BID, limit=61100, timeout=30, breakeven=True),
)
OWN_FUNDS = builders.terms(is_own_funds=True, steps=(), stop_loss=None)
INSTANT = builders.terms(entered_by=builders.entry(None), is_instant=True)


@pytest.mark.parametrize(
    ("terms", "entry", "exits"),
    [
        (builders.terms(), "b722994b", "7cf2f88c"),
        (RICH, "43e270cc", "6ccaeb14"),
        (OWN_FUNDS, "73022f17", "a87c58cb"),
        (INSTANT, "cfa5df3f", "b7a51340"),
    ],
)
def test_digests_never_change_since_every_live_note_holds_them(terms: Terms, entry: str, exits: str) -> None:
    assert (entry_digest(terms), exits_digest(terms)) == (entry, exits)


def test_the_entry_digest_is_of_account_pair_kind_and_position() -> None:
    usual = builders.terms()
    others = [
        replace(usual, account_id=2),
        replace(usual, pair="USDT_ETH"),
        replace(usual, instant=True),
        replace(usual, skip_enter_step=True),
        replace(usual, entry=builders.entry(59999)),
    ]
    assert len({entry_digest(terms) for terms in [usual, *others]}) == 6
    assert exits_digest(replace(usual, account_id=2, pair="USDT_ETH")) == exits_digest(usual)


def test_the_exits_digest_is_of_leverage_steps_and_stop() -> None:
    usual = builders.terms()
    others = [
        replace(usual, leverage=Leverage(type=LeverageType.CROSS, value=None)),
        replace(usual, steps=usual.steps[::-1]),
        replace(usual, stop_loss=None),
    ]
    assert len({exits_digest(terms) for terms in [usual, *others]}) == 4
    assert {entry_digest(terms) for terms in others} == {entry_digest(usual)}


def test_what_is_ignored_is_dropped_and_the_body_stays_as_it_was() -> None:
    before = json.dumps(BODY)
    assert drop_ignored(BODY, ["stop_loss.conditional.price", "note", "leverage"]) == {
        "stop_loss": {"conditional": {}, "breakeven": True}
    }
    assert json.dumps(BODY) == before


def test_the_digest_of_the_exits_leaves_out_what_is_ignored() -> None:
    before, after = builders.terms(), builders.terms(stop_loss=builders.stop(59000))
    assert exits_digest(before) != exits_digest(after)
    assert exits_digest(before, [Ignored.TRIGGER_PRICE]) == exits_digest(after, [Ignored.TRIGGER_PRICE])
    assert exits_digest(before, [Ignored.TIMEOUT]) != exits_digest(after, [Ignored.TIMEOUT])


def test_what_is_derived_from_terms_is_made_once_and_not_part_of_the_value() -> None:
    terms = builders.terms()
    fresh = builders.terms()
    digest = exits_digest(terms)
    assert exits_digest(terms) is digest
    assert shared_body(terms) is shared_body(terms)
    assert (terms, hash(terms), repr(terms)) == (fresh, hash(fresh), repr(fresh))


def test_a_changed_copy_has_digests_of_its_own() -> None:
    terms = builders.terms()
    before = exits_digest(terms)
    assert exits_digest(replace(terms, stop_loss=None)) != before
    assert exits_digest(terms, [Ignored.STOP_LOSS]) != before


def test_a_written_body_may_be_changed_without_changing_what_digests_are_made_of() -> None:
    terms = builders.terms()
    digest = entry_digest(terms)
    write_body(terms)["pair"] = "USDT_XRP"
    assert entry_digest(replace(terms)) == digest
    assert shared_body(terms)["pair"] == terms.pair
