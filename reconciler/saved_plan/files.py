"""Stage 7c, SAVE: the plan as one JSON document, written and read back.

The same document is what `plan --out` saves and what `plan --format json` prints. A digest over its content shows
whether it is still what was reviewed. It is not a signature: who may change the file may also renew the digest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from reconciler.codec.instants import write_instant
from reconciler.codec.json_text import refuse_constant
from reconciler.errors import SavedPlanError, StalePlanError
from reconciler.input_files import read_input
from reconciler.loading.file_kinds import is_plan_name
from reconciler.model.plan import Plan, PlanContext
from reconciler.output_files import OutputFile, find_output
from reconciler.saved_plan.reading import read_document
from reconciler.saved_plan.writing import FORMAT_VERSION, KIND, write_document

# How far the clocks of two machines may differ; assumed.
_LARGEST_SKEW = timedelta(minutes=5)
# Some 20,000 operations with their prices and money at risk; a larger one is nothing that anybody has reviewed.
MAX_PLAN_BYTES = 192 * 2**20
# Windows editors put it before a text.
_BYTE_ORDER_MARK = "\ufeff"


def write_plan(plan: Plan) -> str:
    """Write the document of a plan, with a line feed at its end; in ASCII, so that no terminal acts on a note in it."""
    document = write_document(plan)
    document["digest"] = _digest(document)
    return json.dumps(document, indent=2) + "\n"


def digest_plan(plan: Plan) -> str:
    """Return the digest that the document of a plan holds."""
    return _digest(write_document(plan))


def is_saved_plan(text: str) -> bool:
    """Return whether a text is a saved plan, whole or damaged, and not a plan file."""
    return text.removeprefix(_BYTE_ORDER_MARK).lstrip().startswith("{") and f'"{KIND}"' in text


def read_plan(text: str) -> Plan:
    """Read the plan that a document holds.

    Args:
        text: What `write_plan` wrote; its layout may have changed since.

    Raises:
        SavedPlanError: It is damaged, was changed since it was made, or is of another format.
    """
    try:
        document = json.loads(
            text, parse_float=Decimal, parse_constant=refuse_constant, object_pairs_hook=_refuse_repeated
        )
        digest = _digest(document) if isinstance(document, dict) else ""
    except (ValueError, RecursionError):
        raise SavedPlanError(
            "The saved plan is not valid JSON: it is damaged. Make a new one with `plan --out`."
        ) from None
    if not isinstance(document, dict) or document.get("kind") != KIND:
        raise SavedPlanError("This is not a saved plan. Make one with `plan --out FILE`.")
    version = str(document.get("format_version"))
    if version.partition(".")[0] != FORMAT_VERSION.partition(".")[0]:
        raise SavedPlanError(
            f"The saved plan has format version {version!r:.20}, and this reconciler reads version {FORMAT_VERSION}."
            " Make a new one with `plan --out` and review it."
        )
    if document.get("digest") != digest:
        raise SavedPlanError("The saved plan was changed after it was made. Make a new one and review it again.")
    try:
        return read_document(document)
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise SavedPlanError(f"The saved plan is damaged ({error}). Make a new one with `plan --out`.") from None


def find_plan_output(path: Path, root: Path) -> OutputFile:
    """Find the file that a plan may be saved in; nothing is written yet.

    Args:
        path: As the user gave it; not the standard output.
        root: The folder of the workspace.

    Raises:
        UsageError: Something else than a saved plan is there, or it has the name of a plan file.
        WorkspaceError: It cannot be read.
    """
    return find_output(path, root, kind="saved plan", is_own_kind=is_saved_plan)


def load_plan(path: Path) -> Plan:
    """Load the plan in a file.

    Raises:
        SavedPlanError: The file cannot be read, or holds no plan that can be used.
    """
    content = _read(path)
    if not _may_be_plan(content) and not is_plan_name(path.name):
        raise SavedPlanError(f"{path} is not a saved plan, which begins with a brace. Make one with `plan --out FILE`.")
    text = _decode(content, path) if _may_be_plan(content) else ""
    if is_plan_name(path.name) and not is_saved_plan(text):
        raise SavedPlanError(f"{path} is a plan file, not a saved plan: `reconciler plan {path} --out FILE` makes one")
    return read_plan(text)


def find_saved_text(path: Path) -> str | None:
    """Find the text of a saved plan; None if the path is that of a folder, of another file, or of nothing.

    Raises:
        SavedPlanError: It cannot be read, is larger than any plan, or nothing comes out of the pipe.
    """
    if path.is_dir() or not path.exists():
        return None
    content = _read(path)
    return _decode(content, path) if is_saved_plan(content.decode("utf-8-sig", errors="replace")) else None


def _read(path: Path) -> bytes:
    try:
        # Of a file that is too large only the beginning is read. A pipe shows no size before its end.
        is_larger = path.is_file() and path.stat().st_size > MAX_PLAN_BYTES
        content = read_input(path, MAX_PLAN_BYTES + 1, is_wanted=lambda start: not is_larger and _may_be_plan(start))
    except OSError as error:
        raise SavedPlanError(f"{path} cannot be read: {error.strerror or error}") from error
    if len(content) > MAX_PLAN_BYTES or (is_larger and _may_be_plan(content)):
        raise SavedPlanError(f"{path} has more than {MAX_PLAN_BYTES >> 20} MiB, expected a saved plan, which has less")
    return content


def _may_be_plan(start: bytes) -> bool:
    """Return whether a content may be a saved plan, by its first bytes: of any other file no more is read."""
    begin = start.removeprefix(_BYTE_ORDER_MARK.encode()).lstrip()
    return not begin or begin.startswith(b"{")


def _decode(content: bytes, path: Path) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SavedPlanError(f"{path} is not a saved plan: it is not UTF-8 text") from None


def check_context(plan: Plan, context: PlanContext) -> None:
    """Refuse a plan that was made for something else, or that has expired.

    Args:
        plan: The saved plan.
        context: What apply works on now; its `made_at` is the present.

    Raises:
        SavedPlanError: Another workspace, target, mode, address or set of accounts.
        StalePlanError: It has expired.
    """
    check_origin(plan, context)
    made = plan.context
    if context.made_at >= made.expires_at:
        raise StalePlanError(
            f"The saved plan expired at {write_instant(made.expires_at)}. Make a new one and review it, or let"
            " `apply --reviewed FILE` plan again and carry out what is the same."
        )


def check_origin(plan: Plan, context: PlanContext) -> None:
    """Refuse a plan that was made for something else, however old it is.

    Args:
        plan: The saved plan.
        context: What apply works on now; its `made_at` is the present.

    Raises:
        SavedPlanError: Another workspace, target, mode, address or set of accounts.
    """
    made = plan.context
    for what, was, present in (
        ("workspace", made.workspace, context.workspace),
        ("target", f"{made.target} ({made.target_kind})", f"{context.target} ({context.target_kind})"),
        ("mode", str(made.mode), str(context.mode)),
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


def _digest(document: Mapping[str, object]) -> str:
    content = {key: value for key, value in document.items() if key != "digest"}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), default=str)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _refuse_repeated(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Refuse a key that is there twice: it shows a reader of the file one value and the program another."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is there twice")
    return found
