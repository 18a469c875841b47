"""The file stages joined, for tests."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.desired.specify import specify
from reconciler.loading.files import load_text
from reconciler.model.documents import Document
from reconciler.model.problems import Problem
from reconciler.model.specs import TradeSpec
from reconciler.validation.schemas import validate_plan

ACCOUNTS = {"main": 1, "futures": 2}


def check_text(text: str | bytes, name: str = "plan.yaml") -> tuple[Sequence[TradeSpec], Sequence[Problem]]:
    """Specs and problems of one plan file, by place."""
    return check_texts({name: text})


def check_texts(texts: dict[str, str | bytes]) -> tuple[Sequence[TradeSpec], Sequence[Problem]]:
    """Specs and problems of a workspace."""
    documents: list[Document] = []
    problems: list[Problem] = []
    for name, text in texts.items():
        document, found = load_text(text, name)
        problems += found
        if document is not None:
            problems += validate_plan(document)
            documents.append(document)
    specs, found = specify(documents, ACCOUNTS, workspace="demo", known=problems)
    problems += found
    return specs, sorted(problems, key=lambda problem: (problem.file, problem.line, problem.column))


def show(problem: Problem) -> str:
    """A problem as one line, without its file."""
    return f"{problem.line}:{problem.column}: {problem.severity.value}: {problem.path}: {problem.message}"
