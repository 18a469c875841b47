"""The sentences of all reasons: one template for every code of every stage.

Each stage has its templates in a file of its own, as a dict from code to template. To add a stage, write an enum of
codes in `model/`, its dict here in `rendering/`, and a line in `_STAGES`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from reconciler.model.phrases import Phrase
from reconciler.model.reasons import Reason
from reconciler.rendering.changed_rule_words import CHANGED_RULE_TEMPLATES
from reconciler.rendering.drift_words import DRIFT_TEMPLATES
from reconciler.rendering.forecast_words import FORECAST_TEMPLATES
from reconciler.rendering.freeze_words import FREEZE_TEMPLATES
from reconciler.rendering.guardrail_words import GUARDRAIL_TEMPLATES
from reconciler.rendering.news_words import NEWS_TEMPLATES, REMEDY_TEMPLATES
from reconciler.rendering.opening_words import OPENING_HINT_TEMPLATES, OPENING_TEMPLATES
from reconciler.rendering.outcome_words import OUTCOME_TEMPLATES
from reconciler.rendering.phrases import join
from reconciler.rendering.plan_words import BLOCK_HINT_TEMPLATES, BLOCK_TEMPLATES, MARKET_TEMPLATES, NOTICE_TEMPLATES
from reconciler.rendering.risk_words import RISK_TEMPLATES
from reconciler.rendering.templates import fill_template, phrase_template

_STAGES: Sequence[Mapping[StrEnum, str]] = (
    FORECAST_TEMPLATES,
    OPENING_TEMPLATES,
    OPENING_HINT_TEMPLATES,
    BLOCK_TEMPLATES,
    BLOCK_HINT_TEMPLATES,
    NOTICE_TEMPLATES,
    MARKET_TEMPLATES,
    DRIFT_TEMPLATES,
    GUARDRAIL_TEMPLATES,
    NEWS_TEMPLATES,
    REMEDY_TEMPLATES,
    OUTCOME_TEMPLATES,
    RISK_TEMPLATES,
    FREEZE_TEMPLATES,
    CHANGED_RULE_TEMPLATES,
)
_TEMPLATES: Mapping[StrEnum, str] = {code: template for stage in _STAGES for code, template in stage.items()}
_CODES: Mapping[str, StrEnum] = {code.value: code for code in _TEMPLATES}


def describe(reason: Reason) -> str:
    """Write the sentence of a reason. Its texts are not escaped, so show it with `printable`.

    Raises:
        KeyError: A value is missing.
        TypeError: A value is of another type than its code needs.
        ValueError: A value is not one of those that its code knows.
    """
    return fill_template(_TEMPLATES[reason.code], reason, describe)


def describe_all(reasons: Sequence[Reason], separator: str = "; ") -> str:
    """Write the sentences of several reasons in one line."""
    return separator.join(map(describe, reasons))


def say(reason: Reason) -> Phrase:
    """Write the sentence of a reason in parts, so that a view can mark names and code; nothing in it is escaped.

    Raises:
        KeyError: A value is missing.
        TypeError: A value is of another type than its code needs.
        ValueError: A value is not one of those that its code knows.
    """
    return phrase_template(_TEMPLATES[reason.code], reason, say)


def say_all(reasons: Sequence[Reason], separator: str = "; ") -> Phrase:
    """Write the sentences of several reasons in one line, in parts."""
    return join(map(say, reasons), separator)


def all_codes() -> tuple[StrEnum, ...]:
    """Return the codes of all stages."""
    return tuple(_CODES.values())


def find_template(code: StrEnum) -> str:
    """Return the template of a code."""
    return _TEMPLATES[code]


def find_code(text: str) -> StrEnum:
    """Return the code that a text names.

    Raises:
        ValueError: No stage has such a code.
    """
    if text not in _CODES:
        raise ValueError(f"unknown reason code {text!r:.60}")
    return _CODES[text]
