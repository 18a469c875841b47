from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.guardrails.config_changes import compare_config, compare_prevent
from reconciler.model.lifecycle import Lifecycle, Prevented
from reconciler.model.specs import TradeSpec
from tests.support import builders


def changes(before: dict[str, object], after: dict[str, object]) -> dict[str, tuple[str | None, str | None]]:
    return {change.path: (change.before, change.after) for change in compare_config(before, after)}


def targets(**target: object) -> dict[str, object]:
    return {"targets": {"real": {"kind": "api", "mode": "real", **target}}}


@pytest.mark.parametrize(
    ("before", "after", "path", "values"),
    [
        ({}, {"guardrails": {"closes": 50}}, "guardrails.closes", ("0", "50")),
        ({"guardrails": {"closes": 2}}, {}, "guardrails.closes", ("2", "0")),
        ({}, {"guardrails": {"omissions": 5000}}, "guardrails.omissions", ("5", "5000")),
        ({}, {"price_moved_pct": Decimal("99.50")}, "price_moved_pct", ("2", "99.5")),
        ({"foreign": [1]}, {"foreign": [1, 2]}, "foreign", ("[1]", "[1, 2]")),
        ({"workspace": "a"}, {"workspace": "b"}, "workspace", ("a", "b")),
        ({"workspace_was": ["a"]}, {}, "workspace_was", ("[a]", None)),
        ({}, {"include": ["spot/*.yaml"]}, "include", (None, "[spot/*.yaml]")),
        (targets(settle=10), targets(settle=0), "targets.real.settle", ("10", "0")),
        (targets(), targets(lock="external"), "targets.real.lock", (None, "external")),
        (targets(accounts={"main": 1}), targets(accounts={"main": 2}), "targets.real.accounts.main", ("1", "2")),
    ],
)
def test_each_rule_that_changed_is_named_with_both_values(
    before: dict[str, object], after: dict[str, object], path: str, values: tuple[str | None, str | None]
) -> None:
    assert changes(before, after) == {path: values}


def test_what_is_stated_as_the_default_is_no_change() -> None:
    assert changes({}, {"guardrails": {"closes": 0}, "price_moved_pct": 2, "version": 1}) == {}


def test_a_removed_target_is_named_by_all_that_it_said() -> None:
    assert changes(targets(accounts={"main": 1}), {}) == {
        "targets.real.kind": ("api", None),
        "targets.real.mode": ("real", None),
        "targets.real.accounts.main": ("1", None),
    }


def test_nothing_is_shown_of_what_is_not_a_rule_nor_a_password() -> None:
    old = {"api_secret": "s3cret", **targets(key="s3cret", base_url="https://me:s3cret@api.example/x")}
    assert changes(old, {}) == {
        "targets.real.kind": ("api", None),
        "targets.real.mode": ("real", None),
        "targets.real.base_url": ("https://api.example/x", None),
    }


def preventing(*words: Prevented, name: str = "btc-dip") -> TradeSpec:
    return replace(builders.spec(name=name), lifecycle=Lifecycle(prevent=frozenset(words)))


def test_a_trade_whose_prevent_lost_words_is_named() -> None:
    (change,) = compare_prevent([preventing(Prevented.CLOSE, Prevented.UPDATE)], [preventing(Prevented.UPDATE)])
    assert (change.path, change.before, change.after) == (
        "trades.btc-dip.lifecycle.prevent",
        "close, update",
        "update",
    )
    assert compare_prevent([preventing(Prevented.UPDATE)], [preventing(Prevented.UPDATE, Prevented.CLOSE)]) == ()


def test_a_trade_that_was_renamed_or_taken_out_of_the_files_is_named_too() -> None:
    renamed = replace(preventing(name="new"), former_names=("btc-dip",))
    assert compare_prevent([preventing(Prevented.CLOSE)], [renamed])[0].path == "trades.new.lifecycle.prevent"
    assert compare_prevent([preventing(Prevented.CLOSE)], [])[0].after is None
    assert compare_prevent([preventing()], []) == ()
