"""`moved` over all files of a workspace; what is wrong in one file is told by `tests/cases/invalid/moved-*`."""

from __future__ import annotations

from reconciler.desired.specify import specify
from reconciler.loading.files import load_text
from reconciler.model.lifecycle import Ignored, Prevented
from reconciler.model.specs import map_renames
from tests.support.check_files import ACCOUNTS, check_text, check_texts, show

HEAD = "version: 1\naccount: main\n"
ENTRY = "{pair: USDT_BTC, position: {type: buy, order_type: market, units: 1}}"


def trades(*names: str) -> str:
    return "trades:\n" + "".join(f"  {name}: {ENTRY}\n" for name in names)


def test_former_names_are_the_latest_first_over_several_files() -> None:
    texts: dict[str, str | bytes] = {
        "a.yaml": f"{HEAD}moved: [{{from: first, to: second}}]\n{trades('other')}",
        "b.yaml": f"{HEAD}moved: [{{from: second, to: third}}]\n{trades('third')}",
    }
    specs, problems = check_texts(texts)
    assert not problems
    assert {spec.name: spec.former_names for spec in specs} == {"other": (), "third": ("second", "first")}
    assert map_renames(specs) == {"first": "third", "second": "third"}


def test_a_name_that_is_a_trade_in_another_file_is_no_former_name() -> None:
    texts: dict[str, str | bytes] = {
        "a.yaml": f"{HEAD}moved:\n  - {{from: old, to: new}}\n{trades('new')}",
        "b.yaml": f"{HEAD}{trades('old')}",
    }
    (problem,) = check_texts(texts)[1]
    still = "found the name old, which is still a trade in b.yaml:4; after a move only the new name may be used"
    assert show(problem) == f"4:12: error: moved[0].from: {still}"


def test_a_second_line_for_one_name_is_found_in_another_file() -> None:
    texts: dict[str, str | bytes] = {
        "a.yaml": f"{HEAD}moved: [{{from: old, to: new}}]\n{trades('new')}",
        "b.yaml": f"{HEAD}moved: [{{from: old, to: newer}}]\n{trades('newer')}",
    }
    assert [problem.message for problem in check_texts(texts)[1]] == [
        "found the name old moved a second time; the first is in a.yaml:3"
    ]


def test_where_a_file_cannot_be_read_no_name_is_called_unknown() -> None:
    texts: dict[str, str | bytes] = {
        "a.yaml": f"{HEAD}moved: [{{from: old, to: new}}]\n{trades('other')}",
        "b.yaml": f"{HEAD}trades: {{",
    }
    assert {problem.file for problem in check_texts(texts)[1]} == {"b.yaml"}


def test_a_workspace_that_was_not_validated_does_not_break_over_what_moved_holds() -> None:
    for written in ("text", "[text]", "[{from: 1, to: 2}]", "{from: a}"):
        document, _ = load_text(f"{HEAD}moved: {written}\n{trades('a')}", "a.yaml")
        assert document is not None
        specs, problems = specify([document], ACCOUNTS, workspace="demo")
        assert ([spec.former_names for spec in specs], problems) == ([()], ())


def test_lifecycle_is_read() -> None:
    lifecycle = "lifecycle: {prevent: [close, unprotects], ignore_changes: [note, stop_loss.conditional.price]}"
    (spec,), problems = check_text(f"{HEAD}trades:\n  a: {{{lifecycle}, {ENTRY[1:]}\n")
    assert not problems
    assert spec.lifecycle.prevent == {Prevented.CLOSE, Prevented.UNPROTECTS}
    assert spec.lifecycle.ignored == {Ignored.NOTE, Ignored.TRIGGER_PRICE}


def test_without_lifecycle_nothing_is_prevented_or_ignored() -> None:
    (spec,), _ = check_text(f"{HEAD}{trades('a')}")
    assert not spec.lifecycle.prevent
    assert not spec.lifecycle.ignored
