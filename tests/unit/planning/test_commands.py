"""Operations by hand are refused if the trade does not allow them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.errors import CommandRefused, UsageError
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.operations import Action, Effect
from reconciler.planning.commands import Commands
from tests.support import builders

HELD = builders.live(phase=Phase.OPEN)


def commands(live: LiveTrade = HELD) -> Commands:
    return Commands(live, {builders.WORKSPACE})


def test_what_the_api_does_not_offer_is_refused_with_the_status() -> None:
    with pytest.raises(CommandRefused, match="cannot start btc-dip #7: it is"):
        commands(replace(HELD, flags=replace(HELD.flags, force_start=False))).start()


def test_an_ended_trade_is_refused_whatever_its_flags_say() -> None:
    ended = replace(HELD, phase=Phase.ENDED, flags=replace(HELD.flags, cancel=True))
    with pytest.raises(CommandRefused, match="has ended"):
        commands(ended).cancel()


def test_a_cancel_of_a_position_unprotects_and_of_a_waiting_entry_frees() -> None:
    assert commands(replace(HELD, flags=replace(HELD.flags, cancel=True))).cancel().effect is Effect.UNPROTECTS
    assert commands(builders.live()).cancel().effect is Effect.FREES


def test_a_note_keeps_the_marker_in_front() -> None:
    note = commands().note(" mine ")
    assert (note.action, note.note_after) == (Action.NOTE, f"{HELD.note} mine")


@pytest.mark.parametrize("text", ["[reconciler:1 x]", "two\nlines", "x" * 400])
def test_what_cannot_be_a_note_is_a_usage_error(text: str) -> None:
    with pytest.raises(UsageError):
        commands().note(text)
