"""What the project declares of itself: its name, what it needs, and that what is declared is what is tested."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from reconciler import __version__

ROOT = Path(__file__).parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
DISTRIBUTION = "trade-plan-reconciler"
NEEDED: list[str] = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["postgres"]]
NAMES = [re.split(r"[\[>=!<~]", requirement)[0] for requirement in NEEDED]
# `.ci/run` sets it in the environment that it makes of the lowest versions.
IS_LOWEST = os.environ.get("DEPENDENCIES") == "lowest"
# The text files that people read, and those that are shown to them.
TEXTS = [
    ROOT / "README.md",
    ROOT / ".github" / "CONTRIBUTING.md",
    *sorted((ROOT / "reconciler").rglob("*.py")),
    *sorted((ROOT / "schemas").rglob("*.json")),
]
# Of another distribution than a path or ours: on the package index, `reconciler` is somebody else's.
WRONG_INSTALL = re.compile(r"""\binstall\s[^\n&;]*?(?<![\w./-])reconciler(?:\[|[=<>~]=|["'`\s]|$)""", re.MULTILINE)


def read_constraints() -> dict[str, str]:
    printed = subprocess.run(
        [sys.executable, ROOT / ".ci" / "lowest.py"], check=True, capture_output=True, text=True
    ).stdout
    return dict(line.split("==", 1) for line in printed.splitlines())


def as_numbers(version: str) -> tuple[int, ...]:
    numbers = [int(part) for part in re.findall(r"\d+", version)[:3]]
    return (*numbers, *(0 for _ in range(3 - len(numbers))))


@pytest.mark.parametrize("requirement", NEEDED)
def test_everything_that_is_needed_has_a_lowest_version(requirement: str) -> None:
    assert re.fullmatch(r"[a-z0-9-]+(\[[a-z]+\])?>=\d+(\.\d+)*(,!=\d+(\.\d+)*)*", requirement)


@pytest.mark.parametrize("name", NAMES)
def test_the_lowest_version_is_one_of_the_constraints_of_the_second_environment(name: str) -> None:
    lowest = read_constraints()[name]
    installed = metadata.version(name)
    if IS_LOWEST:
        assert as_numbers(installed) == as_numbers(lowest)
    assert as_numbers(installed) >= as_numbers(lowest)


def test_the_unit_tests_of_every_package_that_imports_a_library_run_with_the_lowest_versions() -> None:
    line = re.search(r"tests/unit/\{([a-z_,]+)\}", (ROOT / ".ci" / "run").read_text())
    assert line is not None
    known = sys.stdlib_module_names | {"reconciler"}
    for file in (ROOT / "reconciler").rglob("*.py"):
        package, *rest = file.relative_to(ROOT / "reconciler").parts
        imported = set(
            re.findall(r"^\s*(?:from|import) (\w+)(?:[\w.]* import|[\w.]*$)", file.read_text(), re.MULTILINE)
        )
        if rest and not imported <= known:
            assert package in line[1].split(","), f"{file} imports {imported - known}"


@pytest.mark.parametrize("name", ["pytest", "hypothesis", "cmarkgfm"])
def test_what_the_tests_need_is_declared_with_its_lowest_version_too(name: str) -> None:
    assert as_numbers(metadata.version(name)) >= as_numbers(read_constraints()[name])


def test_the_distribution_has_a_name_of_its_own_and_the_command_keeps_its_name() -> None:
    assert PROJECT["name"] == DISTRIBUTION
    assert PROJECT["version"] == __version__
    assert list(PROJECT["scripts"]) == ["reconciler"]


def test_the_installed_distribution_is_the_one_that_is_declared() -> None:
    installed = metadata.distribution(DISTRIBUTION)
    assert installed.version == __version__
    assert [entry.name for entry in installed.entry_points if entry.group == "console_scripts"] == ["reconciler"]


def test_the_project_says_whose_it_is_and_where_to_read_on() -> None:
    assert PROJECT["authors"]
    assert PROJECT["urls"]
    assert all(url.startswith("https://") for url in PROJECT["urls"].values())
    assert "Programming Language :: Python :: 3.11" in PROJECT["classifiers"]


def test_no_text_says_to_install_the_distribution_of_somebody_else() -> None:
    found = {str(file.relative_to(ROOT)): WRONG_INSTALL.findall(file.read_text()) for file in TEXTS}
    assert {file: texts for file, texts in found.items() if texts} == {}


@pytest.mark.parametrize(
    "text",
    [
        "pip install reconciler",
        "pip install 'reconciler[postgres]'",
        "`pip install --upgrade reconciler`",
        "uv tool install reconciler==1.0",
        "pipx install reconciler\n",
    ],
)
def test_a_wrong_install_is_found(text: str) -> None:
    assert WRONG_INSTALL.search(text)


@pytest.mark.parametrize(
    "text",
    [
        "pip install 'trade-plan-reconciler[postgres]'",
        "pip install . && reconciler plan",
        ".venv/bin/pip install -e '.[dev]'",
        "pip install /src/reconciler",
    ],
)
def test_a_right_install_is_none(text: str) -> None:
    assert not WRONG_INSTALL.search(text)


def test_property_tests_have_no_deadline_with_any_version() -> None:
    assert hypothesis.settings().deadline is None
