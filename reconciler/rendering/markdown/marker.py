"""The first line of a comment: data by which a later run finds its own comment, and knows what it said."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from reconciler.model.guardrails import Guardrail
from reconciler.model.plan import Plan
from reconciler.risk.danger import group_by_danger

VERSION = 1
_BEGIN, _END = "<!-- reconciler:", " -->"
# An HTML comment ends at two hyphens; in JSON text this is the second of them.
_HYPHENS, _ESCAPED = "--", "-\\u002d"
_SHORT_DIGITS = 8


class MarkerKind(StrEnum):
    """What a comment is about; comments of different kinds are different comments."""

    PLAN = "plan"
    APPLY = "apply"
    DRIFT = "drift"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentMarker:
    """The data of a comment.

    Attributes:
        kind: What the comment is about.
        workspace: Name of the workspace.
        target: Name of the target.
        label: Word that tells several comments of one target apart; may be empty.
        digest: Digest of the plan; may be empty.
        operations_digest: Digest of what the plan does; may be empty.
        commit: Commit of the workspace; may be empty.
        tree: Tree of the commit; may be empty.
        run: Address of the run; may be empty.
        add: Trades that are added.
        change: Trades that are changed.
        destroy: Trades that are destroyed.
        is_applicable: Whether the plan could be applied.
        is_closed: Whether the comment is never edited again.
        danger: Short digests of what is dangerous: operations that rank high, passed limits, changed rules.
    """

    kind: MarkerKind
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
    is_applicable: bool = True
    is_closed: bool = False
    danger: tuple[str, ...] = ()

    def is_same_place(self, other: CommentMarker) -> bool:
        """Return whether both are about the same thing, whatever they say about it; nothing is compared in part."""
        mine, others = ((each.kind, each.workspace, each.target, each.label) for each in (self, other))
        return mine == others

    def has_grown(self, known: CommentMarker) -> bool:
        """Return whether it has something dangerous that a known one had not, so that people must be told."""
        return not frozenset(self.danger) <= frozenset(known.danger)


def make_plan_marker(
    plan: Plan, *, digest: str = "", operations_digest: str = "", label: str = "", run: str = ""
) -> CommentMarker:
    """Make the marker of a comment on a plan.

    Args:
        plan: The plan.
        digest: Its digest.
        operations_digest: Digest of what it does.
        label: Word that tells several comments of one target apart.
        run: Address of the run.
    """
    added, changed, destroyed = plan.count_changes()
    commit = plan.context.git_commit or ""
    return CommentMarker(
        kind=MarkerKind.PLAN,
        workspace=plan.context.workspace,
        target=plan.context.target,
        label=label,
        digest=digest,
        operations_digest=operations_digest,
        commit=commit,
        tree=(plan.git.tree or "") if plan.git else "",
        run=run,
        add=added,
        change=changed,
        destroy=destroyed,
        is_applicable=plan.is_applicable,
        danger=find_dangers(plan),
    )


def find_dangers(plan: Plan) -> tuple[str, ...]:
    """Return short digests of what is dangerous in a plan: operations that rank high, passed limits, changed rules."""
    operations = {
        f"{group.danger.name} {operation.action} {group.trade}"
        for group in group_by_danger(plan)
        if group.danger.is_high
        for operation in group.operations
    }
    limits = {f"guardrail {_name_breach(each)}" for each in plan.breaches}
    rules = {f"rule {change.path} {change.after}" for change in plan.config_changes}
    return tuple(
        sorted(hashlib.sha256(text.encode()).hexdigest()[:_SHORT_DIGITS] for text in operations | limits | rules)
    )


def write_marker(marker: CommentMarker) -> str:
    """Write the first line of a comment."""
    document = {
        "v": VERSION,
        "workspace": marker.workspace,
        "target": marker.target,
        "label": marker.label,
        "digest": marker.digest,
        "operations_digest": marker.operations_digest,
        "commit": marker.commit,
        "tree": marker.tree,
        "run": marker.run,
        "add": marker.add,
        "change": marker.change,
        "destroy": marker.destroy,
        "applicable": marker.is_applicable,
        "closed": marker.is_closed,
        "danger": list(marker.danger),
    }
    text = json.dumps(document, sort_keys=True, separators=(",", ":"))
    while _HYPHENS in text:
        text = text.replace(_HYPHENS, _ESCAPED)
    # A comment must not begin with ">" nor end with "-" either; braces are its ends.
    return f"{_BEGIN}{marker.kind.value} {text}{_END}"


def read_marker(body: str) -> CommentMarker | None:
    """Read the marker of a comment; None if its first line is no whole marker of this version."""
    first = body.split("\n", 1)[0].rstrip("\r")
    if not first.startswith(_BEGIN) or not first.endswith(_END):
        return None
    kind, _, text = first[len(_BEGIN) : -len(_END)].partition(" ")
    try:
        document = json.loads(text)
        return _read(MarkerKind(kind), document) if isinstance(document, dict) else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def close_comment(body: str, status: str) -> str:
    """Return the body of a comment that is never edited again, with a line about why below its title.

    Args:
        body: The comment; its first line is a marker.
        status: Markdown of one line.

    Raises:
        ValueError: It has no marker.
    """
    marker = read_marker(body)
    if marker is None:
        raise ValueError("the comment has no marker")
    _, _, rest = body.partition("\n")
    title, _, text = rest.partition("\n")
    return "\n".join([write_marker(replace(marker, is_closed=True)), title, "", f"> {status}", text])


def _read(kind: MarkerKind, document: Mapping[str, object]) -> CommentMarker | None:
    if document["v"] != VERSION:
        return None
    danger = document["danger"]
    return CommentMarker(
        kind=kind,
        workspace=_text(document["workspace"]),
        target=_text(document["target"]),
        label=_text(document["label"]),
        digest=_text(document["digest"]),
        operations_digest=_text(document["operations_digest"]),
        commit=_text(document["commit"]),
        tree=_text(document["tree"]),
        run=_text(document["run"]),
        add=_count(document["add"]),
        change=_count(document["change"]),
        destroy=_count(document["destroy"]),
        is_applicable=document["applicable"] is True,
        is_closed=document["closed"] is True,
        danger=tuple(_text(each) for each in danger) if isinstance(danger, list) else (),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("not a number")
    return value


def _name_breach(guardrail: Guardrail) -> str:
    return f"{guardrail.name} {guardrail.scope} {guardrail.unit} {' '.join(guardrail.holds or guardrail.trades)}"
