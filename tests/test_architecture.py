"""The layout of the package: who may import whom, the home of each library, and a test of the same name."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import pytest

from tests.support.imports import PACKAGE, find_cycle, find_modules, read_imports
from tests.support.same_named_tests import find_untested

# A stage imports only stages before it. The order of the data: from files and the API by values to words and commands.
STAGES = (
    # Values, and how they are written as JSON and text.
    *("model", "errors", "codec", "clock", "progress"),
    # From files to specs.
    *("input_files", "git", "policy_command", "loading", "output_files"),
    *("validation", "rules", "desired", "formatting"),
    # The API, the settings that name it, what is remembered of it, and all of them as one session.
    *("live", "settings", "journal", "session"),
    # What differs, and what is to be done.
    *("matching", "diffing", "planning", "risk", "guardrails", "attention", "drifting", "status", "importing"),
    # Words, and the plan as a file, which holds them beside its data.
    *("rendering", "saved_plan", "applying", "alerts"),
    # Whole runs, the public library, programs that use it, and the command line.
    *("workflows", "library", "examples", "cli"),
)

# The sandbox imports nothing of the client. Each of its layers imports only layers before it.
SANDBOX_LAYERS = ("values", "engine", "requests", "store", "exchange", "entities", "wire")

# The client imports nothing of the sandbox but in these modules: they start it and hand its files and faults over.
DOORS_TO_THE_SANDBOX = (
    "reconciler.workflows.connection",
    "reconciler.cli.sandbox",
)

# Where each library is at home: a change of the library, or of what we think of it, concerns only these modules.
HOMES: Mapping[str, tuple[str, ...]] = {
    "apprise": ("reconciler.alerts.sender",),
    "click": ("reconciler.cli",),
    "cryptography": ("reconciler.live.signing", "reconciler.sandbox.exchange.access"),
    "deepdiff": ("reconciler.diffing.compare",),
    "flask": ("reconciler.sandbox.wire",),
    "jinja2": ("reconciler.rendering.html",),
    "jsonschema": ("reconciler.validation",),
    "jsonschema_rs": ("reconciler.validation",),
    "markupsafe": ("reconciler.rendering.html",),
    "requests": ("reconciler.live",),
    "sqlalchemy": ("reconciler.journal",),
    "urllib3": ("reconciler.live",),
    "werkzeug": ("reconciler.sandbox.wire",),
    "yaml": ("reconciler.loading",),
}

# Imports that break the order, by the reason why they are still there. The list only ever gets shorter.
KNOWN: Mapping[str, Collection[str]] = {
    "a command is refused in words": ("planning.commands -> rendering.reasons",),
}

# Share of the modules that have a test of the same name, in percent. It only ever rises.
LEAST_TESTED_PCT = 90

MODULES = find_modules()
IMPORTS = read_imports(MODULES)
OURS = frozenset(each for each in IMPORTS if each.imported.partition(".")[0] == PACKAGE)


def find_stage(module: str) -> str:
    """The stage of a module. The package's `__init__` is the library: it gives out what the workflows offer."""
    return module.split(".")[1] if "." in module else "library"


def find_wrong_turns() -> Iterator[str]:
    """Imports of a stage by one before it, without the name of the package."""
    for each in sorted(OURS):
        importer, imported = find_stage(each.importer), find_stage(each.imported)
        if "sandbox" not in (importer, imported) and STAGES.index(importer) < STAGES.index(imported):
            yield str(each).replace(f"{PACKAGE}.", "")


def test_every_stage_is_in_the_order() -> None:
    assert {find_stage(module) for module in MODULES} == {*STAGES, "sandbox"}


def test_a_stage_imports_only_stages_before_it_and_nothing_imports_the_command_line() -> None:
    known = {turn for turns in KNOWN.values() for turn in turns}
    assert [turn for turn in find_wrong_turns() if turn not in known] == []
    assert STAGES[-1] == "cli"


def test_every_known_exception_is_still_there() -> None:
    known = {turn for turns in KNOWN.values() for turn in turns}
    assert known - set(find_wrong_turns()) == set(), "take these entries out of KNOWN"


def test_no_module_imports_itself_by_way_of_others() -> None:
    assert find_cycle(OURS) == []


def test_the_client_imports_the_sandbox_only_where_it_is_started() -> None:
    doors = {
        each.importer
        for each in OURS
        if find_stage(each.imported) == "sandbox" and find_stage(each.importer) != "sandbox"
    }
    assert {door for door in doors if not any(is_inside(door, each) for each in DOORS_TO_THE_SANDBOX)} == set()


def test_the_sandbox_imports_nothing_of_the_client() -> None:
    arrows = [each for each in OURS if find_stage(each.importer) == "sandbox" != find_stage(each.imported)]
    assert sorted(map(str, arrows)) == []


def test_a_layer_of_the_sandbox_imports_only_layers_before_it() -> None:
    layers = {"": -1, **{layer: place for place, layer in enumerate(SANDBOX_LAYERS)}}

    def find_place(module: str) -> int:
        return layers[[*module.split("."), ""][2]]

    inside = [each for each in OURS if find_stage(each.importer) == find_stage(each.imported) == "sandbox"]
    wrong = [each for each in inside if find_place(each.importer) < find_place(each.imported)]
    assert sorted(map(str, wrong)) == []


@pytest.mark.parametrize("library", HOMES)
def test_a_library_is_imported_only_at_its_home(library: str) -> None:
    users = {each.importer for each in IMPORTS if each.imported.partition(".")[0] == library}
    strangers = {user for user in users if not any(is_inside(user, home) for home in HOMES[library])}
    assert strangers == set()
    # A home without a user is an entry that nobody needs.
    assert all(any(is_inside(user, home) for user in users) for home in HOMES[library])


def is_inside(module: str, folder: str) -> bool:
    return module == folder or module.startswith(f"{folder}.")


def test_modules_have_tests_of_the_same_name() -> None:
    untested, tested_pct = find_untested()
    assert tested_pct >= LEAST_TESTED_PCT, "without a test of the same name:\n" + "\n".join(untested)


def test_a_cycle_is_found_also_through_an_import_inside_a_function(tmp_path: Path) -> None:
    (tmp_path / "reconciler").mkdir()
    (tmp_path / "reconciler" / "a.py").write_text("from reconciler.b import f\n")
    (tmp_path / "reconciler" / "b.py").write_text(
        "import json\n\n\ndef f():\n    from reconciler import a, __version__\n"
    )
    modules = find_modules(tmp_path)
    imports = read_imports(modules)
    assert sorted(map(str, imports)) == [
        "reconciler.a -> reconciler.b",
        "reconciler.b -> json",
        "reconciler.b -> reconciler.a",
    ]
    assert set(find_cycle(imports)) == {"reconciler.a", "reconciler.b"}
    assert find_cycle(frozenset(each for each in imports if each.importer == "reconciler.a")) == []
