"""One judge decides whether a trade may be opened; every doubt is an obstacle with its reason."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import pytest

from reconciler.codec.note import write_marker
from reconciler.matching.opening import Judge, Opening, want
from reconciler.matching.sighting import History, Illegible, Sighting, index_active
from reconciler.model.journal import CreatedTrade
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.opening_reasons import OpeningReason
from reconciler.model.reasons import Reason
from reconciler.rendering.reasons import describe
from tests.support.builders import entry, live, marker, spec, terms, unmarked

SPEC = spec()
ILLEGIBLE = Illegible(live_id=9, name=None, reason=Reason(OpeningReason.MARKER_DAMAGED))
CREATED = CreatedTrade(live_id=7, generation=1, is_ended=False)


def judge(
    *active: LiveTrade,
    history: Mapping[str, Any] | None = None,
    unreadable: Collection[Illegible] = (),
    doubt: str = "",
    accounts: Collection[int] | None = None,
    replaced_id: int | None = None,
    wanted: Any = SPEC,
    **sighting: Any,
) -> Opening:
    seen = Sighting(
        index=replace(index_active(active, {"test"}, unreadable, accounts=accounts), doubt=doubt),
        history=History(**{"newest": {}, **(history or {})}),
        all_names={"btc-dip"},
        **sighting,
    )
    return Judge(seen).judge(want(wanted, replaced_id=replaced_id))


def reason(opening: Opening) -> str:
    assert opening.live is None
    assert opening.obstacle is not None
    assert describe(opening.obstacle.hint)
    return describe(opening.obstacle.reason)


def test_what_is_proven_absent_may_be_opened() -> None:
    assert judge() == Opening()
    assert judge(live(spec(name="another"), id=8, shown=terms(pair="USDT_ETH"))) == Opening()


def test_what_is_there_already_is_done_and_not_opened_again() -> None:
    assert judge(live()).live == live()
    ended = live(phase=Phase.ENDED)
    assert judge(history={"newest": {"btc-dip": ended}}).live == ended


def test_a_raised_generation_may_be_opened_after_the_last_one_ended() -> None:
    ended = live(phase=Phase.ENDED)
    assert judge(history={"newest": {"btc-dip": ended}}, wanted=spec(generation=2)) == Opening()
    assert "generation 1 is still live" in reason(judge(live(), wanted=spec(generation=2)))


@pytest.mark.parametrize(
    ("opening", "words"),
    [
        (judge(live(id=7), live(id=8)), "both carry this name"),
        (judge(live(spec(generation=2))), "generation 2 was opened already"),
        (judge(unmarked(live())), "#7 carries no marker and is alike in pair, side and size"),
        (judge(doubt="a list was cut"), "it is not proven that it does not exist yet: a list was cut"),
        (judge(history={"doubts": {"btc-dip": "pages moved"}}), "pages moved"),
        (
            judge(unreadable=[ILLEGIBLE]),
            "#9 may be this trade: the marker in its note is damaged",
        ),
        (judge(live(spec(name="old"), id=8)), "`old`, is in no file"),
        (judge(live(note=write_marker(marker(workspace="other")))), "of workspace `other` has this name"),
        (judge(live(shown=terms(account_id=2)), accounts={1}, named_accounts={1}), "account 2, which no target names"),
        (judge(pending={"btc-dip": "a request is under way"}), "a request is under way"),
        (judge(history={"created": {"btc-dip": CREATED}, "vanished": ["btc-dip"]}), "3Commas does not show that"),
        (judge(history={"created": {"btc-dip": CREATED}, "unread": ["btc-dip"]}), "no list shows that trade"),
        (
            judge(history={"created": {"btc-dip": replace(CREATED, is_ended=True)}}),
            "#7 was opened for it and has ended",
        ),
        (judge(history={"created": {"btc-dip": replace(CREATED, generation=3)}}), "generation 3 was opened already"),
        (
            judge(
                unmarked(live(shown=terms(entered_by=entry(10)))),
                history={"created": {"btc-dip": CREATED}},
            ),
            "somebody removed its marker",
        ),
    ],
)
def test_every_doubt_is_an_obstacle(opening: Opening, words: str) -> None:
    assert words in reason(opening)


@pytest.mark.parametrize(
    "active",
    [unmarked(live()), live(note=write_marker(marker(workspace="other"))), live(shown=terms(account_id=2))],
)
def test_what_the_user_lists_as_foreign_is_not_in_the_way(active: LiveTrade) -> None:
    assert judge(active, foreign=[7], accounts={1}, named_accounts={1}) == Opening()


def test_the_trade_that_is_replaced_is_not_in_the_way_unless_a_later_one_has_its_name() -> None:
    assert judge(live(), replaced_id=7) == Opening()
    later = live(id=8, phase=Phase.ENDED)
    assert "was opened after #7" in reason(judge(live(), replaced_id=7, history={"newest": {"btc-dip": later}}))


def test_an_earlier_trade_of_the_name_is_in_the_way_of_a_replace_unless_it_made_way() -> None:
    earlier = live(id=6, phase=Phase.ENDED, status="cancelled")
    opening = judge(live(), replaced_id=7, history={"newest": {"btc-dip": earlier}})
    assert "#6 (cancelled) has this name, too, was opened before #7 and did not make way for it" in reason(opening)
    note = write_marker(marker(pending=terms(pair="USDT_ETH")))
    replaced = live(id=6, phase=Phase.ENDED, status="cancelled", note=note)
    assert judge(live(), replaced_id=7, history={"newest": {"btc-dip": replaced}}) == Opening()
