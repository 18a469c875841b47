from __future__ import annotations

import inspect
import re

from reconciler.sandbox.values import errors


def test_every_error_has_one_root_and_is_in_the_tree_of_the_docstring() -> None:
    kinds = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, Exception)]
    named = set(re.findall(r"^(?:[│ ]*[├└]── )?([A-Z]\w+)", errors.__doc__ or "", re.MULTILINE)) - {"The"}

    assert all(issubclass(kind, errors.SandboxError) for kind in kinds)
    assert {kind.__name__ for kind in kinds} == named


def test_insufficient_funds_are_a_refusal_of_the_exchange() -> None:
    assert issubclass(errors.InsufficientFunds, errors.OrderRefused)
