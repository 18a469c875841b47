"""Ctrl-C and the signals by which others end a command."""

from __future__ import annotations

import os
import signal

import pytest

from reconciler.cli.signals import end_on_signals, stop_on_interrupt
from reconciler.clock import Waker


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_first_signal_asks_to_stop_and_the_second_one_stops(
    number: signal.Signals, capsys: pytest.CaptureFixture[str]
) -> None:
    before = signal.getsignal(number)
    with stop_on_interrupt(Waker()) as was_interrupted:
        assert not was_interrupted()
        os.kill(os.getpid(), number)
        assert was_interrupted()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), number)
    assert signal.getsignal(number) is before
    assert capsys.readouterr().err == "Interrupted: finishing the current request, starting nothing new.\n"


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        end_on_signals()
        with stop_on_interrupt(Waker()) as was_interrupted:
            os.kill(os.getpid(), signal.SIGHUP)
            assert not was_interrupted()
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
