"""A test of a pure function starts at once: what is heavy is imported by the tests that need it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.import_hooks import call_after_import

ROOT = Path(__file__).parent.parent
HEAVY = {"click", "cryptography", "deepdiff", "flask", "hypothesis", "jsonschema", "requests", "sqlalchemy", "yaml"}


def test_the_conftest_imports_nothing_heavy() -> None:
    script = "import sys, tests.conftest; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "tests.conftest" in done.stdout.split()
    assert not HEAVY & set(done.stdout.split())


def test_an_action_is_called_once_after_the_import(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "heavy_library_of_a_test.py").write_text("VALUE = 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    seen: list[int] = []
    call_after_import("heavy_library_of_a_test", lambda: seen.append(sys.modules["heavy_library_of_a_test"].VALUE))
    assert seen == []
    import heavy_library_of_a_test  # type: ignore[import-not-found]

    assert seen == [1]
    assert type(heavy_library_of_a_test.__loader__).__module__ != "tests.support.import_hooks"
    call_after_import("heavy_library_of_a_test", lambda: seen.append(2))
    assert seen == [1, 2]


def test_a_name_that_is_not_there_is_an_ordinary_import_error() -> None:
    before = list(sys.meta_path)
    call_after_import("no_such_library", lambda: None)
    with pytest.raises(ModuleNotFoundError, match="no_such_library"):
        import no_such_library  # type: ignore[import-not-found] # noqa: F401
    assert sys.meta_path == before
