"""Texts of `reconciler import`."""

from __future__ import annotations

from pathlib import Path

from reconciler.importing.choices import Choice, Refusal
from reconciler.importing.file_edit import FileEdit
from reconciler.importing.importable import Importable
from reconciler.importing.statement import make_statement
from reconciler.rendering.import_text import (
    render_adopted,
    render_change,
    render_found,
    render_refused,
    render_unadopted,
)
from reconciler.rendering.style import Style
from tests.support import builders

LIVE = builders.live()
NEW = Choice(live=builders.unmarked(LIVE), name="btc-dip", generation=1, spec=None)
KNOWN = Choice(live=LIVE, name="btc-dip", generation=1, spec=builders.spec())


def _found(*, new: bool) -> Importable:
    stated = ((NEW, make_statement(NEW.live)),) if new else ()
    return Importable(new=stated, known=() if new else (KNOWN,), refused=(), accounts={})


def test_new_and_known_trades_are_listed_with_their_file() -> None:
    edit = FileEdit(path=Path("imported.yaml"), before=None, after="", specs=(builders.spec(),))
    assert render_found(_found(new=True), edit).splitlines() == [
        f"btc-dip #{LIVE.id}  {LIVE.terms.pair}: new",
        "imported.yaml is a new file of 1 trade.",
    ]
    first, last = render_found(_found(new=False), None).splitlines()
    assert first.endswith(" already, marked")
    assert last == "No trade is new to the files."


def test_a_change_is_a_patch_in_which_nothing_steers_the_terminal() -> None:
    edit = FileEdit(path=Path("a.yaml"), before="one: 1\ntwo: 2\n", after="one: 1\ntwo: \x1b[2J3\n", specs=())
    assert render_change(edit, Style()).splitlines()[-3:] == [" one: 1", "-two: 2", "+two: \\x1b[2J3"]
    assert "\x1b[32m+two" in render_change(edit, Style(is_on=True))


def test_what_is_missing_or_refused_is_said_and_nothing_else() -> None:
    assert (render_unadopted([]), render_refused([])) == ("", "")
    assert f"reconciler import {LIVE.id} --adopt" in render_unadopted([LIVE])
    assert render_refused([Refusal(live_id=5, reason="it has\x07 ended")]) == "Not imported: #5: it has\\x07 ended"


def test_how_many_were_adopted() -> None:
    assert render_adopted(1, 1) == "Adopted 1 trade."
    assert render_adopted(1, 3) == "Adopted 1 of 3 trades. Run the same command again for the others."
