"""Options from the environment: each has one variable, `RECONCILER_<COMMAND>_<OPTION>`, named after its long form."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence

import click
from click.core import ParameterSource

from reconciler.settings import OTHER_VARIABLES, VARIABLE_PREFIX


def walk_commands(command: click.Command, path: Sequence[str] = ()) -> Iterator[tuple[click.Command, tuple[str, ...]]]:
    """Walk a command and all below it, each with the names that lead to it."""
    yield command, tuple(path)
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None:
                yield from walk_commands(below, (*path, name))


def name_variable(path: Sequence[str], option: click.Option) -> str:
    """Name the variable of an option.

    Args:
        path: Names of the command and of the groups that it is in; empty for the program itself.
        option: Has a long form, such as `--detailed-exitcode`.
    """
    long_form = next(name for name in option.opts if name.startswith("--"))
    words = (*path, long_form.removeprefix("--"))
    return VARIABLE_PREFIX + "_".join(words).replace("-", "_").upper()


def assign_variables(command: click.Command, path: Sequence[str] = ()) -> None:
    """Let each option of a command, and of those below it, be read from its variable."""
    for below, where in walk_commands(command, path):
        assign_own_variables(below, where)


def assign_own_variables(command: click.Command, path: Sequence[str] = ()) -> None:
    """Let each option of one command be read from its variable.

    Options that end the program at once, such as --help, are left out. So are options that approve: they say
    `allow_from_autoenv=False`. Only the user may give them, never a variable that happens to be set.
    """
    for option in _list_options(command):
        option.envvar = name_variable(path, option) if option.allow_from_autoenv else None


def list_variables(command: click.Command, path: Sequence[str] = ()) -> Iterator[str]:
    """List the variables of all options of a command and of those below it."""
    for below, where in walk_commands(command, path):
        for option in _list_options(below):
            if option.allow_from_autoenv:
                yield name_variable(where, option)


def list_approvals(command: click.Command, path: Sequence[str] = ()) -> Iterator[tuple[str, str]]:
    """List the names that variables of approvals would have, with the option to give instead."""
    for below, where in walk_commands(command, path):
        for option in _list_options(below):
            if not option.allow_from_autoenv:
                yield name_variable(where, option), option.opts[0]


def _shorten_approvals(root: click.Command) -> dict[str, str]:
    """Name approvals without their command, as somebody may who does not know how variables are named."""
    options = (option for _, option in list_approvals(root))
    return {VARIABLE_PREFIX + option.removeprefix("--").replace("-", "_").upper(): option for option in options}


def find_unknown(root: click.Command, environment: Mapping[str, str]) -> Iterator[str]:
    """Write a sentence for each variable of the environment that looks like one of this program and is not read.

    Args:
        root: The program.
        environment: An empty variable counts as not set.
    """
    given = [name for name, value in environment.items() if name.startswith(VARIABLE_PREFIX) and value]
    # Commands are imported only if there is something to compare.
    unsure = sorted(set(given) - {*OTHER_VARIABLES, *_list_own(root)})
    if not unsure:
        return
    known = {*OTHER_VARIABLES, *list_variables(root)}
    approvals = {**_shorten_approvals(root), **dict(list_approvals(root))}
    for name in unsure:
        if name in approvals:
            yield f"{name} is not read: an approval is never taken from the environment, give {approvals[name]} instead"
        elif name not in known:
            near = difflib.get_close_matches(_shorten(name), map(_shorten, known), n=1)
            hint = (
                f"did you mean {VARIABLE_PREFIX}{near[0]}?"
                if near
                else "see `reconciler COMMAND --help` for the options"
            )
            yield f"{name} is not a variable that reconciler reads; {hint}"


def find_source(error: click.UsageError) -> str | None:
    """Find the variable that a wrong value came from; None if it came from the command line."""
    option = error.param if isinstance(error, click.BadParameter) else None
    if error.ctx is None or not isinstance(option, click.Option) or option.name is None:
        return None
    if error.ctx.get_parameter_source(option.name) is not ParameterSource.ENVIRONMENT:
        return None
    return option.envvar if isinstance(option.envvar, str) else None


def _shorten(name: str) -> str:
    """Remove what all variables begin with, since it would make any two alike."""
    return name.removeprefix(VARIABLE_PREFIX)


def _list_own(root: click.Command) -> Iterator[str]:
    return (name_variable((), option) for option in _list_options(root))


def _list_options(command: click.Command) -> list[click.Option]:
    return [option for option in command.params if isinstance(option, click.Option) and not option.is_eager]
