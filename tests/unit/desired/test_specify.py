"""Documents to specs: short forms, defaults, accounts, and what one trade says about another."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from reconciler.codec.body import write_body
from reconciler.desired.specify import specify
from reconciler.loading.files import load_text
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.model.terms import PriceType
from tests.support.check_files import check_text, check_texts, show

VALID = sorted((Path(__file__).parents[2] / "cases" / "valid").glob("*.yaml"))
HEAD = "version: 1\naccount: main\n"
ENTRY = "pair: USDT_BTC, position: {type: buy, order_type: market, units: 1}"


def only_spec(text: str) -> TradeSpec:
    specs, problems = check_text(text)
    assert [show(problem) for problem in problems] == []
    assert len(specs) == 1
    return specs[0]


def spec_of(fields: str, head: str = HEAD) -> TradeSpec:
    return only_spec(f"{head}trades:\n  a: {{{fields}}}\n")


def problems_of(text: str) -> list[str]:
    return [show(problem) for problem in check_text(text)[1]]


@pytest.mark.parametrize("case", VALID, ids=lambda case: case.stem)
def test_a_good_file_makes_the_bodies_that_are_expected(case: Path) -> None:
    """Beside each .yaml stands a .json: the create body of each trade by name."""
    specs, problems = check_text(case.read_bytes())
    assert [show(problem) for problem in problems] == []
    bodies = {spec.name: write_body(spec.terms) for spec in specs}
    assert bodies == json.loads(case.with_suffix(".json").read_text())


def test_the_names_generation_state_and_note_of_a_trade_are_kept() -> None:
    spec = spec_of(f"{ENTRY}, generation: 3, state: closed, note: ' weekly retest '")
    assert (spec.name, spec.generation, spec.state, spec.note) == ("a", 3, DesiredState.CLOSED, "weekly retest")
    assert (spec.origin.file, spec.origin.line, spec.origin.column) == ("plan.yaml", 4, 3)


def test_a_trade_that_says_little_is_open_in_its_first_generation_without_exits() -> None:
    spec = spec_of(ENTRY)
    assert (spec.generation, spec.state, spec.note) == (1, DesiredState.OPEN, "")
    assert (spec.terms.steps, spec.terms.stop_loss, spec.terms.leverage) == ((), None, None)
    assert spec.unallocated_pct == 0


def test_unallocated_is_kept() -> None:
    steps = "take_profit: {steps: [{order_type: limit, price: 5, volume: 70}], unallocated: '30'}"
    assert spec_of(f"{ENTRY}, {steps}").unallocated_pct == Decimal(30)


def test_unallocated_of_a_disabled_group_means_nothing() -> None:
    assert spec_of(f"{ENTRY}, take_profit: {{enabled: false, unallocated: 30}}").unallocated_pct == 0


def test_steps_and_stops_watch_the_last_price_and_entries_that_of_the_api() -> None:
    spec = spec_of(
        "pair: USDT_BTC, position: {type: sell, order_type: conditional, units: 1,"
        " conditional: {price: 5, order_type: market}},"
        " take_profit: [{order_type: limit, price: 4, volume: 100}],"
        " stop_loss: {order_type: market, conditional: {price: 6}}"
    )
    assert spec.terms.entry.condition is not None
    assert spec.terms.stop_loss is not None
    assert spec.terms.entry.condition.price_type is PriceType.BID
    assert spec.terms.steps[0].level.price_type is PriceType.LAST
    assert spec.terms.stop_loss.trigger.price_type is PriceType.LAST


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("take_profit: false", "take_profit: {enabled: false}"),
        ("take_profit: false", "note: x"),
        ("stop_loss: false", "stop_loss: {enabled: 'false'}"),
        ("stop_loss: false", "note: x"),
        ("leverage: false", "leverage: {enabled: false, type: cross, value: 3}"),
        ("leverage: {type: cross, value: 3}", "leverage: {enabled: 'true', type: cross, value: '3'}"),
        (
            "take_profit: [{order_type: limit, price: 5, volume: 100, trailing: false}]",
            (
                "take_profit: {enabled: true, steps: [{order_type: limit, price: {value: '5.0', type: last},"
                " volume: '100.0', trailing: {enabled: false}}]}"
            ),
        ),
        (
            "take_profit: [{order_type: market, price: 5, volume: 100, trailing: 1.5}]",
            "take_profit: {steps: [{order_type: market, price: {value: 5}, volume: 100, trailing: {percent: '1.50'}}]}",
        ),
        (
            "stop_loss: {order_type: limit, price: 4, conditional: {price: 5}, timeout: 30}",
            (
                "stop_loss: {enabled: true, order_type: limit, price: {value: 4}, conditional: {price: {value: 5}},"
                " timeout: {enabled: true, value: '30'}}"
            ),
        ),
        (
            "stop_loss: {order_type: market, conditional: {price: 5, trailing: 2}, timeout: false}",
            (
                "stop_loss: {order_type: market, breakeven: false,"
                " conditional: {price: {value: 5}, trailing: {enabled: 'true', percent: 2}}}"
            ),
        ),
    ],
)
def test_a_short_form_means_its_long_form(short: str, long: str) -> None:
    assert spec_of(f"{ENTRY}, {short}").terms == spec_of(f"{ENTRY}, {long}").terms


def test_short_forms_of_an_entry_mean_their_long_forms() -> None:
    short = "position: {type: buy, order_type: conditional, units: 1, conditional: {price: 5, order_type: market"
    long = (
        "position: {type: buy, order_type: conditional, units: {value: '1'},"
        " conditional: {price: {value: 5, type: ask}, order_type: market"
    )
    assert spec_of(f"pair: USDT_BTC, {short}, trailing: 2}}}}").terms == (
        spec_of(f"pair: USDT_BTC, {long}, trailing: {{enabled: true, percent: 2}}}}}}").terms
    )


DEFAULTS = """\
version: 1
account: main
defaults:
  pair: USDT_BTC
  note: from the file
  position: {type: buy, order_type: market}
  stop_loss: {order_type: market, conditional: {price: {type: bid}, trailing: 2}, timeout: 30}
  leverage: {type: isolated}
