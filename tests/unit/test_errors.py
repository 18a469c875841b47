"""The error tree is what its picture says, and every error has a text for the user."""

from __future__ import annotations

import inspect
import re

from reconciler import errors
from reconciler.errors import (
    ApiError,
    InvalidPlanFiles,
    RateLimited,
    ReconcilerError,
    RequestRefused,
)
from reconciler.model.problems import Problem

CLASSES = {
    name: value for name, value in vars(errors).items() if inspect.isclass(value) and issubclass(value, Exception)
}


def read_picture() -> dict[str, str]:
    """Each error of the picture, to the one above it."""
    above: list[str] = []
    found: dict[str, str] = {}
    for line in (errors.__doc__ or "").splitlines():
        match = re.match(r"((?:[│ ]   )*)(?:[├└]── )?([A-Z][A-Za-z]+)(?:  |$)", line)
        if match is None:
            continue
        depth = len(match[1]) // 4 + ("── " in line)
        del above[depth:]
        found[match[2]] = above[-1] if above else "Exception"
        above.append(match[2])
    return found


def test_the_picture_shows_every_error_below_its_parent() -> None:
    assert read_picture() == {name: cls.__bases__[0].__name__ for name, cls in CLASSES.items()}


def test_one_root_catches_all() -> None:
    assert all(issubclass(cls, ReconcilerError) for cls in CLASSES.values())


def test_an_error_carries_its_text() -> None:
    assert ReconcilerError("found x").message == str(ReconcilerError("found x")) == "found x"


def test_invalid_plan_files_count_and_carry_their_problems() -> None:
    problem = Problem(file="a.yaml", line=1, column=1, path="", message="is odd")
    assert InvalidPlanFiles([problem]).message == "1 problem in the plan files"
    assert InvalidPlanFiles([problem, problem]).message == "2 problems in the plan files"
    assert InvalidPlanFiles([problem]).problems == (problem,)


def test_errors_of_the_api_keep_status_and_attributes() -> None:
    refused = RequestRefused("refused", status=422, code="record_invalid", attributes={"pair": ["is invalid"]})
    assert (refused.status, refused.code, refused.attributes) == (422, "record_invalid", {"pair": ["is invalid"]})
    assert ApiError("no answer").status is None
    assert RateLimited("too many", status=429).is_permanent is False
