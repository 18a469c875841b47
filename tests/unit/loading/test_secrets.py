"""What looks like a secret in a file is named and never shown."""

from __future__ import annotations

import pytest

from reconciler.loading.files import load_text
from reconciler.loading.secrets import hide_values
from reconciler.model.problems import Problem
from reconciler.rendering.problem_text import render_problems_github, render_problems_json, render_problems_text
from reconciler.validation.schemas import validate_plan

VALUE = "hunter2-marked"


def show_all(text: str | bytes) -> str:
    """All that any format shows of a file."""
    document, problems = load_text(text, "a.yaml")
    if document is not None:
        problems += validate_plan(document)
    assert problems
    return render_problems_text(problems) + render_problems_json(problems, 1) + render_problems_github(problems)


@pytest.mark.parametrize(
    "text",
    [
        "api_key: {}\n",
        "version: 1\nAPI_SECRET: {}\n",
        "version: 1\ndefaults: {{note: x, accessToken: {}}}\n",
        "trades:\n  a:\n    pair: X\n    db-password: {}\n",
        "trades:\n  api_token: {}\n",
        "trades:\n  api_token: [{}]\n",
        "trades:\n  api_token: {{value: {}}}\n",
        "x: [1, {{passwd: {}}}]\n",
        "secret: |\n  {}\n",
        "secret:\n  - {}\n",
        "secret: &x {}\nnote: *x\nversion: *x\n",
        "credentials: {{user: a, x: {}}}\n",
        "Authorization: Bearer {}\n",
        '"my key": {}\n',
    ],
)
def test_a_key_that_looks_like_a_secret_gets_its_own_message_and_is_not_shown(text: str) -> None:
    shown = show_all(text.format(VALUE))
    assert "looks like a secret: secrets belong in the environment" in shown
    assert VALUE not in shown
    document, problems = load_text(text.format(VALUE), "a.yaml")
    assert document is None
    assert all(problem.line >= 1 and problem.column >= 1 for problem in problems)


def test_a_secret_within_a_key_is_not_shown_either() -> None:
    shown = show_all(f"version: 1\n'password={VALUE} and something that no key would have': x\n")
    assert "looks like a secret" in shown
    assert VALUE not in shown


@pytest.mark.parametrize(
    "text",
    [
        "machine api login joe password {}\n",
        "api_key: {}\n: broken: [\n",
        "version: 1\nsecret: !x {}\n",
        "version: 1\nsecret: '{}\n",
        "version: 1\nsecret: |\n  {}\n\tbroken\n",
        "version: 1\nsecret:\n{}: [\n",
        "THREE_COMMAS_API_SECRET={}\0HOME=/\n",
        "a: {{token: {}, b: 1e99, token: 2, a: 1, a: 2}}\n",
        "a: 1\na: {{token: {}}}\n",
        "-----BEGIN RSA PRIVATE KEY-----\n{}\n-----END RSA PRIVATE KEY-----\n",
        "key: 1\n---\ntoken: {}\n",
        "token: {}" + "x" * 11_000,
    ],
)
def test_nothing_is_shown_of_a_file_that_cannot_be_read_either(text: str) -> None:
    assert VALUE not in show_all(text.format(VALUE))
    assert VALUE not in show_all(text.format(VALUE).encode())
    assert VALUE not in show_all(text.format(VALUE).encode() + b"\xff")


def test_a_comment_with_such_a_word_is_not_shown() -> None:
    assert VALUE not in show_all(f"version: 2 # the password is {VALUE}\n")


@pytest.mark.parametrize("name", ["btc-key-level", "turkey", "token-dip", "secret.plan"])
def test_a_trade_may_have_such_a_word_in_its_name(name: str) -> None:
    text = f"version: 1\ntrades:\n  {name}:\n    pair: USDT_BTC\n    price: 5\n  {name}2: {{pair: USDT_BTC, x: 1}}\n"
    document, problems = load_text(text, "a.yaml")
    assert problems == ()
    assert document is not None
    assert document.lines[4] == "    price: 5"
    assert document.lines[5]


def test_a_target_and_an_account_may_too() -> None:
    text = "version: 1\ntargets:\n  keyless: {kind: sandbox, accounts: {token-account: 1}}\n"
    assert load_text(text, "reconciler.yaml")[1] == ()
    shown = text.replace(": 1}", f": {VALUE}}}")
    assert "looks like a secret" in load_text(shown, "reconciler.yaml")[1][0].message


def test_values_of_the_environment_are_hidden_wherever_they_are() -> None:
    problem = Problem(
        file=f"{VALUE}.yaml",
        line=1,
        column=1,
        path=f"trades.{VALUE}",
        message=f"found {VALUE}",
        source_line=f"x: {VALUE}",
    )
    (hidden,) = hide_values([problem], ["", "x", VALUE, VALUE[:8]])
    assert hidden == Problem(file="***.yaml", line=1, column=1, path="trades.***", message="found ***")
    assert hide_values([problem], ["a", "in"]) == (problem,)
