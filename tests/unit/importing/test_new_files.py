"""New trades as text: a file of their own, or at the end of one that exists."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.importing.choices import Choice
from reconciler.importing.new_files import New, add_to_file, compose_file
from reconciler.importing.statement import Statement
from tests.support import builders
from tests.support.check_files import check_text


def new(name: str, account_id: int = 1, generation: int = 1) -> New:
    terms = replace(builders.terms(), account_id=account_id)
    choice = Choice(live=builders.live(), name=name, generation=generation, spec=None)
    return choice, Statement(terms=terms, unallocated_pct=Decimal(0), note="")


def test_a_new_file_states_the_trades_and_their_account_once() -> None:
    text = compose_file([new("a"), new("b", generation=3)], {"main": 1})
    specs, problems = check_text(text)
    assert not problems
    assert [(spec.name, spec.generation, spec.terms) for spec in specs] == [
        ("a", 1, builders.terms()),
        ("b", 3, builders.terms()),
    ]
    assert text.count("account: main") == 1


def test_trades_of_two_accounts_name_theirs_each() -> None:
    text = compose_file([new("a"), new("b", account_id=2)], {"main": 1})
    assert "account: main" in text
    assert "account: 2" in text
    assert not text.startswith("version: 1\naccount")


def test_a_trade_is_added_at_the_end_and_all_else_stays_as_it_was() -> None:
    before = compose_file([new("a")], {"main": 1}) + "# the end\n"
    after = add_to_file(before, [new("b")], {"main": 1}, shared_id=1, keeps_types=False)
    assert after.startswith(before.removesuffix("# the end\n"))
    specs, problems = check_text(after)
    assert not problems
    assert [spec.name for spec in specs] == ["a", "b"]


def test_the_first_trade_of_an_empty_file_is_added() -> None:
    after = add_to_file(
        "version: 1\naccount: main\ntrades: {}\n", [new("a")], {"main": 1}, shared_id=1, keeps_types=True
    )
    specs, problems = check_text(after)
    assert not problems
    assert [spec.name for spec in specs] == ["a"]
