from __future__ import annotations

from dataclasses import replace

from reconciler.model.fires import ENTRY_FIRES, STOP_FIRES
from reconciler.model.operations import Action, Effect
from reconciler.planning import operations
from tests.support import builders

CREATE = operations.create(builders.spec(), builders.WORKSPACE, builders.rates())


def test_a_replace_is_one_to_add_and_one_to_destroy() -> None:
    made = [
        replace(CREATE, trade="a"),
        replace(CREATE, trade="b", action=Action.REPLACE),
        replace(CREATE, trade="c", action=Action.CLOSE),
        replace(CREATE, trade="d", action=Action.UPDATE),
        replace(CREATE, trade="d", action=Action.SET_NOTE),
    ]
    assert builders.plan(made).count_changes() == (2, 1, 2)


def test_a_stop_that_executes_at_once_closes_like_a_close() -> None:
    assert replace(CREATE, action=Action.CLOSE).closes
    assert replace(CREATE, action=Action.UPDATE, effect=Effect.EXECUTES, fires=(STOP_FIRES,)).closes
    assert not replace(CREATE, action=Action.UPDATE, effect=Effect.PROTECTS, fires=(STOP_FIRES,)).closes
    assert not replace(CREATE, effect=Effect.EXECUTES, fires=(ENTRY_FIRES,)).closes


def test_an_operation_knows_its_pair() -> None:
    assert CREATE.pair == "USDT_BTC"
    assert replace(CREATE, after=None).pair == ""
    assert operations.release(builders.spec(), builders.live()).pair == "USDT_BTC"


def test_a_plan_is_empty_only_without_operations_and_blocked() -> None:
    assert builders.plan().is_empty
    assert not builders.plan([CREATE]).is_empty
    assert builders.plan([CREATE]).is_applicable
