"""Command lines made from the tree of commands, so that a command that is added is tested by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import click

from reconciler.cli.main import root
from reconciler.cli.paths import PathType
from reconciler.cli.variables import walk_commands

# Values that make sense, by the name of the argument; others get a number, which fits most.
_VALUES = {
    "words": "btc-dip",
    "pair": "USDT_BTC",
    "duration": "1s",
    "event": "refuse",
    "kind": "delay",
    "units": "0.001",
    "candles": "candles.csv",
    "plan_file": "plan.json",
}


@dataclass(frozen=True, slots=True)
class Leaf:
    """A command that does something itself.

    Attributes:
        command: What click knows.
        path: The names that lead to it.
    """

    command: click.Command
    path: tuple[str, ...]

    @property
    def name(self) -> str:
        return " ".join(self.path)

    @property
    def can_approve(self) -> bool:
        return any(param.name == "auto_approve" for param in self.command.params)

    def spell(self, odd: click.Parameter | None = None, value: str = "") -> list[str]:
        """A command line that ends by itself.

        Args:
            odd: A parameter that is given, too.
            value: What it is.
        """
        options: list[str] = []
        words: list[str] = []
        for param in self.command.params:
            if isinstance(param, click.Option):
                options += self._spell_option(param, odd, value)
            elif param is odd:
                words.append(value)
            elif param.required or param.name == "words":
                words.append(_VALUES.get(param.name or "", _find_value(param)))
        return [*self.path, *options, *self._spell_rest(odd), "--", *words, *self._find_more(odd)]

    def _spell_option(self, option: click.Option, odd: click.Parameter | None, value: str) -> list[str]:
        long_form = next(name for name in option.opts if name.startswith("--"))
        if option is odd:
            return [f"{long_form}={value}"]
        if option.name == "auto_approve":
            return [long_form]
        return [f"{long_form}={_find_value(option)}"] if option.required else []

    def _spell_rest(self, odd: click.Parameter | None) -> list[str]:
        name = odd.name if odd is not None else ""
        if self.path == ("sandbox", "serve") and name != "host":
            # An address that is not of this machine, so that it ends at once.
            return ["--host=192.0.2.1"]
        if self.path == ("import",) and name not in ("ids", "updates"):
            return ["--all"]
        return ["--market"] if self.path[-1] in ("add-funds", "reduce-funds") and name != "price" else []

    def _find_more(self, odd: click.Parameter | None) -> list[str]:
        """What comes after the name of a trade."""
        if odd is not None and odd.name == "words":
            return []
        name = self.path[-1]
        if name in ("close-step", "cancel-step"):
            return [] if odd is not None and odd.name == "step_id" else ["1"]
        return ["a text"] if name == "note" else []


def list_leaves() -> Iterator[Leaf]:
    """All commands but the groups."""
    for command, path in walk_commands(root):
        if not isinstance(command, click.Group):
            yield Leaf(command, path)


def list_odd(*, paths: bool) -> Iterator[tuple[Leaf, click.Parameter]]:
    """Every parameter that takes a free value, either those that are paths or those that are not.

    The common options are the same everywhere and are listed for one command.
    """
    for leaf in list_leaves():
        for param in leaf.command.params:
            is_common = param.name in ("workspace", "target") and leaf.path != ("plan",)
            is_flag = isinstance(param, click.Option) and (param.is_flag or param.is_eager)
            if is_flag or is_common or isinstance(param.type, click.Choice):
                continue
            if isinstance(param.type, PathType | click.Path) == paths:
                yield leaf, param


def _find_value(param: click.Parameter) -> str:
    if isinstance(param.type, click.Choice):
        return str(param.type.choices[0])
    if isinstance(param.type, PathType | click.Path):
        return "btc-dip.yaml"
    return _VALUES.get(param.name or "", "1")
