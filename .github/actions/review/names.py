"""Names that the two actions must agree about."""

from __future__ import annotations

import re

_FORBIDDEN = re.compile(r"[^A-Za-z0-9._-]+")


def name_artifact(workspace: str, target: str, label: str) -> str:
    """Name the artefact of a plan; characters that GitHub refuses in names become hyphens."""
    return _FORBIDDEN.sub("-", "-".join(filter(None, ("reconciler-plan", workspace, target, label))))
