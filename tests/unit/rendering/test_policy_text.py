"""Verdicts of policies as text."""

from __future__ import annotations

from dataclasses import replace

from reconciler.model.policy import PolicyResult, PolicySource, PolicyVerdict
from reconciler.rendering.policy_text import describe_refusal, describe_verdict

REFUSED = PolicyVerdict(
    source=PolicySource.BASE,
    command=("rule", "a b"),
    result=PolicyResult.REFUSED,
    exit_code=1,
    output="\n".join(f"line {number}\x1b" for number in range(50)),
)


def test_an_error_says_that_nothing_was_sent() -> None:
    assert describe_refusal(REFUSED).splitlines()[0].endswith("(exit code 1): rule 'a b'; nothing was sent")
    assert describe_refusal(REFUSED).splitlines()[1] == "  | line 0\x1b"
    assert describe_refusal(REFUSED).splitlines()[-1] == "  | ... and 10 lines more"


def test_no_word_of_a_command_begins_a_line() -> None:
    quiet = replace(REFUSED, command=("rule", "a\n::error::b"), output="")
    assert describe_refusal(quiet).endswith("rule 'a\\x0a::error::b'; nothing was sent")


def test_a_signal_is_called_so() -> None:
    crashed = replace(REFUSED, result=PolicyResult.CRASHED, exit_code=-9, output="")
    assert describe_refusal(crashed).startswith("Policy of reconciler.yaml of the base crashed (signal 9): ")


def test_every_result_has_words() -> None:
    for result in PolicyResult:
        verdict = PolicyVerdict(source=PolicySource.OPTION, command=("x",), result=result)
        assert describe_verdict(verdict).startswith("Policy of --policy ")
