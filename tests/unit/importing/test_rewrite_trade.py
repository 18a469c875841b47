"""A trade rewritten in its file: it says what it is to say, and everything else is as it was.

Random trades in every layout a person may use; a failing round prints its seed, `REWRITES=5000` runs more of them.
"""

from __future__ import annotations

import os
import random
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from reconciler.codec.body import read_terms
from reconciler.codec.numbers import plain
from reconciler.errors import WorkspaceError
from reconciler.formatting.emit import emit_flow
from reconciler.importing.fields import shorten, write_fields
from reconciler.importing.statement import Statement
from reconciler.model.specs import TradeSpec
from reconciler.settings import Settings, load_settings
from reconciler.workflows.file_edits import draft_update, read_files, to_statement
from tests.unit.importing.random_trades import make_body, make_note

REWRITES = int(os.environ.get("REWRITES", "120"))
BEFORE = """\
# yaml-language-server: $schema=../plan.schema.json
version:   1   # spaced as its owner likes it
defaults: # of this file
  stop_loss: {timeout: 30, conditional: {price: {type: bid}}}

trades:
  # The first one.
  first-one:
    account_id: 1
    pair: 'USDT_SOL' # quoted
    position: {type: buy,order_type: market,   units: 3}

  # The one that is edited.
"""
AFTER = """\

  # The last one, with a comment that must stay.
  last-one: {account: 1, pair: USDT_XRP, position: {type: sell, order_type: market, units: 100}}
# the end
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(tmp_path, None, {}, is_live=False)


def make_statement(chance: random.Random, *, like: Statement | None = None) -> Statement:
    """Random terms; with `like` those that an edit of it may lead to: same account, pair and kind of trade."""
    while True:
        body = make_body(chance)
        terms = read_terms(body)
        if terms.instant:
            continue
        if like is not None:
            if (terms.entry.condition and terms.entry.condition.trailing_pct) != (
                like.terms.entry.condition and like.terms.entry.condition.trailing_pct
            ):
                continue
            keep = like.terms if chance.random() < 0.5 else replace(terms, account_id=1, pair=like.terms.pair)
            terms = replace(keep, steps=terms.steps, stop_loss=terms.stop_loss, leverage=terms.leverage)
            if chance.random() < 0.3:
                terms = replace(terms, steps=like.terms.steps)
            if chance.random() < 0.3:
                terms = replace(terms, stop_loss=like.terms.stop_loss)
        return make_fit(chance, replace(terms, account_id=1))


def make_fit(chance: random.Random, terms: Any) -> Statement:
    """Perhaps with one step less, and always as the rules ask."""
    if len(terms.steps) > 1 and chance.random() < 0.4:
        gone = chance.randrange(len(terms.steps))
        terms = replace(terms, steps=terms.steps[:gone] + terms.steps[gone + 1 :])
    if terms.stop_loss is not None and terms.stop_loss.breakeven and len(terms.steps) < 2:
        terms = replace(terms, stop_loss=replace(terms.stop_loss, breakeven=False))
    allocated = sum((step.volume_pct for step in terms.steps), Decimal(0))
    unallocated = 100 - allocated if terms.steps else Decimal(0)
    return Statement(terms=terms, unallocated_pct=unallocated, note=make_note(chance))


def write_trade(chance: random.Random, statement: Statement) -> str:
    """A trade in one of the layouts that a person may choose, with comments wherever one may stand."""
    fields = {"account": 1, **(write_fields(statement))}
    if "stop_loss" in fields:
        stop = fields["stop_loss"]
        assert isinstance(stop, dict)
        stop.setdefault("timeout", False)  # the defaults of the file would set one
    layout = chance.choice(["flow", "short", "long"])
    tree = fields if layout == "long" else shorten(fields, keeps_types=True)
    if layout == "flow":
        return f"  edited: {emit_flow(tree)} # in one line\n"
    lines = ["  edited: # a comment", *write_block(chance, tree, 4, layout == "long")]
    return "\n".join(lines) + "\n"


def write_block(chance: random.Random, tree: Any, indent: int, is_long: bool) -> list[str]:
    lines: list[str] = []
    pad = " " * indent
    pairs = tree.items() if isinstance(tree, dict) else [("-", item) for item in tree]
    for key, value in pairs:
        head = f"{pad}-" if key == "-" else f"{pad}{key}:"
        comment = chance.choice(["", "", " # why", "   # because: {x}"])
        if isinstance(value, list) or (isinstance(value, dict) and is_long):
            below = write_block(chance, value, indent + 2, is_long)
            if key == "-":
                first, *rest = below
                lines += [f"{head} {first.strip()}", *rest]
            else:
                dedent = 2 if isinstance(value, list) and chance.random() < 0.3 else 0
                lines += [head + comment, *(line[dedent:] for line in below)]
        else:
            lines.append(f"{head} {emit_flow(value)}{comment}")
    return lines


def read(settings: Settings) -> tuple[Any, TradeSpec]:
    workspace = read_files(settings)
    return workspace, next(spec for spec in workspace.specs if spec.name == "edited")


@pytest.mark.parametrize("block", range(10))
def test_a_rewritten_trade_says_what_it_is_to_say_and_the_rest_is_as_it_was(
    block: int, settings: Settings, tmp_path: Path
) -> None:
    for seed in range(block * REWRITES // 10, (block + 1) * REWRITES // 10):
        chance = random.Random(seed)
        old = make_statement(chance)
        newline = chance.choice(["\n", "\n", "\r\n"])
        text = (BEFORE + write_trade(chance, old) + AFTER).replace("\n", newline)
        (tmp_path / "plan.yaml").write_bytes(text.encode())
        workspace, spec = read(settings)
        assert to_statement(spec) == old, f"seed {seed}:\n{text}"
        new = make_statement(chance, like=old)
        draft = draft_update(settings, workspace, spec, new)
        assert to_statement(draft.specs[0]) == new, f"seed {seed}"
        assert draft.after.startswith(BEFORE.replace("\n", newline)), f"seed {seed}:\n{draft.after}"
        assert draft.after.endswith(AFTER.replace("\n", newline)), f"seed {seed}:\n{draft.after}"
        assert draft.after.count("\n") == draft.after.count(newline), f"seed {seed}: mixed line ends"
        (tmp_path / "plan.yaml").write_bytes(draft.after.encode())
        workspace, spec = read(settings)
        back = draft_update(settings, workspace, spec, old)
        assert to_statement(back.specs[0]) == old, f"seed {seed}"


def test_a_field_that_stays_is_not_touched(settings: Settings, tmp_path: Path) -> None:
    chance = random.Random(7)
    for _ in range(30):
        old = make_statement(chance)
        stop = old.terms.stop_loss
        if stop is None or stop.trigger.value is None:
            continue
        text = BEFORE + write_trade(chance, old) + AFTER
        (tmp_path / "plan.yaml").write_text(text)
        workspace, spec = read(settings)
        trigger = replace(stop.trigger, value=stop.trigger.value + 1)
        new = replace(old, terms=replace(old.terms, stop_loss=replace(stop, trigger=trigger)))
        after = draft_update(settings, workspace, spec, new).after
        changed = [(a, b) for a, b in zip(text.splitlines(), after.splitlines(), strict=True) if a != b]
        assert len(changed) == 1, changed
        before_line, after_line = changed[0]
        assert after_line == before_line.replace(plain(stop.trigger.value), plain(stop.trigger.value + 1))


@pytest.mark.parametrize("written", ["{steps: *shared}", "*shared", "[*one, *two]"])
def test_steps_that_other_trades_share_are_left_to_their_owner(
    written: str, settings: Settings, tmp_path: Path
) -> None:
    steps = "[&one {order_type: limit, price: 70, volume: 50}, &two {order_type: limit, price: 80, volume: 50}]"
    position = "position: {type: buy, order_type: market, units: 1}"
    text = (
        f"version: 1\naccount: 1\ntrades:\n  first: {{pair: USDT_LTC, {position}, take_profit: &shared {steps}}}\n"
        f"  edited: {{pair: USDT_LTC, {position}, take_profit: {written}}}\n"
    )
    (tmp_path / "plan.yaml").write_text(text)
    workspace, spec = read(settings)
    first, second = spec.terms.steps
    moved = replace(first, level=replace(first.level, value=Decimal(75)))
    said = replace(to_statement(spec), terms=replace(spec.terms, steps=(moved, second)))
    with pytest.raises(WorkspaceError, match=r"plan\.yaml:5: edited: take_profit.* cannot be changed in place: it is"):
        draft_update(settings, workspace, spec, said)
