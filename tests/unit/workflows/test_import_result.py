"""How far an import goes."""

from __future__ import annotations

from reconciler.workflows.import_result import ImportMode


def test_each_mode_includes_the_ones_before() -> None:
    assert list(ImportMode) == [ImportMode.PREVIEW, ImportMode.WRITE, ImportMode.ADOPT]
