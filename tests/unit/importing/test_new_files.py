"""New trades as a file of their own, or at the end of one that exists."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from reconciler.formatting.splice import CannotSplice
from reconciler.importing.choices import Choice
from reconciler.importing.new_files import New, add_to_file, compose_file
from reconciler.importing.statement import Statement
from reconciler.model.specs import TradeSpec
from reconciler.model.terms import Terms
from tests.support.builders import live, spec, terms
from tests.support.check_files import check_text


def new(name: str, wanted: Terms | None = None, generation: int = 1) -> New:
    wanted = wanted or terms()
    choice = Choice(live=live(spec(wanted)), name=name, generation=generation, spec=None)
    return choice, Statement(terms=wanted, unallocated_pct=Decimal(0), note="", averaging=())


def read(text: str) -> Sequence[TradeSpec]:
    specs, problems = check_text(text)
    assert problems == []
    return specs


def test_a_new_file_names_the_account_once_and_is_valid() -> None:
    text = compose_file([new("a"), new("b", generation=2)], {"main": 1})
    assert text.startswith("version: 1\naccount: main\ntrades:\n  a:\n")
    assert text.count("account") == 1
    assert "\n\n  b:\n    generation: 2\n" in text
    assert [(each.name, each.generation, each.terms) for each in read(text)] == [("a", 1, terms()), ("b", 2, terms())]


def test_trades_of_several_accounts_name_their_own() -> None:
    text = compose_file([new("a"), new("b", terms(account_id=2))], {"main": 1, "futures": 2})
    assert [each.terms.account_id for each in read(text)] == [1, 2]
    assert text.count("account: ") == 2


def test_an_account_without_an_alias_is_named_by_its_id() -> None:
    assert "account: 9\n" in compose_file([new("a", terms(account_id=9))], {"main": 1})


def test_trades_are_added_behind_the_others_and_the_rest_is_unchanged() -> None:
    before = compose_file([new("a")], {"main": 1}) + "  # the end\n"
    after = add_to_file(before, [new("b")], {"main": 1}, shared_id=1, keeps_types=False)
    assert after.startswith(before[: before.index("  # the end")])
    assert "# the end" in after
    assert [each.name for each in read(after)] == ["a", "b"]


@pytest.mark.parametrize("empty", ["trades: {}\n", "trades:\n"])
def test_the_first_trade_of_a_file_takes_the_place_of_nothing(empty: str) -> None:
    after = add_to_file(f"version: 1\naccount: main\n{empty}", [new("a")], {}, shared_id=1, keeps_types=False)
    assert [each.name for each in read(after)] == ["a"]


def test_price_types_are_kept_where_the_defaults_of_the_file_may_differ() -> None:
    before = "version: 1\naccount: main\ntrades:\n"
    after = add_to_file(before, [new("a")], {}, shared_id=1, keeps_types=True)
    assert "type: last" in after
    assert read(after)[0].terms == terms()


def test_trades_behind_an_alias_cannot_be_added_to() -> None:
    before = "version: 1\nx: &t {a: {pair: USDT_BTC}}\ntrades: *t\n"
    with pytest.raises(CannotSplice, match="written as an alias"):
        add_to_file(before, [new("b")], {}, shared_id=1, keeps_types=False)
