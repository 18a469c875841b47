"""The first line of a comment: a JSON object in an HTML comment, which says what the comment is about.

It is read as JSON and compared as a whole, never searched for in a text: a reviewer may quote it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Self

VERSION = 1
PLAN = "plan"
APPLY = "apply"
# A longer line is nothing that was written here.
_MAX_CHARS = 20_000
_LINE = re.compile(r"<!-- reconciler:(plan|apply) (\{.*\}) -->")


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """What a comment is about.

    Attributes:
        kind: `plan` or `apply`.
        workspace: Name of the workspace.
        target: Name of the target.
        label: What tells two plans of one workspace and target apart; empty for one.
        digest: Digest of the plan.
        operations_digest: Digest of what it does.
        commit: Commit that it was made from; empty outside git.
        tree: Tree of this commit; empty outside git.
        run: Run of the pipeline that wrote the comment.
        add: How many trades it adds.
        change: How many it changes.
        destroy: How many it destroys.
        applicable: Whether no limit is passed.
        closed: Whether the plan was applied, so that the comment is not edited any more.
        dangers: Short names of all that is dangerous in the plan.
    """

    kind: str = PLAN
    workspace: str
    target: str
    label: str = ""
    digest: str = ""
    operations_digest: str = ""
    commit: str = ""
    tree: str = ""
    run: str = ""
    add: int = 0
    change: int = 0
    destroy: int = 0
    applicable: bool = True
    closed: bool = False
    dangers: tuple[str, ...] = ()

    @property
    def place(self) -> tuple[str, str, str, str]:
        """What must be the same in two comments that are about the same plan."""
        return self.kind, self.workspace, self.target, self.label

    def without_run(self) -> Self:
        """Return it without what is another one in each run of the pipeline, and says nothing to a reader."""
        return replace(self, run="", digest="", commit="", tree="")


def write_marker(marker: Marker) -> str:
    """Write the first line of a comment."""
    content: dict[str, object] = {"v": VERSION}
    content |= {each.name: getattr(marker, each.name) for each in fields(marker) if each.name != "kind"}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    # Two hyphens would end the HTML comment for some readers. In JSON the escaped one is the same text.
    return f"<!-- reconciler:{marker.kind} {text.replace('--', '-' + chr(92) + 'u002d')} -->"


def read_marker(body: str) -> Marker | None:
    """Read the marker of a comment; None if its first line is none, or one of another version."""
    line = body.partition("\n")[0].rstrip("\r")
    match = _LINE.fullmatch(line) if len(line) <= _MAX_CHARS else None
    if match is None:
        return None
    try:
        content = json.loads(match[2])
    except (ValueError, RecursionError):
        return None
    return _read(match[1], content) if isinstance(content, dict) else None


def _read(kind: str, content: Mapping[str, object]) -> Marker | None:
    if content.get("v") != VERSION or isinstance(content["v"], bool):
        return None
    wanted = {each.name: each.type for each in fields(Marker) if each.name != "kind"}
    values: dict[str, object] = {}
    for name, type_name in wanted.items():
        value = content.get(name)
        if name == "dangers" and isinstance(value, list) and all(isinstance(each, str) for each in value):
            values[name] = tuple(value)
        elif type(value).__name__ == type_name:
            values[name] = value
        else:
            return None
    return Marker(kind=kind, **values)  # type: ignore[arg-type] # each was compared with its type