trades:
"""


def test_defaults_complete_what_the_trade_leaves_out() -> None:
    text = (
        f"{DEFAULTS}  a: {{position: {{units: 1}}, stop_loss: {{conditional: {{price: 5}}}}, leverage: {{value: 3}}}}"
    )
    spec = only_spec(text)
    stop = spec.terms.stop_loss
    assert stop is not None
    assert (spec.terms.pair, spec.note) == ("USDT_BTC", "from the file")
    assert (stop.trailing_pct, stop.timeout_s, stop.trigger.price_type) == (Decimal(2), 30, PriceType.BID)
    assert stop.trigger.value == 5
    assert spec.terms.leverage is not None


def test_defaults_switch_no_group_on() -> None:
    spec = only_spec(f"{DEFAULTS}  a: {{position: {{units: 1}}}}")
    assert spec.terms.stop_loss is None
    assert spec.terms.leverage is None


def test_defaults_switch_no_group_off_nor_on_again() -> None:
    spec = only_spec(f"{DEFAULTS}  a: {{position: {{units: 1}}, stop_loss: false}}")
    assert spec.terms.stop_loss is None


def test_what_a_trade_says_beats_the_defaults() -> None:
    stop = "stop_loss: {order_type: limit, price: 6, conditional: {price: {value: 5, type: last}, trailing: false}}"
    spec = only_spec(f"{DEFAULTS}  a: {{pair: USDT_ETH, position: {{type: sell, units: 1}}, {stop}, note: own}}")
    assert spec.terms.stop_loss is not None
    assert (spec.terms.pair, spec.note, spec.terms.entry.side.value) == ("USDT_ETH", "own", "sell")
    assert (spec.terms.stop_loss.trailing_pct, spec.terms.stop_loss.trigger.price_type) == (None, PriceType.LAST)


def test_a_list_of_steps_replaces_the_default_list() -> None:
    text = (
        f"{HEAD}defaults: {{take_profit: [{{order_type: limit, price: 9, volume: 100}}]}}\ntrades:\n"
        f"  a: {{{ENTRY}, take_profit: {{}}}}\n"
        f"  b: {{{ENTRY}, take_profit: [{{order_type: limit, price: 7, volume: 100}}]}}\n"
    )
    specs, problems = check_text(text)
    assert problems == []
    assert [spec.terms.steps[0].level.value for spec in specs] == [9, 7]


def test_a_problem_in_the_defaults_is_shown_there_and_names_the_trade() -> None:
    trade = f"  a: {{{ENTRY}, stop_loss: {{conditional: {{price: 5}}}}}}\n"
    text = f"{HEAD}defaults:\n  stop_loss: {{order_type: limit}}\ntrades:\n{trade}"
    column = trade.index("stop_loss") + 1
    message = "price is missing, expected the price of the limit order"
    assert problems_of(text) == [f"6:{column}: error: trades.a.stop_loss.price: {message}"]
    text = text.replace("order_type: limit", "order_type: market, conditional: {trailing: 99.5}")
    assert [problem.split(": error")[0] for problem in problems_of(text)] == ["4:59"]


@pytest.mark.parametrize(
    ("head", "fields", "account_id"),
    [
        ("account: main", "", 1),
        ("account: 77", "", 77),
        ("account: '77'", "", 77),
        ("account_id: 78", "", 78),
        ("account_id: '78'", "", 78),
        ("account: main", ", account: futures", 2),
        ("account: main", ", account_id: 9", 9),
        ("account_id: 9", ", account: futures", 2),
    ],
)
def test_an_account_is_an_alias_or_an_id_of_the_trade_or_the_file(head: str, fields: str, account_id: int) -> None:
    assert spec_of(ENTRY + fields, f"version: 1\n{head}\n").terms.account_id == account_id


def test_an_alias_of_digits_beats_an_id() -> None:
    document, _ = load_text(f"version: 1\naccount: '77'\ntrades: {{a: {{{ENTRY}}}}}", "plan.yaml")
    assert document is not None
    specs, _ = specify([document], {"77": 5}, workspace="demo")
    assert specs[0].terms.account_id == 5


def test_an_unknown_account_of_the_file_is_told_once() -> None:
    text = f"version: 1\naccount: man\ntrades:\n  a: {{{ENTRY}}}\n  b: {{{ENTRY}}}\n"
    assert problems_of(text) == ['2:10: error: account: found the unknown account "man"; did you mean main?']
    assert check_text(text)[0] == ()


def test_without_accounts_an_alias_is_unknown() -> None:
    document, _ = load_text(f"{HEAD}trades: {{a: {{{ENTRY}}}}}", "plan.yaml")
    assert document is not None
    _, problems = specify([document], {}, workspace="demo")
    assert [problem.message for problem in problems] == ['found the unknown account "main"; expected nothing here']


def test_a_name_is_unique_in_the_workspace() -> None:
    text = f"{HEAD}trades:\n  btc: {{{ENTRY}}}\n"
    specs, problems = check_texts(
        {"a.yaml": text, "b.yaml": text.replace("btc:", "eth:"), "c.yaml": f"# moved\n{text}"}
    )
    assert [(problem.file, show(problem)) for problem in problems] == [
        (
            "c.yaml",
            "5:3: error: trades.btc: found the name btc a second time; the first is in a.yaml:4, names are unique",
        )
    ]
    assert [spec.name for spec in specs] == ["btc", "eth"]


def test_problems_of_all_files_are_told_at_once() -> None:
    _, problems = check_texts(
        {"a.yaml": "x: [", "b.yaml": "version: 2\ntrades: {}", "c.yaml": f"{HEAD}trades: {{a: {{}}}}"}
    )
    assert [problem.file for problem in problems] == ["a.yaml", "b.yaml", "c.yaml", "c.yaml"]


def test_a_trade_with_a_warning_has_a_spec_and_one_with_an_error_has_none() -> None:
    text = (
        f"{HEAD}trades:\n  a: {{{ENTRY.replace('units: 1', 'units: 1, price: 5')}}}\n  b: {{{ENTRY}, instant: maybe}}\n"
    )
    specs, problems = check_text(text)
    assert [spec.name for spec in specs] == ["a"]
    assert [problem.severity.value for problem in problems] == ["warning", "error"]


def test_an_error_beside_the_trades_leaves_no_spec_of_the_file() -> None:
    specs, _ = check_text(f"{HEAD}extra: 1\ntrades:\n  a: {{{ENTRY}}}\n")
    assert specs == ()


def test_a_misspelt_key_is_told_once() -> None:
    text = f"{HEAD}trades:\n  a: {{pari: USDT_BTC, position: {{type: buy, ordertype: market, units: 1}}}}\n"
    assert [problem.split(": error: ")[1].split(":")[0] for problem in problems_of(text)] == [
        "trades.a.pari",
        "trades.a.position.ordertype",
    ]


def test_a_problem_of_one_trade_hides_none_of_a_trade_with_a_longer_name() -> None:
    longer = "  a.b: {position: {type: buy, order_type: limit, units: 1}}\n"
    text = f"{HEAD}trades:\n  a: {{{ENTRY}, colour: red}}\n{longer}"
    assert len(problems_of(text)) == 3


@pytest.mark.parametrize(
    "trade",
    [
        "{pair: [], position: 5}",
        "5",
        "{position: {type: 1, order_type: x, units: [], conditional: 5}, take_profit: [5]}",
        f"{{{ENTRY}, state: gone}}",
    ],
)
def test_a_document_that_nobody_validated_gives_problems_and_no_traceback(trade: str) -> None:
    document, _ = load_text(f"{HEAD}trades: {{a: {trade}}}", "plan.yaml")
    assert document is not None
    specs, problems = specify([document], {"main": 1}, workspace="demo")
    assert specs == ()
    assert problems or trade == "5"


def test_no_documents_want_nothing() -> None:
    assert specify([], {}, workspace="demo") == ((), ())
