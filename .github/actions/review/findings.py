"""What a reviewer sees beside the lines of a change."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from review.documents import Plan, is_dangerous
from review.places import show_from_top

# GitHub shows ten of a level for each step, and drops the rest. Source: GitHub docs, workflow commands.
MOST_OF_A_LEVEL = 10
_MAX_FILE_BYTES = 16 * 2**20
# The reason of a notice that an apply like this plan would be refused.
_NO_LOCK = "lock_in_ci"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A message beside a line.

    Attributes:
        level: `error`, `warning` or `notice`.
        title: Its heading.
        message: What to say.
        file: Path from the top of the repository; empty for none.
        line: Line, from 1; 0 for none.
    """

    level: str
    title: str
    message: str
    file: str = ""
    line: int = 0


def find_findings(
    plan: Plan, folder: Path, top: Path, changed: Mapping[str, Collection[int]] | None
) -> Sequence[Finding]:
    """Find what a reviewer must see beside the lines: the most dangerous first.

    Args:
        plan: The plan.
        folder: Where the command ran, from which the plan names its files.
        top: The top of the repository.
        changed: Lines that the change has touched, by path from the top; None if that is not known.
    """
    operations = sorted(filter(is_dangerous, plan.rows("operations")), key=lambda each: int(str(each["danger"])))
    found = [_describe_operation(each, folder, top, changed) for each in operations]
    found += [_describe(each, "blocked", "warning", folder, top, changed) for each in plan.rows("blocked")]
    urgent = [each for each in plan.rows("notices") if each.get("needs_attention")]
    found += [_describe(each, str(each.get("kind")), "warning", folder, top, changed) for each in urgent]
    found += [_describe_breach(each) for each in plan.breaches]
    found += [
        Finding(level="warning", title="apply would be refused", message=_read_text(each.get("reason")))
        for each in plan.rows("notices")
        if _read_code(each.get("reason")) == _NO_LOCK
    ]
    return found


def cut(findings: Sequence[Finding]) -> tuple[Sequence[Finding], int]:
    """Return the findings that are shown, and how many more there are."""
    shown: list[Finding] = []
    counts: dict[str, int] = {}
    for each in findings:
        counts[each.level] = counts.get(each.level, 0) + 1
        # The last one of a level says how many more there are.
        if counts[each.level] < MOST_OF_A_LEVEL:
            shown.append(each)
    return shown, len(findings) - len(shown)


def _describe_operation(
    operation: Mapping[str, object], folder: Path, top: Path, changed: Mapping[str, Collection[int]] | None
) -> Finding:
    effects = [operation.get("effect"), *_list(operation.get("side_effects"))]
    action = str(operation.get("action")).replace("_", " ")
    money = "; ".join(_read_text(each) for each in _list(operation.get("money")))
    losses = _describe_loss(operation)
    words = ", ".join(dict.fromkeys(map(str, effects)))
    message = ". ".join(part for part in (f"{words}: {money}" if money else words, losses) if part)
    title = f"{operation.get('trade')}: {action}"
    place = _find_place(operation, folder, top, changed)
    return Finding(level="notice", title=title, message=message, file=place[0], line=place[1])


def _describe_loss(operation: Mapping[str, object]) -> str:
    risk = operation.get("risk")
    if not isinstance(risk, Mapping):
        return ""
    sides = [risk.get("before"), risk.get("after")]
    losses = [each.get("loss_at_stop") if isinstance(each, Mapping) else None for each in sides]
    currencies = [str(each["currency"]) for each in sides if isinstance(each, Mapping) and each.get("currency")]
    before, after = ("none" if each is None else _round(str(each)) for each in losses)
    return f"loss at stop {before} -> {after} {' '.join(currencies[:1])}".rstrip() if any(losses) else ""


def _round(number: str) -> str:
    """Write an amount with two digits; a smaller one as it is, since it is of a currency with more."""
    try:
        amount = Decimal(number)
    except InvalidOperation:
        return number
    return f"{amount:.2f}" if abs(amount) >= 1 else number


def _describe(
    row: Mapping[str, object],
    what: str,
    level: str,
    folder: Path,
    top: Path,
    changed: Mapping[str, Collection[int]] | None,
) -> Finding:
    name = row.get("trade") or (f"#{row['live_id']}" if row.get("live_id") else "")
    file, line = _find_place(row, folder, top, changed)
    title = f"{name}: {what}" if name else what
    return Finding(level=level, title=title, message=_read_text(row.get("reason")), file=file, line=line)


def _describe_breach(breach: Mapping[str, object]) -> Finding:
    value, limit, unit = (breach.get(name) for name in ("value", "limit", "unit"))
    shown = "not known" if value is None else f"{value} {unit}".rstrip()
    message = f"{shown}, the limit is {limit if limit is not None else 'not stated'}"
    acknowledge = breach.get("acknowledge")
    remedy = f"; if that is meant: --acknowledge {acknowledge}" if acknowledge else ""
    return Finding(level="warning", title=f"Guardrail {breach.get('name')}", message=f"{message}{remedy}")


def _find_place(
    row: Mapping[str, object], folder: Path, top: Path, changed: Mapping[str, Collection[int]] | None
) -> tuple[str, int]:
    """Find the place of a trade: the first line of it that the change has touched, else its first line."""
    source = row.get("source")
    if not isinstance(source, Mapping):
        return "", 0
    file = show_from_top(str(source["file"]), folder, top)
    line = int(str(source["line"]))
    touched = (changed or {}).get(file, ())
    end = _find_end(top / file, line, int(str(source["column"])))
    return file, min((each for each in touched if line <= each <= end), default=line)


def _find_end(path: Path, line: int, column: int) -> int:
    """Find the last line of the block of YAML that begins at a place: what is not indented further ends it."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            lines = file.read(_MAX_FILE_BYTES).splitlines()
    except OSError:
        return line
    for number, text in enumerate(lines[line:], start=line + 1):
        if text.strip() and len(text) - len(text.lstrip()) < column:
            return number - 1
    return len(lines)


def _read_code(reason: object) -> str:
    return str(reason.get("code")) if isinstance(reason, Mapping) else ""


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _read_text(reason: object) -> str:
    text = reason.get("text") if isinstance(reason, Mapping) else None
    return str(text) if text else ""
