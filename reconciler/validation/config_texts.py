"""Texts of reconciler.yaml whose form a schema can check, but not whether they mean anything."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping

from reconciler.codec.instants import read_instant
from reconciler.model.documents import Document
from reconciler.model.freeze import Allowed
from reconciler.model.problems import Problem
from reconciler.validation.explain import quote


def check_texts(document: Document) -> Iterator[Problem]:
    """Check the end of a freeze, what it allows, and the words of a policy.

    Args:
        document: A reconciler.yaml that follows the schema.
    """
    freeze = document.root.get("freeze")
    until = freeze.get("until") if isinstance(freeze, Mapping) else None
    if isinstance(until, str):
        try:
            read_instant(until)
        except ValueError:
            message = f"found {quote(until)}, expected a date and time that exist, for example 2026-12-01T08:00:00Z"
            yield document.problem(("freeze", "until"), message)
    allow = freeze.get("allow") if isinstance(freeze, Mapping) else None
    if isinstance(allow, list) and Allowed.PROTECTS not in allow:
        message = "found a freeze that holds back what protects, expected protects in the list"
        yield document.problem(("freeze", "allow"), message)
    policy = document.root.get("policy")
    if isinstance(policy, str):
        try:
            shlex.split(policy)
        except ValueError:
            yield document.problem(("policy",), "found a quotation mark without its end, expected words of a command")
