"""Text wrapped at words for a terminal."""

from __future__ import annotations

import re

import pytest

from reconciler.rendering.text_width import measure
from reconciler.rendering.wrapping import wrap_text

WARNING = (
    "btc-dip.yaml:11:58: warning: trades.eth-swing.stop_loss.conditional.price: found the stop at 3200, at or above the"
    " entry at 3200: in this long trade it would fire at once"
)


@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_word_is_broken_and_none_is_lost(width: int) -> None:
    wrapped = wrap_text(WARNING, width)
    assert wrapped.split() == WARNING.split()
    assert all(measure(line) <= width or " " not in line.strip() for line in wrapped.split("\n"))


def test_what_fits_stays_as_it_is_with_its_layout() -> None:
    text = "  take_profit[0].price:     170 -> 17\n\n      a  b\n"
    assert wrap_text(text, 80) == text


def test_the_next_line_is_indented_by_two_more() -> None:
    assert wrap_text("    one two three four", 14) == "    one two\n      three\n      four"


@pytest.mark.parametrize(
    "command",
    [
        "reconciler journal resolve 2 --as applied",
        "reconciler import --update btc-swing-1 --adopt",
        "reconciler apply --acknowledge closes=1",
        "--acknowledge closes=1",
        "`reconciler trade close NAME`",
        "stop_loss: {order_type: market, conditional: {price: 58000}}".partition(" ")[2],
        "reconciler plan --workspace /home/me/plans",
    ],
)
@pytest.mark.parametrize("before", range(0, 60, 7))
def test_what_can_be_copied_is_never_broken(command: str, before: int) -> None:
    text = f"{'word ' * (before // 5)}to do so: {command}, then plan again and read what it says about all that"
    assert command in wrap_text(text, 44)


def test_a_command_longer_than_a_line_is_left_to_the_terminal() -> None:
    command = "reconciler import --update a-very-long-name-of-a-trade --adopt --workspace /a/b"
    assert wrap_text(f"Next: {command}", 30).split("\n") == ["Next:", f"  {command}"]


def test_words_after_a_command_may_be_broken() -> None:
    text = "3 trades need attention: reconciler drift shows why, and what to do about each of them."
    assert max(map(measure, wrap_text(text, 50).split("\n"))) <= 50


def test_a_line_of_a_file_and_its_caret_stay_whole() -> None:
    snippet = f"   11 | {'x' * 90}: 1\n      | {' ' * 90}^"
    assert wrap_text(snippet, 80) == snippet
    painted = f"\x1b[2m   11\x1b[0m | {'x ' * 60}\n\x1b[31m      | {' ' * 90}^\x1b[0m"
    assert wrap_text(painted, 80) == painted


def test_colours_take_no_room() -> None:
    painted = "\x1b[1;31mone two\x1b[0m three"
    assert wrap_text(painted, 13) == painted
    assert re.sub("\x1b\\[[0-9;]*m", "", wrap_text(painted, 9)) == "one two\n  three"
