from __future__ import annotations

import json

import pytest

from reconciler.codec.note import exits_digest
from reconciler.model.lifecycle import Ignored, Prevented, drop_ignored
from reconciler.model.operations import Action, Effect
from reconciler.validation.schemas import read_schema
from tests.support import builders

BODY: dict[str, object] = {"stop_loss": {"conditional": {"price": {"value": "1"}}, "breakeven": True}, "note": "x"}


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


@pytest.mark.parametrize(("field", "words"), [("prevent", Prevented), ("ignore_changes", Ignored)])
def test_the_schema_lists_the_same_words(field: str, words: type[Prevented | Ignored]) -> None:
    trade = json.loads(read_schema("plan"))["$defs"]["trade"]["properties"]
    assert set(trade["lifecycle"]["properties"][field]["items"]["enum"]) == {word.value for word in words}


def test_all_but_protection_and_notes_can_be_prevented() -> None:
    spared = {Action.SET_NOTE, Effect.PROTECTS, Effect.LABELS}
    assert {word.value for word in Prevented} == {word.value for word in (*Action, *Effect) if word not in spared}
