"""Operations that only a loosened rule lets pass are found by the rule, and counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from reconciler.guardrails.base_rules import BaseRules, find_loosened
from reconciler.model.freeze import Freeze, FreezeSource
from reconciler.model.lifecycle import Prevented
from reconciler.model.live import Phase
from reconciler.model.operations import Operation
from reconciler.model.specs import DesiredState
from reconciler.model.targets import Mode, TargetKind
from reconciler.rendering.reasons import describe
from reconciler.settings import Settings, Target
from tests.support import builders, planning

CREATE = planning.only(planning.plan([builders.spec()]))
CLOSE = planning.only(planning.plan([builders.spec(state=DesiredState.CLOSED)], [builders.live(phase=Phase.OPEN)]))
CANCEL = planning.only(planning.plan([], [builders.live()]))

TARGET = Target(
    name="real",
    kind=TargetKind.API,
    mode=Mode.REAL,
    base_url="https://api.example",
    accounts={"main": 1},
    requests_per_minute=80,
    settle_s=10,
)
UNLOCKED = replace(TARGET, is_locked_outside=True)
SETTINGS = Settings(
    root=Path(),
    workspace="test",
    former_names=(),
    target=TARGET,
    include=(),
    foreign=frozenset(),
    limits={},
)
BASE = BaseRules(folder="", targets=(TARGET,), workspaces=frozenset({"test"}))


def find(
    *operations: Operation,
    base: BaseRules | Sequence[BaseRules] = BASE,
    by_foreign: Mapping[str, Sequence[int]] | None = None,
    workspace: str = "test",
    target: Target = TARGET,
) -> list[str]:
    """The acknowledgements that are needed."""
    settings = replace(SETTINGS, workspace=workspace, target=target)
    bases = [base] if isinstance(base, BaseRules) else base
    found = find_loosened(operations, settings, bases, by_foreign or {})
    assert all(each.is_breach and each.is_raised and each.reason and describe(each.reason) for each in found)
    return [each.acknowledge for each in found]


def test_rules_that_are_the_same_let_everything_pass() -> None:
    assert find(CREATE, CLOSE, CANCEL) == []


def test_a_word_that_the_base_prevents_counts_whatever_the_operation_is_about() -> None:
    base = replace(BASE, prevented={"btc-dip": {Prevented.CANCEL, Prevented.CLOSE}})
    assert find(CLOSE, base=base) == ["prevent=1"]
    assert find(CANCEL, base=base) == ["prevent=1"]
    assert find(CREATE, base=base) == []


def test_a_trade_that_was_renamed_is_held_by_what_its_former_name_prevented() -> None:
    renamed = replace(CLOSE, trade="btc-new", former_names=("btc-dip",))
    assert find(renamed, base=replace(BASE, prevented={"btc-dip": {Prevented.CLOSE}})) == ["prevent=1"]


def test_what_a_lifted_freeze_held_back_counts_and_what_lowers_risk_does_not() -> None:
    freeze = Freeze(source=FreezeSource.CONFIG, reason="exchange down")
    assert find(CREATE, CLOSE, CANCEL, base=replace(BASE, freezes=(freeze,))) == ["freeze=1"]


def test_what_is_still_frozen_is_not_let_pass_by_the_change() -> None:
    freeze = Freeze(source=FreezeSource.CONFIG, reason="exchange down")
    settings = replace(SETTINGS, freezes=(freeze,))
    assert find_loosened([CREATE], settings, [replace(BASE, freezes=(freeze,))], {}) == ()


@pytest.mark.parametrize(("until", "found"), [(None, ["freeze=1"]), (2, ["freeze=1"]), (3, []), (4, [])])
def test_a_freeze_that_ends_earlier_than_at_the_base_counts_as_lifted(until: int | None, found: list[str]) -> None:
    lasting = Freeze(source=FreezeSource.CONFIG, reason="exchange down", until=None)
    freeze = replace(lasting, until=None if until is None else datetime(2026, 1, 3, tzinfo=UTC))
    shorter = replace(freeze, until=datetime(2026, 1, until or 9, tzinfo=UTC))
    settings = replace(SETTINGS, freezes=(shorter,))
    loosened = find_loosened([CREATE], settings, [replace(BASE, freezes=(freeze,))], {})
    assert [each.acknowledge for each in loosened] == found
    assert find_loosened([CREATE], replace(SETTINGS, freezes=(lasting,)), [replace(BASE, freezes=(freeze,))], {}) == ()


def test_accounts_have_the_aliases_of_the_base_for_its_limits() -> None:
    other = replace(TARGET, name="other", accounts={"main": 7, "fund": 2})
    base = replace(BASE, targets=(TARGET, other, replace(TARGET, mode=Mode.PAPER, accounts={"paper": 3})))
    assert base.find_aliases(replace(TARGET, accounts={"new": 1})) == {"main": 1, "fund": 2}
    assert BaseRules().find_aliases(TARGET) == {}


def test_without_a_lock_only_what_may_commit_money_twice_counts() -> None:
    assert find(CREATE, CLOSE, CANCEL, target=UNLOCKED) == ["lock=1"]
    outside = replace(BASE, targets=(UNLOCKED,))
    assert find(CREATE, base=outside, target=UNLOCKED) == []


@pytest.mark.parametrize("shorter", [replace(TARGET, settle_s=9), replace(TARGET, gateway_delay_s=299)])
def test_a_shorter_wait_counts_what_is_opened(shorter: Target) -> None:
    assert find(CREATE, CLOSE, target=shorter) == ["settle=1"]


def test_a_longer_wait_counts_nothing() -> None:
    assert find(CREATE, target=replace(TARGET, settle_s=11, gateway_delay_s=301)) == []


def test_a_new_target_is_measured_by_the_built_in_waits() -> None:
    sandbox = replace(TARGET, name="sandbox", kind=TargetKind.SANDBOX, settle_s=0, gateway_delay_s=0)
    base = replace(BASE, targets=(sandbox, replace(TARGET, name="other")))
    assert find(CREATE, base=base, target=TARGET) == []
    assert find(CREATE, base=base, target=replace(TARGET, settle_s=9)) == ["settle=1"]


@pytest.mark.parametrize("changed", [replace(TARGET, mode=Mode.PAPER), replace(TARGET, base_url="https://x")])
def test_money_committed_at_another_place_than_the_base_names_counts(changed: Target) -> None:
    assert find(CREATE, CLOSE, CANCEL, target=changed) == ["target=1"]


def test_money_committed_on_an_account_that_the_base_does_not_name_counts() -> None:
    assert find(CREATE, base=replace(BASE, targets=(replace(TARGET, accounts={"main": 2}),))) == ["target=1"]


def test_opened_under_a_name_that_the_base_does_not_know() -> None:
    assert find(CREATE, CLOSE, workspace="other") == ["workspace=1"]
    assert find(CREATE, base=replace(BASE, workspaces=frozenset({"test", "other"})), workspace="other") == []


def test_opened_only_by_an_id_under_foreign() -> None:
    assert find(CREATE, by_foreign={"btc-dip": (8,)}) == ["foreign=1"]
    assert find(CLOSE, by_foreign={"btc-dip": (8,)}) == []


def test_where_the_base_has_no_such_workspace_the_built_in_rules_count() -> None:
    assert find(CREATE, base=BaseRules(), workspace="other") == []
    assert find(CREATE, base=BaseRules(), target=replace(UNLOCKED, settle_s=0)) == ["lock=1", "settle=1"]


def test_the_rules_of_every_workspace_of_the_base_count_and_a_trade_counts_once() -> None:
    one, other = (replace(BASE, prevented={"btc-dip": {word}}) for word in (Prevented.CLOSE, Prevented.FREES))
    found = find_loosened([CLOSE], SETTINGS, [one, other], {})
    assert [(each.name, each.value, each.trades) for each in found] == [("prevent", Decimal(1), ("btc-dip",))]
