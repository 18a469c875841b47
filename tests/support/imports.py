"""The imports between the modules of the package, read from the source: those at the top and those in functions."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = "reconciler"
# The version is a constant of the package's `__init__`, which imports nothing to have it.
_VERSION = "__version__"


@dataclass(frozen=True, order=True, slots=True)
class Import:
    """One import.

    Attributes:
        importer: Full name of the module that imports.
        imported: Full name of the module that is imported, ours or foreign.
    """

    importer: str
    imported: str

    def __str__(self) -> str:
        return f"{self.importer} -> {self.imported}"


def find_modules(root: Path = ROOT) -> Mapping[str, Path]:
    """Full name of each module of the package, `__init__` as the name of its folder, to its file."""
    files = sorted((root / PACKAGE).rglob("*.py"))
    return {_name_of(file.relative_to(root)): file for file in files}


def read_imports(modules: Mapping[str, Path]) -> frozenset[Import]:
    """All imports that some modules make, also those inside functions and those for types alone."""
    return frozenset(
        Import(importer, imported)
        for importer, file in modules.items()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        for imported in _read_statement(node, modules)
    )


def find_cycle(imports: frozenset[Import]) -> list[str]:
    """The modules of one cycle, the first one repeated at its end; empty if there is none."""
    graph: dict[str, set[str]] = {}
    for each in imports:
        graph.setdefault(each.importer, set()).add(each.imported)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [str(module) for module in error.args[1]]
    return []


def _name_of(file: Path) -> str:
    parts = file.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _read_statement(node: ast.AST, modules: Mapping[str, Path]) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        for alias in node.names:
            submodule = f"{node.module}.{alias.name}"
            if submodule in modules:
                yield submodule
            elif (node.module, alias.name) != (PACKAGE, _VERSION):
                yield node.module
