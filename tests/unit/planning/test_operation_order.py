"""The order in which operations are carried out."""

from __future__ import annotations

from dataclasses import replace

from reconciler.model.live import Phase
from reconciler.model.operations import Action, Effect, Operation
from reconciler.model.specs import DesiredState
from reconciler.planning.operation_order import order_operations
from tests.support import builders, planning

CREATE = planning.only(planning.plan([builders.spec()]))
CANCEL = planning.only(planning.plan([], [builders.live()]))
TIGHTER = builders.spec(builders.terms(stop_loss=builders.stop(59000)))
UPDATE = planning.only(planning.plan([TIGHTER], [builders.live()]))


def named(operation: Operation, trade: str, effect: Effect | None = None) -> Operation:
    """An operation of a trade, with another effect if one is given."""
    return replace(operation, trade=trade, effect=effect or operation.effect)


def order(*groups: tuple[Operation, ...]) -> list[str]:
    """The names of the trades in the order of their operations."""
    return [operation.trade for operation in order_operations(groups)]


def test_what_protects_comes_first_and_what_commits_after_what_frees() -> None:
    groups = ((named(CREATE, "opens"),), (named(CANCEL, "ends"),), (named(UPDATE, "guards", Effect.PROTECTS),))

    assert order(*groups) == ["guards", "ends", "opens"]


def test_operations_of_one_trade_stay_in_sequence_at_the_place_of_the_most_urgent() -> None:
    both = (named(UPDATE, "a", Effect.LABELS), named(UPDATE, "a", Effect.PROTECTS))

    found = order_operations([(named(CANCEL, "b"),), both])

    assert [(each.trade, each.effect) for each in found] == [
        ("a", Effect.LABELS),
        ("a", Effect.PROTECTS),
        ("b", Effect.FREES),
    ]


def test_what_adds_to_a_position_comes_after_all_trades() -> None:
    adds = replace(CREATE, action=Action.ADD_FUNDS, trade="grows")

    assert order((named(UPDATE, "grows", Effect.PROTECTS), adds), (named(CREATE, "opens"),)) == [
        "grows",
        "opens",
        "grows",
    ]


def test_a_close_frees_before_anything_is_committed() -> None:
    closed = builders.spec(state=DesiredState.CLOSED)
    close = planning.only(planning.plan([closed], [builders.live(phase=Phase.OPEN)]))

    assert order((named(CREATE, "opens"),), (named(close, "closes"),)) == ["closes", "opens"]
