"""Prints the lowest declared version of every dependency, one constraint a line, for pip.

usage: python .ci/lowest.py > constraints.txt && pip install --constraint constraints.txt '.[postgres]'
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

_PROJECT = Path(__file__).parent.parent / "pyproject.toml"
# For example `psycopg[binary]>=3.1.4,!=3.2.0`.
_REQUIREMENT = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(?:\[[^]]*\])?>=(?P<version>[0-9][0-9.]*)(?:,.*)?")


def read_lowest(project: dict[str, object]) -> dict[str, str]:
    """Name to lowest version of each dependency, extras included, that declares one.

    Args:
        project: The table `project` of a pyproject.toml.
    """
    extras = project.get("optional-dependencies", {})
    groups = [project.get("dependencies", []), *(extras.values() if isinstance(extras, dict) else ())]
    found = (_REQUIREMENT.fullmatch(each) for group in groups if isinstance(group, list) for each in group)
    return {match["name"]: match["version"] for match in found if match}


def main() -> int:
    """Print the constraints."""
    lowest = read_lowest(tomllib.loads(_PROJECT.read_text("utf-8"))["project"])
    sys.stdout.writelines(f"{name}=={version}\n" for name, version in sorted(lowest.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
