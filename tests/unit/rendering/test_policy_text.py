"""Verdicts of policies as text."""

from __future__ import annotations

from dataclasses import replace

from reconciler.model.policy import PolicyResult, PolicySource, PolicyVerdict
from reconciler.rendering.policy_text import describe_refusal, policy_lines
from reconciler.rendering.style import Style, printable

REFUSED = PolicyVerdict(
    source=PolicySource.BASE,
    command=("rule", "a b"),
    result=PolicyResult.REFUSED,
    exit_code=1,
    output="\n".join(f"line {number}\x1b" for number in range(50)),
)


def test_a_verdict_has_its_command_and_the_beginning_of_its_output() -> None:
    head, command, *lines = policy_lines([REFUSED], Style())
    assert head == "Policy of reconciler.yaml of the base refused the plan (exit code 1):"
    assert command == "  rule 'a b'"
    assert lines[0] == "    | line 0\\x1b"
    assert lines[-1] == "    | ... and 10 lines more"


def test_an_error_says_that_nothing_was_sent() -> None:
    head, first, *_ = describe_refusal(REFUSED).splitlines()
    assert head.endswith("(exit code 1): rule 'a b'; nothing was sent")
    # It is escaped where it is printed, and then keeps its indentation.
    assert printable(first) == "  | line 0\\x1b"


def test_a_signal_is_called_so() -> None:
    crashed = replace(REFUSED, result=PolicyResult.CRASHED, exit_code=-9, output="")
    assert describe_refusal(crashed).startswith("Policy of reconciler.yaml of the base crashed (signal 9): ")


def test_every_result_has_words() -> None:
    for result in PolicyResult:
        verdict = PolicyVerdict(source=PolicySource.OPTION, command=("x",), result=result)
        assert next(iter(policy_lines([verdict], Style()))).startswith("Policy of --policy ")
