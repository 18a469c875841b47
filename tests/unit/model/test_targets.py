"""The words of targets are those that reconciler.yaml takes."""

from __future__ import annotations

import json

from reconciler.model.targets import Mode, TargetKind
from reconciler.validation.schemas import read_schema


def test_the_schema_lists_the_same_words() -> None:
    text = read_schema("config")
    for words in (TargetKind, Mode):
        assert json.dumps([word.value for word in words]).strip("[]") in " ".join(text.split()).replace("[ ", "[")
