from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.sandbox.requests.parameters import MAX_NESTING, nest_pairs, read_parameters
from reconciler.sandbox.values.refusals import RequestRefused


@pytest.mark.parametrize(
    ("pairs", "nested"),
    [
        ([("a", "1"), ("a", "2")], {"a": "2"}),
        ([("a[b][c]", "1"), ("a[b][d]", "2")], {"a": {"b": {"c": "1", "d": "2"}}}),
        ([("a[]", "1"), ("a[]", "2")], {"a": ["1", "2"]}),
        ([("a[][b]", "1"), ("a[][c]", "2"), ("a[][b]", "3")], {"a": [{"b": "1", "c": "2"}, {"b": "3"}]}),
        (
            [("a[][p][t]", "1"), ("a[][p][v]", "2"), ("a[][p][t]", "3")],
            {"a": [{"p": {"t": "1", "v": "2"}}, {"p": {"t": "3"}}]},
        ),
        ([("a[][b][]", "1"), ("a[][b][]", "2")], {"a": [{"b": ["1", "2"]}]}),
        ([("a[b", "1")], {"a[b": "1"}),
        ([("[a]", "1")], {"[a]": "1"}),
    ],
)
def test_bracket_keys_nest_as_rack_nests_them(pairs: list[tuple[str, str]], nested: dict[str, object]) -> None:
    assert nest_pairs(pairs) == nested


@pytest.mark.parametrize(
    "pairs",
    [
        [("a", "1"), ("a[b]", "2")],
        [("a[]", "1"), ("a[b]", "2")],
        [("a[b]", "1"), ("a[]", "2")],
        [("a" + "[b]" * (MAX_NESTING + 1), "1")],
    ],
)
def test_keys_that_contradict_each_other_are_refused(pairs: list[tuple[str, str]]) -> None:
    with pytest.raises(RequestRefused) as refused:
        nest_pairs(pairs)

    assert refused.value.status == 400


def test_the_query_wins_over_the_body() -> None:
    assert read_parameters("a=1", b'{"a": 2, "b": 3}', is_json=True) == {"a": "1", "b": 3}
    assert read_parameters("a=1", b"a=2&b=3", is_json=False) == {"a": "1", "b": "3"}


def test_json_numbers_keep_their_digits() -> None:
    parameters = read_parameters("", b'{"a": 0.10000000000000000001}', is_json=True)

    assert parameters == {"a": Decimal("0.10000000000000000001")}


def test_a_json_body_that_is_no_object_has_no_parameters() -> None:
    assert read_parameters("", b"[1]", is_json=True) == {}
