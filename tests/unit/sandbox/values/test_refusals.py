from __future__ import annotations

import pytest

from reconciler.sandbox.values import refusals
from reconciler.sandbox.values.options import WrongStatus
from reconciler.sandbox.values.refusals import RequestRefused


def test_the_body_has_only_the_parts_that_are_given() -> None:
    assert RequestRefused(429, "slow down", None).body() == {"error": "slow down"}
    assert refusals.refuse_parameters({"pair": ["is missing"]}).body() == {
        "error": "record_invalid",
        "error_description": "Invalid parameters",
        "error_attributes": {"pair": ["is missing"]},
    }


@pytest.mark.parametrize(
    ("answer", "status", "error"),
    [
        (WrongStatus.WRONG_PARAMS, 400, "Wrong param(s)"),
        (WrongStatus.FORBIDDEN, 403, "Forbidden"),
        (WrongStatus.UNPROCESSABLE, 422, "unprocessable_entity"),
    ],
)
def test_a_wrong_status_has_three_answers(answer: WrongStatus, status: int, error: str) -> None:
    refused = refusals.refuse_status("Update", answer)

    assert (refused.status, refused.error) == (status, error)
    assert refused.description == "Update is not allowed in the current status"


def test_a_wrong_method_names_the_right_ones_in_a_fixed_order() -> None:
    refused = refusals.refuse_method({"HEAD", "GET", "OPTIONS"})

    assert refused.status == 405
    assert str(refused.description).endswith("Please use one of [OPTIONS, GET, HEAD].")


@pytest.mark.parametrize(
    ("refused", "status"),
    [
        (refusals.refuse_missing_trade(400), 400),
        (refusals.refuse_missing_step(), 404),
        (refusals.refuse_path(), 404),
        (refusals.refuse_unreadable(), 500),
        (refusals.refuse_server_error(), 500),
        (refusals.refuse_rate(300), 429),
        (refusals.refuse_ban(120), 418),
        (refusals.refuse_plan("read"), 429),
        (refusals.refuse_key(), 401),
        (refusals.refuse_signature(), 401),
        (refusals.refuse_permission(), 403),
        (refusals.refuse_account(), 403),
        (refusals.refuse_mode(), 400),
    ],
    ids=lambda value: value.error if isinstance(value, RequestRefused) else "",
)
def test_every_refusal_has_its_status_and_an_error(refused: RequestRefused, status: int) -> None:
    assert refused.status == status
    assert refused.body()["error"]
