"""Judge a plan on standard input by a policy in Rego, as `conftest` or `opa` would: exit code 1 if it is denied.

python -m tests.support.run_rego plans/examples/policies/plan.rego < plan.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def find_denials(policy: Path, document: object) -> list[str]:
    """The messages of a policy on a document; none if it is accepted."""
    from regopy import Interpreter

    interpreter = Interpreter()
    interpreter.add_module(policy.name, policy.read_text())
    interpreter.set_input(document)
    answer = json.loads(str(interpreter.query("data.reconciler.deny")))
    (found,) = answer["expressions"]
    return sorted(found)


if __name__ == "__main__":
    denials = find_denials(Path(sys.argv[1]), json.load(sys.stdin))
    print("\n".join(denials))  # noqa: T201
    sys.exit(bool(denials))
