"""What a runner gives to a step, and what a step gives back: inputs, outputs, messages, the summary."""

from __future__ import annotations

import json
import os
import secrets
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

_SUMMARY = "GITHUB_STEP_SUMMARY"
_OUTPUT = "GITHUB_OUTPUT"


def read_input(name: str, default: str = "") -> str:
    """Return an input of the action; an empty one counts as not given.

    Args:
        name: As in `action.yml`.
        default: What holds then.
    """
    return os.environ.get(f"INPUT_{name.upper().replace('-', '_')}", "").strip() or default


def read_lines(name: str) -> list[str]:
    """Return an input with one value a line."""
    return [line.strip() for line in read_input(name).splitlines() if line.strip()]


def is_on(name: str, *, default: bool) -> bool:
    """Return whether a switch is on."""
    return read_input(name, "true" if default else "false").lower() == "true"


def write_outputs(values: Mapping[str, object]) -> None:
    """Give outputs to later steps; each value between lines that nobody can foresee.

    Source: GitHub docs, workflow commands, multiline strings.
    """
    path = os.environ.get(_OUTPUT)
    if not path:
        return
    with Path(path).open("a", encoding="utf-8") as file:
        for name, value in values.items():
            end = f"end_{secrets.token_hex(16)}"
            file.write(f"{name}<<{end}\n{_write(value)}\n{end}\n")


def add_summary(text: str) -> None:
    """Add a text to the summary of the step."""
    path = os.environ.get(_SUMMARY)
    if path:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(f"{text}\n")


def say(text: str) -> None:
    """Write a text into the log, where nothing in it is taken for a command of the runner."""
    with plain_text():
        sys.stdout.write(f"{text.rstrip()}\n")


@contextmanager
def plain_text() -> Iterator[None]:
    """Keep the runner from taking commands from what is printed until the end of the block, by this or a child process.

    Source: GitHub docs, workflow commands, stopping and starting workflow commands.
    """
    token = secrets.token_hex(16) if os.environ.get("GITHUB_ACTIONS") else ""
    if token:
        sys.stdout.write(f"::stop-commands::{token}\n")
    sys.stdout.flush()
    try:
        yield
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        if token:
            sys.stdout.write(f"::{token}::\n")
            sys.stdout.flush()


def annotate(level: str, message: str, **properties: object) -> None:
    """Write a message beside a line of a file, or above all of them.

    Args:
        level: `error`, `warning` or `notice`.
        message: What to say.
        properties: `file`, `line`, `col` and `title`.
    """
    written = ",".join(f"{key}={_escape_property(str(value))}" for key, value in properties.items() if value)
    sys.stdout.write(f"::{level}{' ' if written else ''}{written}::{_escape(message)}\n")
    sys.stdout.flush()


def warn(message: str) -> None:
    """Write a warning."""
    annotate("warning", message)


def _write(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value)


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")
