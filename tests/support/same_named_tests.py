"""Which modules have a test of the same name: `python -m tests.support.same_named_tests` lists those without one.

The test of `reconciler/a/b.py` is `tests/unit/a/test_b.py`. The rules have one test file together and a plan file each
in `tests/cases/invalid`, which that test makes sure of. The `__init__` of a folder does not count.
"""

from __future__ import annotations

from pathlib import Path

from tests.support.imports import PACKAGE, ROOT

_RULES = Path("rules")


def find_untested(root: Path = ROOT) -> tuple[list[str], float]:
    """The modules without a test of the same name, and the share of the modules that have one, in percent."""
    package = root / PACKAGE
    modules = sorted(file.relative_to(package) for file in package.rglob("*.py") if file.name != "__init__.py")
    untested = [str(module) for module in modules if not _has_test(module, root)]
    return untested, 100 * (1 - len(untested) / len(modules))


def _has_test(module: Path, root: Path) -> bool:
    if module.parent == _RULES:
        return (root / "tests/unit/rules/test_rules.py").exists()
    return (root / "tests/unit" / module.parent / f"test_{module.name}").exists()


if __name__ == "__main__":
    missing, share_pct = find_untested()
    print("\n".join(missing))  # noqa: T201
    print(f"{share_pct:.1f} % of the modules have a test of the same name.")  # noqa: T201
