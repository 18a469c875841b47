"""The command of a policy: run without a shell, with a time limit, and with a bound on what it prints."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from reconciler.model.policy import PolicyResult

# Time limit in seconds; engines of rules answer in about one.
POLICY_TIMEOUT_S = 60.0
# What is shown of the output; the rest is read and dropped.
MAX_OUTPUT_BYTES = 16 * 2**10
# Variables with these names may hold keys, passwords and tokens: a policy gets none of them.
_SECRET_BEGINNINGS = ("THREE_COMMAS_", "RECONCILER_")
_SECRET_PARTS = ("TOKEN", "SECRET", "PASSW", "CREDENTIAL", "API_KEY", "APIKEY", "PRIVATE_KEY", "ACCESS_KEY")
_SECRET_ENDS = ("_KEY", "_PAT", "_PWD", "_AUTH", "_AUTH_SOCK")
# An address with a password, of a database or a proxy.
_PASSWORD_IN_URL = re.compile(r"://[^/\s:@]*:[^/\s@]+@")
_READ_BYTES = 2**16
# How long a stopped command may take to give its output back, in seconds.
_JOIN_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandEnd:
    """The end of a command.

    Attributes:
        result: How it ended.
        exit_code: Its exit code, or the negative number of the signal that ended it; None if it gave none.
        output: Beginning of what it printed, on both streams.
    """

    result: PolicyResult
    exit_code: int | None = None
    output: str = ""


def run_policy(
    command: Sequence[str],
    document: str,
    folder: Path,
    environment: Mapping[str, str],
    timeout_s: float = POLICY_TIMEOUT_S,
    secrets: Sequence[str] = (),
) -> CommandEnd:
    """Run a command with a document on its standard input; only exit code 0 passes.

    Args:
        command: The program and its arguments; a program without a slash is searched for in PATH.
        document: The plan in JSON.
        folder: Where it runs.
        environment: That of this process; the command gets it without secrets.
        timeout_s: Time limit in seconds; then the command and all that it started are ended.
        secrets: Keys and passwords that are known: no variable with one of them is passed on.
    """
    with tempfile.TemporaryFile() as text:
        text.write(document.encode())
        text.seek(0)
        try:
            process = subprocess.Popen(  # noqa: S603 - the command of the user, without a shell
                list(command),
                stdin=text,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env=hide_secrets(environment, secrets),
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            return CommandEnd(result=PolicyResult.MISSING, output=_describe(error))
    with process:
        return _wait(process, timeout_s)


def hide_secrets(environment: Mapping[str, str], secrets: Sequence[str] = ()) -> dict[str, str]:
    """Return the variables that a policy gets: none with the name of a secret, and none with a key in its value."""
    return {
        name: value
        for name, value in environment.items()
        if not (_is_named_secret(name.upper()) or _holds_secret(value, secrets))
    }


def _is_named_secret(name: str) -> bool:
    is_secret = name.startswith(_SECRET_BEGINNINGS) or name.endswith(_SECRET_ENDS)
    return is_secret or any(part in name for part in _SECRET_PARTS)


def _holds_secret(value: str, secrets: Sequence[str]) -> bool:
    return bool(_PASSWORD_IN_URL.search(value)) or any(secret in value for secret in secrets)


def _wait(process: subprocess.Popen[bytes], timeout_s: float) -> CommandEnd:
    reader = _Reader(process.stdout)
    try:
        code = process.wait(timeout_s)
    except subprocess.TimeoutExpired:
        _kill(process)
        return CommandEnd(result=PolicyResult.TIMED_OUT, output=reader.end())
    except BaseException:
        _kill(process)
        raise
    # What it has started may still hold its output open.
    _kill(process)
    return CommandEnd(result=_judge(code), exit_code=code, output=reader.end())


def _judge(code: int) -> PolicyResult:
    if code == 0:
        return PolicyResult.PASSED
    return PolicyResult.CRASHED if code < 0 else PolicyResult.REFUSED


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a command and all that it has started."""
    with suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)


def _describe(error: Exception) -> str:
    name = getattr(error, "filename", None)
    words = getattr(error, "strerror", None) or type(error).__name__
    return f"{os.fsdecode(name)}: {words}" if isinstance(name, str | bytes) else str(words)


class _Reader:
    """Reads the output of a command beside it, so that neither waits for the other.

    Args:
        stream: The output.
    """

    def __init__(self, stream: IO[bytes] | None) -> None:
        self._stream = stream
        self._content = b""
        self._is_cut = False
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def end(self) -> str:
        """Return the beginning of the output."""
        self._thread.join(_JOIN_S)
        text = self._content.decode("utf-8", errors="replace").strip()
        return f"{text}\n... (cut)" if self._is_cut else text

    def _read(self) -> None:
        with suppress(OSError, ValueError):
            while self._stream is not None and (chunk := os.read(self._stream.fileno(), _READ_BYTES)):
                room = MAX_OUTPUT_BYTES - len(self._content)
                self._is_cut = self._is_cut or len(chunk) > room
                self._content += chunk[:room]
