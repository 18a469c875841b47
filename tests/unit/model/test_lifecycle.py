from __future__ import annotations

import json

import pytest

from reconciler.model.lifecycle import Ignored, Prevented
from reconciler.model.operations import BY_HAND_ACTIONS, Action, Effect
from reconciler.validation.schemas import read_schema


@pytest.mark.parametrize(("field", "words"), [("prevent", Prevented), ("ignore_changes", Ignored)])
def test_the_schema_lists_the_same_words(field: str, words: type[Prevented | Ignored]) -> None:
    trade = json.loads(read_schema("plan"))["$defs"]["trade"]["properties"]
    assert set(trade["lifecycle"]["properties"][field]["items"]["enum"]) == {word.value for word in words}


def test_all_but_protection_and_notes_can_be_prevented() -> None:
    spared = {*BY_HAND_ACTIONS, Action.SET_NOTE, Effect.PROTECTS, Effect.LABELS}
    assert {word.value for word in Prevented} == {word.value for word in (*Action, *Effect) if word not in spared}
