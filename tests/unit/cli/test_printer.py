"""The one place that writes to the standard streams; the cases of real streams are in `tests/scenarios/commands`."""

from __future__ import annotations

import errno
import io
import sys

import pytest

from reconciler.cli.printer import Printer


class _Full(io.StringIO):
    def write(self, _text: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


class _Gone(io.StringIO):
    def write(self, _text: str) -> int:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")


def test_results_and_messages_go_to_their_streams_and_end_their_lines(capsys: pytest.CaptureFixture[str]) -> None:
    printer = Printer()
    printer.print_result("one")
    printer.print_result("two\n")
    printer.print_part("three")
    printer.print_message("note")
    printer.print_question("yes? ")
    assert capsys.readouterr() == ("one\ntwo\nthree", "note\nyes? ")


def test_a_warning_is_printed_once_in_a_run(capsys: pytest.CaptureFixture[str]) -> None:
    printer = Printer()
    printer.print_warning("old")
    printer.print_warning("old")
    printer.begin()
    printer.print_warning("old")
    assert capsys.readouterr().err == "Warning: old\n" * 2


def test_a_full_disk_is_a_fault_and_a_reader_that_is_gone_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for stream, fault in ((_Full(), "No space left on device"), (_Gone(), "")):
        printer = Printer()
        monkeypatch.setattr(sys, "stdout", stream)
        printer.print_result("one")
        assert not printer.has_reader
        assert printer.has_messages
        assert printer.find_fault() == fault


def test_what_an_approved_run_did_is_said_elsewhere_if_its_output_is_lost(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    printer = Printer()
    printer.keeps_results = True
    monkeypatch.setattr(sys, "stdout", _Full())
    printer.print_result("Apply complete!")
    assert capsys.readouterr().err == "Apply complete!\n"
