"""Random reasons: any code with values that fit its sentence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum

from hypothesis import strategies as st

from reconciler.model.reasons import Amount, Reason, ReasonValue
from reconciler.rendering.reasons import all_codes, find_template
from reconciler.rendering.templates import find_optional, find_places

_texts = st.text(max_size=12)
_amounts = st.builds(Amount, st.decimals("-1e9", "1e9", places=8), _texts)
_instants = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
_KINDS: Mapping[str, st.SearchStrategy[ReasonValue]] = {
    "": _texts,
    "words": _texts,
    "ending": _texts,
    "opens": st.sampled_from(["buy", "sell"]),
    "closes": st.sampled_from(["buy", "sell"]),
    "bool": st.booleans(),
    "n": st.integers(0, 10**9),
    "id": st.integers(1, 10**9),
    "count": st.integers(0, 99),
    "amount": _amounts,
    "exact": _amounts,
    "bare": _amounts,
    "round": _amounts,
    "time": _instants,
}
_LISTS = ("list", "and", "semicolons", "code")


def any_reasons() -> st.SearchStrategy[Reason]:
    """A reason of any stage with all values of its sentence, some of the optional ones left out."""
    return _ALL


def reason_with(code: StrEnum, text: str) -> Reason:
    """A reason whose texts are all a given one; its other values are examples."""
    examples = {"n": 1, "id": 7, "count": 2}
    places = find_places(find_template(code))
    values = {name: examples.get(kind.partition(" ")[0], text) for name, kind in places.items()}
    return Reason(code, tuple(sorted(values.items())))


def _make(code: StrEnum, inner: st.SearchStrategy[Reason]) -> st.SearchStrategy[Reason]:
    """Reasons of one code, with others of a strategy inside."""
    template = find_template(code)
    optional = find_optional(template)
    values = {name: _values(kind, inner) for name, kind in find_places(template).items()}
    return st.fixed_dictionaries(
        {name: value for name, value in values.items() if name not in optional},
        optional={name: value for name, value in values.items() if name in optional},
    ).map(lambda drawn: Reason(code, tuple(sorted(drawn.items()))))


def _values(kind: str, inner: st.SearchStrategy[Reason]) -> st.SearchStrategy[ReasonValue]:
    word = kind.partition(" ")[0]
    if word == "reason":
        return inner
    if word in _LISTS:
        return st.lists(_texts | _amounts | inner, max_size=2).map(tuple)
    return _KINDS[word]


_PLAIN = st.sampled_from([Reason(code) for code in all_codes() if not find_places(find_template(code))])
_ALL = st.sampled_from([_make(code, _PLAIN) for code in all_codes()]).flatmap(lambda reasons: reasons)
