"""`import reconciler`: what it offers, and that it imports nothing else until a name is used."""

from __future__ import annotations

import doctest
import subprocess
import sys
from pathlib import Path

import pytest

import reconciler


def test_every_name_that_is_offered_is_there_and_others_are_not() -> None:
    assert set(reconciler._EXPORTS) <= set(dir(reconciler))
    for name in reconciler._EXPORTS:
        assert getattr(reconciler, name).__name__ == name
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = reconciler.nothing


def test_the_import_takes_no_time_until_a_name_is_used() -> None:
    script = "import sys, reconciler; print(sorted(name for name in sys.modules if name.startswith('reconciler')))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "['reconciler']\n"


def test_the_example_of_the_package_gives_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from reconciler.workflows.new_workspace import write_workspace

    monkeypatch.chdir(tmp_path)
    write_workspace(tmp_path / "plans")
    example = doctest.DocTestParser().get_doctest(str(reconciler.__doc__), {}, "reconciler", None, None)
    assert len(example.examples) == 5
    assert doctest.DocTestRunner(optionflags=doctest.FAIL_FAST).run(example).failed == 0
