"""Stage 7c, SAVE: the plan as one JSON document, written and read back.

The same document is what `plan --out` saves and what `plan --format json` prints. A digest over its content shows
whether it is still what was reviewed; it is no signature, so whoever may change the file may also renew the digest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from reconciler.errors import SavedPlanError, StalePlanError
from reconciler.model.plan import Plan, PlanContext
from reconciler.saved_plan.reading import read_document
from reconciler.saved_plan.writing import FORMAT_VERSION, KIND, write_document, write_instant

# How far the clocks of two machines may differ; assumed.
_LARGEST_SKEW = timedelta(minutes=5)
# Windows editors put it before a text.
_BYTE_ORDER_MARK = "\ufeff"


def write_plan(plan: Plan) -> str:
    """The document of a plan, with a line feed at its end; in ASCII, so that no terminal acts on a note in it."""
    document = write_document(plan)
    document["digest"] = _digest(document)
    return json.dumps(document, indent=2) + "\n"


def digest_plan(plan: Plan) -> str:
    """The digest that the document of a plan carries."""
    return _digest(write_document(plan))


def is_saved_plan(text: str) -> bool:
    """Whether a text is a saved plan, be it whole or damaged, and not a plan file."""
    return text.removeprefix(_BYTE_ORDER_MARK).lstrip().startswith("{") and f'"{KIND}"' in text


def read_plan(text: str) -> Plan:
    """The plan that a document holds.

    Args:
        text: What `write_plan` wrote; its layout may have changed since.

    Raises:
        SavedPlanError: It is damaged, was changed since it was made, or is of another format.
    """
    try:
        document = json.loads(
            text, parse_float=Decimal, parse_constant=_refuse_constant, object_pairs_hook=_refuse_repeated
        )
        digest = _digest(document) if isinstance(document, dict) else ""
    except (ValueError, RecursionError):
        raise SavedPlanError("The saved plan is no JSON: it is damaged. Make a new one with `plan --out`.") from None
    if not isinstance(document, dict) or document.get("kind") != KIND:
        raise SavedPlanError("This is no saved plan. Make one with `plan --out FILE`.")
    version = str(document.get("format_version"))
    if version.partition(".")[0] != FORMAT_VERSION.partition(".")[0]:
        raise SavedPlanError(
            f"The saved plan has format {version!r:.20}, this reconciler reads {FORMAT_VERSION}. Make a new one."
        )
    if document.get("digest") != digest:
        raise SavedPlanError("The saved plan was changed after it was made. Make a new one and review it again.")
    try:
        return read_document(document)
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise SavedPlanError(f"The saved plan is damaged ({error}). Make a new one with `plan --out`.") from None


def save_plan(plan: Plan, path: Path) -> None:
    """Write a plan to a file, whole or not at all.

    Raises:
        SavedPlanError: The file cannot be written.
    """
    draft = path.parent / f".{path.name}.part"
    try:
        draft.write_text(write_plan(plan), encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise SavedPlanError(f"{path} cannot be written: {error.strerror}") from error


def load_plan(path: Path) -> Plan:
    """The plan in a file.

    Raises:
        SavedPlanError: The file cannot be read, or holds no plan that can be used.
    """
    try:
        return read_plan(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise SavedPlanError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError:
        raise SavedPlanError(f"{path} is no saved plan: it is no UTF-8 text") from None


def check_context(plan: Plan, context: PlanContext) -> None:
    """Refuse a plan that was made for something else or whose time is over.

    Args:
        plan: The saved plan.
        context: What apply works on now; its `made_at` is the present.

    Raises:
        SavedPlanError: Another workspace, target, mode, address or set of accounts.
        StalePlanError: It has expired.
    """
    made = plan.context
    for what, was, present in (
        ("workspace", made.workspace, context.workspace),
        ("target", f"{made.target} ({made.target_kind})", f"{context.target} ({context.target_kind})"),
        ("mode", made.mode, context.mode),
        ("address", made.base_url, context.base_url),
        ("accounts", dict(made.accounts), dict(context.accounts)),
    ):
        if was != present:
            raise SavedPlanError(f"The saved plan was made for {what} {was!r}, here it is {present!r}.")
    if made.made_at > context.made_at + _LARGEST_SKEW:
        raise SavedPlanError(
            f"The saved plan says that it was made at {write_instant(made.made_at)}, which is in the future here."
            " Set the clocks right, or make a new plan."
        )
    if context.made_at >= made.expires_at:
        raise StalePlanError(
            f"The saved plan expired at {write_instant(made.expires_at)}. Make a new one and review it."
        )


def _digest(document: Mapping[str, object]) -> str:
    content = {key: value for key, value in document.items() if key != "digest"}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), default=str)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _refuse_repeated(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A key that stands twice shows a reader of the file one value and the program another."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")
