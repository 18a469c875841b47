"""What is wrong with a text that is not YAML: the place of the mistake, and what to write there."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from reconciler.loading.repaired_lines import has_colon, repair_line

# What the YAML parser says, and what helps the user.
_HINTS = (
    (
        "mapping values are not allowed",
        "found ': ' where a value goes on; quote the text, start a new line, or check the indentation",
    ),
    ("expected ':'", "found a line without a colon, expected 'key: value'"),
    ("expected key", "the indentation matches no key above, or there is an extra quote or bracket"),
    ("expected '-' indicator", "the indentation matches no list item above"),
    (
        "expected <block end>",
        "the indentation matches no key or list item above, or there is an extra quote or bracket",
    ),
    ("expected ',' or '}'", "expected a comma or the closing } of {...}"),
    ("expected ',' or ']'", "expected a comma or the closing ] of [...]"),
    ("unexpected end of stream", "the file ends inside a quoted text; a closing quote is missing"),
    ("incompatible YAML document", "found a %YAML directive, expected none"),
    ("cannot start any token", "found a character that cannot begin a value; put the text in quotes"),
    ("sequence entries are not allowed", "a list item cannot begin here; put it on a line of its own"),
)
_DASH_WITHOUT_BLANK = re.compile(r"\s*-(?P<item>[A-Za-z{\[\"'].*)")
_BULLET = re.compile(r"\s*(?P<sign>[\u2013\u2014\u2022\u00b7\u2023\u25aa*])\s+(?P<item>\S.*)")
# The colon and the comma of East Asian keyboards.
_WIDE_SIGN = re.compile("(?P<sign>[\uff1a\uff0c])")
_SIGN_AT_NUMBER = re.compile(r"[@>%`|&!]=?\s*(?P<number>[0-9][0-9.]*)")
# Groups that people write in one line without brackets, or with brackets and no colon before them.
_SEVERAL_KEYS = re.compile(
    r"\s*(?P<key>position|take_profit|stop_loss|leverage|conditional|trailing|timeout|price|units)(?::\s*|\s+(?={))"
    r"(?P<rest>(?:{|[a-z_]+: ).*\S)\s*"
)
_CLOSING = {"{": "}", "[": "]"}

Place = tuple[int, int]
Finding = tuple[Place, str]


def find_syntax_error(lines: Sequence[str], error: Exception) -> tuple[int, int, str]:
    """Find the line and the column of the mistake, from 0, and what to say about it. Of brackets the start is shown.

    Args:
        lines: The text.
        error: What the YAML parser has raised.
    """
    reason = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    line, column = _find_place(lines, error)
    text = lines[line] if line < len(lines) else ""
    if "\t" in text[: len(text) - len(text.lstrip())] or text[column : column + 1] == "\t":
        return line, column, "found a tab in the indentation, expected spaces"
    places = [number for number in (line, _line_before(lines, line)) if number is not None and number < len(lines)]
    for find in _FINDERS:
        for number in places:
            said = find(lines[number])
            if said is not None:
                return number, _indent(lines[number]), said
    (line, column), message = _explain(lines, error, reason, (line, column))
    return line, column, message


def _find_place(lines: Sequence[str], error: Exception) -> Place:
    mark, begin = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    is_at_end = mark is not None and not any(lines[mark.line :])
    if begin is not None and (is_at_end or "expected ':'" in str(error)):
        mark = begin
    if mark is None:
        return 0, 0
    before = _line_before(lines, mark.line)
    if "mapping values are not allowed" in str(error) and before is not None and not has_colon(lines[before]):
        return before, _indent(lines[before])
    return mark.line, mark.column


def _explain(lines: Sequence[str], error: Exception, reason: str, place: Place) -> Finding:
    text = lines[place[0]] if place[0] < len(lines) else ""
    found = _find_open_bracket(lines, error, reason) or _find_deep_line(lines, reason, place[0])
    if found is not None:
        return found
    if "mapping values" in reason and (repaired := _join_line(text)) is not None:
        return place, f"found a group without its colon or its brackets; write '{repaired}'"
    number = _SIGN_AT_NUMBER.match(text, place[1])
    if number is not None:
        return place, f"found {text[place[1]]} before a number, expected the number alone; write {number['number']}"
    if not has_colon(text):
        repaired = repair_line(text)
        if repaired is not None:
            missing = "found a line without a colon and a blank after it"
            return place, f"{missing}, expected 'key: value'; write '{repaired}'"
        if "mapping values" in reason:
            return place, "found a line without a colon, expected 'key: value'"
    if "expected ','" in reason and ";" in text:
        return place, "found a semicolon, expected a comma between two keys"
    return place, next((hint for fragment, hint in _HINTS if fragment in reason), reason)


def _find_open_bracket(lines: Sequence[str], error: Exception, reason: str) -> Finding | None:
    """Find a bracket that is not closed in its line, where the line does not go on."""
    mark, begin = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    if "expected ','" not in reason or mark is None or begin is None or begin.line == mark.line:
        return None
    text = lines[begin.line]
    sign = text[begin.column : begin.column + 1]
    if sign not in _CLOSING or text.rstrip().endswith((",", sign)):
        return None
    message = f"found {sign} without its closing {_CLOSING[sign]} in this line; write it at the end"
    return (begin.line, begin.column), message


def _find_deep_line(lines: Sequence[str], reason: str, line: int) -> Finding | None:
    """Find a line with a key that begins in another column than the key above, which has its value already."""
    before = _line_before(lines, line)
    if line >= len(lines) or before is None or not has_colon(lines[line]):
        return None
    is_key_above = re.match(r"\s*(- +)?[A-Za-z0-9_.-]+:\s+\S", lines[before]) is not None
    is_key = re.match(r"\s*[A-Za-z0-9_.-]+:(\s|$)", lines[line]) is not None
    wanted = _indent(re.sub(r"^(\s*)- ", r"\1  ", lines[before]))
    is_too_deep = "mapping values are not allowed" in reason and _indent(lines[line]) > wanted
    is_below_dash = "expected '-' indicator" in reason or ("<block end>" in reason and "- " in lines[before][:wanted])
    if not is_key or not is_key_above or not (is_too_deep or is_below_dash):
        return None
    return (line, _indent(lines[line])), (
        f"found a key that is not below the key of the line above; begin it in column {wanted + 1}"
    )


def _join_line(text: str) -> str | None:
    """Write a line with several keys, or with brackets and no colon before them, as a group in brackets."""
    match = _SEVERAL_KEYS.fullmatch(text.split(" #", maxsplit=1)[0])
    if match is None or match["rest"].count("{") != match["rest"].count("}"):
        return None
    rest = match["rest"]
    return f"{match['key']}: {rest}" if rest.startswith("{") else f"{match['key']}: {{{rest}}}"


def _find_lost_blank(text: str) -> str | None:
    match = _DASH_WITHOUT_BLANK.match(text)
    return f"found a dash without a blank after it; write '- {match['item']}'" if match is not None else None


def _find_bullet(text: str) -> str | None:
    match = _BULLET.match(text)
    return f"found {match['sign']}, expected a dash; write '- {match['item']}'" if match is not None else None


def _find_wide_sign(text: str) -> str | None:
    match = _WIDE_SIGN.search(text)
    if match is None:
        return None
    written = re.sub(r" +", " ", text.strip().replace("\uff1a", ": ").replace("\uff0c", ", "))
    return f"found {match['sign']} (U+{ord(match['sign']):04X}), a sign of another keyboard; write '{written}'"


def _find_comment(text: str) -> str | None:
    if text.lstrip().startswith("```"):
        return "found ```, which marks an example in a text; remove this line and the one at the end"
    return "found //, but a comment begins with #" if text.lstrip().startswith("//") else None


_FINDERS: Sequence[Callable[[str], str | None]] = (_find_lost_blank, _find_bullet, _find_wide_sign, _find_comment)


def _line_before(lines: Sequence[str], line: int) -> int | None:
    return next((number for number in reversed(range(min(line, len(lines)))) if lines[number].strip()), None)


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())
