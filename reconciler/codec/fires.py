"""Parts of a trade that act at once, to and from the text of a saved plan."""

from __future__ import annotations

import re

from reconciler.model.fires import Fire, FireKind

_STEP = re.compile(r"take_profit\.steps\[(0|[1-9][0-9]{0,5})\]")


def write_fire(fire: Fire) -> str:
    """Return the text of a fire, for example `take_profit.steps[0]`."""
    return str(fire)


def read_fire(text: str) -> Fire:
    """Return the fire that a text names.

    Raises:
        ValueError: It names none.
    """
    step = _STEP.fullmatch(text)
    if step is not None:
        return Fire(FireKind.STEP, int(step.group(1)))
    kind = FireKind(text)
    if kind is FireKind.STEP:
        raise ValueError(f"{text!r} names no step")
    return Fire(kind)
