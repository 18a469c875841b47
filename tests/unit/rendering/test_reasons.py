"""The registry of sentences: every code of every stage has one, and no two codes share a text."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from enum import StrEnum

import pytest

import reconciler.model
from reconciler.model.forecasts import Forecast
from reconciler.model.opening_reasons import OpeningHint, OpeningReason
from reconciler.model.plan_reasons import BlockHint, BlockReason, MarketReason, NoticeReason
from reconciler.model.reasons import reason
from reconciler.rendering import reasons
from reconciler.rendering.reasons import all_codes, describe, describe_all, find_code

PLAN_ENUMS = (Forecast, OpeningReason, OpeningHint, BlockReason, BlockHint, NoticeReason, MarketReason)


def enums_of_the_model() -> Iterator[type[StrEnum]]:
    """All text enums that the model defines."""
    for module in pkgutil.iter_modules(reconciler.model.__path__, "reconciler.model."):
        found = vars(importlib.import_module(module.name)).values()
        yield from (each for each in found if isinstance(each, type) and issubclass(each, StrEnum))


@pytest.mark.parametrize("enum", PLAN_ENUMS)
def test_every_code_of_a_plan_has_a_sentence(enum: type[StrEnum]) -> None:
    assert [code for code in enum if find_code(code.value) is not code] == []


def test_an_enum_with_one_sentence_has_all() -> None:
    for enum in set(enums_of_the_model()):
        known = {code for code in all_codes() if type(code) is enum}
        assert known in (set(), set(enum)), enum


def test_no_two_codes_share_a_text() -> None:
    codes = [code.value for stage in reasons._STAGES for code in stage]

    assert sorted(codes) == sorted(set(codes))


def test_several_sentences_make_one_line() -> None:
    assert describe(reason(Forecast.MOVES_NO_MONEY)) == "moves no money"
    both = (reason(Forecast.MOVES_NO_MONEY), reason(Forecast.LEFT_TO_USER))
    assert describe_all(both) == "moves no money; the trade continues without reconciler"


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown reason code 'rm -rf'"):
        find_code("rm -rf")
