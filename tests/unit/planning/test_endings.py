"""A trade that ended is never opened again by itself: every way to end against all that may become of its file."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.planning.stories import Story, describe_plan

pytestmark = pytest.mark.slow

# Way to end: what happens, and how the plan calls it.
ENDINGS: dict[str, tuple[dict[str, Any], str]] = {
    "finished": ({"happens": ["price 59990", "price 63000", "price 66000"]}, "finished"),
    "stopped-out": ({"happens": ["price 59990", "price 58000"]}, "stopped out"),
    "stopped-out-after-a-step": ({"happens": ["price 59990", "price 63000", "price 58000"]}, "stopped out"),
    "cancelled-waiting": ({"happens": ["cancel"]}, "cancelled"),
    "cancelled-filling": (
        {"happens": ["fill 0.004", "cancel"]},
        "cancelled with 0.004 BTC that no stop protects",
    ),
    "cancelled-open": (
        {"happens": ["price 59990", "cancel"]},
        "cancelled with 0.01 BTC that no stop protects",
    ),
    "closed-outside": ({"happens": ["price 59990", "close"]}, "closed at market"),
    "liquidated": ({"happens": ["price 59990"], "shows": {"status": {"type": "liquidated"}}}, "liquidated"),
    "settled": ({"happens": ["price 59990"], "shows": {"status": {"type": "settled"}}}, "settled"),
    "failed-filled": (
        {"happens": ["price 59990"], "shows": {"status": {"type": "failed", "error": "Unknown error"}}},
        "failed (Unknown error)",
    ),
    "failed-unfilled": (
        {"before": ["refuse pair_closed"]},
        "failed (Trading on this pair is closed)",
    ),
}
# What is said of an end that nobody asked for, on every run; the others are as they should be.
_HINT = "raise generation to 2 to open it again, or write `state: closed`, or remove it from its file"
_WAYS = (
    "take them over by a trade with own funds (`skip_enter_step: true`) in a file, {}or list it in reconciler.yaml:"
    " `foreign: [30000001]`"
)
_FILED_WAYS = _WAYS.format("write `state: abandoned` in its file, ")
NEWS = {
    "cancelled-waiting": f"loss: it was cancelled outside the files: {_HINT}",
    "cancelled-filling": f"loss: it ended (cancelled) with 0.004 BTC that no stop protects: {_FILED_WAYS}",
    "cancelled-open": f"loss: it ended (cancelled) with 0.01 BTC that no stop protects: {_FILED_WAYS}",
    "closed-outside": f"loss: it was closed outside the files: {_HINT}",
    "liquidated": f"loss: it was liquidated: {_HINT}",
    "failed-filled": f"loss: it ended (failed: Unknown error) with 0.01 BTC that no stop protects: {_FILED_WAYS}",
    "failed-unfilled": f"loss: it failed (Trading on this pair is closed): {_HINT}",
}
MOVED = {"name": "btc-new", "file": {"moved": [{"from": "btc-dip", "to": "btc-new"}]}}
# What becomes of the file: its keys in a story, and whether the trade is another one then.
WISHES: dict[str, tuple[dict[str, Any], bool]] = {
    "unchanged": ({}, False),
    "other-text": ({"edit": {"note": "other words"}}, False),
    "other-stop": ({"edit": {"stop_loss.conditional.price": 58600}}, True),
    "other-entry": ({"edit": {"position.price": 59000}}, True),
    "moved": (MOVED, False),
    "moved-and-other-stop": (MOVED | {"edit": {"stop_loss.conditional.price": 58600}}, True),
    "workspace-renamed": ({"was": ["test"]}, False),
    "workspace-renamed-and-moved": (MOVED | {"was": ["test"]}, False),
    "update-prevented": ({"edit": {"lifecycle": {"prevent": ["update", "create"]}}}, False),
}


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("wish", WISHES)
def test_a_trade_that_ended_is_not_opened_again_by_itself(ending: str, wish: str) -> None:
    (lived, word), (file, is_another) = ENDINGS[ending], WISHES[wish]
    with Story({"base": "long", **lived, **file}) as story:
        story.live_through()
        expected = [NEWS[ending]] if ending in NEWS else []
        if is_another:
            expected.append(f"not_opened: {word}, the file has changed since; not opened: raise generation to 2")
        elif ending == "failed-unfilled":
            expected.append(f"not_opened: {word}, nothing was filled; not opened: raise generation to 2")
        elif ending not in NEWS:
            expected.append(f"ended: {word}")
        assert describe_plan(story.plan()) == {"plan": [], "blocked": [], "notices": expected}


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("file", [{}, MOVED, {"was": ["test"]}], ids=["same-name", "moved", "workspace-renamed"])
def test_a_raised_generation_opens_it_again_under_whatever_name(ending: str, file: dict[str, Any]) -> None:
    lived, _ = ENDINGS[ending]
    with Story({"base": "long", **lived, **file, "edit": {"generation": 2}}) as story:
        story.live_through()
        story.world.price("USDT_BTC", 61000)
        # Coins that the generation before has left behind are still held without a stop.
        news = (
            [NEWS[ending].replace(_FILED_WAYS, _WAYS.format(""))] if "no stop protects" in NEWS.get(ending, "") else []
        )
        assert describe_plan(story.plan()) == {"plan": ["create commits"], "blocked": [], "notices": news}


@pytest.mark.parametrize("state", ["closed", "abandoned", "released"])
def test_what_shall_end_and_has_ended_needs_nothing(state: str) -> None:
    with Story({"base": "long", "happens": ["cancel"], "edit": {"state": state}}) as story:
        story.live_through()
        assert describe_plan(story.plan()) == {"plan": [], "blocked": [], "notices": []}


def test_the_generation_to_raise_to_follows_that_of_the_file() -> None:
    script = {"base": "long", "applied": {"generation": 4}, "happens": ["cancel"], "edit": {"position.price": 59000}}
    with Story(script) as story:
        story.live_through()
        assert describe_plan(story.plan())["notices"][1:] == [
            "not_opened: cancelled, the file has changed since; not opened: raise generation to 5"
        ]


def test_a_generation_below_one_that_was_seen_is_blocked_under_the_new_name_too() -> None:
    script = {"base": "long", "applied": {"generation": 2}, "happens": ["cancel"], **MOVED, "edit": {"generation": 1}}
    with Story(script) as story:
        story.live_through()
        assert describe_plan(story.plan())["blocked"] == ["generation 2 was opened already and the file says 1"]
