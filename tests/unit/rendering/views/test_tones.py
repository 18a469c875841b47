"""Signs and meanings."""

from __future__ import annotations

from reconciler.model.danger import Danger
from reconciler.model.live import Phase
from reconciler.model.operations import Effect
from reconciler.model.phrases import Tone
from reconciler.model.specs import DesiredState
from reconciler.rendering.views.tones import find_symbol, find_verb, tone_of, view_effect
from tests.support import builders, planning

OPEN = builders.live(phase=Phase.OPEN)
CREATE = planning.only(planning.plan([builders.spec(name="new")]))
WEAKER = planning.only(planning.plan([builders.spec(builders.terms(stop_loss=builders.stop(57000)))], [OPEN]))
CLOSE = planning.only(planning.plan([builders.spec(state=DesiredState.CLOSED)], [OPEN]))
FIRED = planning.only(planning.plan([builders.spec(builders.terms(stop_loss=builders.stop(62000)))], [OPEN]))


def test_the_sign_of_an_update_that_closes_is_that_of_an_end() -> None:
    assert [find_symbol(each) for each in (CREATE, WEAKER, CLOSE, FIRED)] == ["+", "~", "-", "-"]
    assert find_verb(WEAKER) == "will be updated"
    assert find_verb(FIRED) == "will be updated and closed by that"


def test_every_rank_has_a_meaning_and_the_dangerous_ones_come_first() -> None:
    tones = [tone_of(danger) for danger in Danger]
    assert tones == [*[Tone.DANGER] * 3, *[Tone.MONEY] * 5, Tone.NEUTRAL, Tone.GOOD, Tone.QUIET, Tone.QUIET]


def test_every_effect_has_a_meaning() -> None:
    assert {view_effect(effect).name for effect in Effect} == {effect.value for effect in Effect}
    assert view_effect(Effect.UNPROTECTS).tone is Tone.DANGER
