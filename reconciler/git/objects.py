"""Objects of a repository, read by the program git: commits, lists of files, contents.

Only commands that read objects are run, on a named repository, without the environment of the user. So no configuration
of the user or the system is read, no hook, filter, file watcher, pager or transport can run, and no secret is passed
on. [git 2.39]
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from reconciler.git.repository import Repository, is_commit_id

# Time limit for git in seconds; it usually takes milliseconds.
GIT_TIMEOUT_S = 10.0
# A plan file has at most 16 MiB; a list of about 400,000 files has 64 MiB.
MAX_ANSWER_BYTES = 64 * 2**20

_SETTINGS = (
    "core.fsmonitor=false",
    "core.untrackedCache=false",
    "core.hooksPath=/dev/null",
    "core.attributesFile=/dev/null",
    "core.sshCommand=false",
    "core.gitProxy=",
    "core.askPass=",
    "credential.helper=",
    "diff.external=",
    "protocol.allow=never",
    "safe.bareRepository=explicit",
)
_OPTIONS = (
    "--no-pager",
    "--no-replace-objects",
    "--no-optional-locks",
    "--literal-pathspecs",
    *(word for setting in _SETTINGS for word in ("-c", setting)),
)
_ENVIRONMENT = {
    "LC_ALL": "C",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "",
}
_BLOB = b"blob"


def resolve_commit(repository: Repository, name: str) -> str | None:
    """Find the id of the commit that a name refers to; None if there is none.

    Args:
        repository: The repository.
        name: A branch, a tag, `HEAD~1` or an id.
    """
    answer = _run(repository, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    commit = (answer or b"").decode("ascii", errors="replace").strip()
    return commit if is_commit_id(commit) else None


def find_tree(repository: Repository, commit: str) -> str | None:
    """Find the id of the tree of a commit; None if it is not in the clone.

    Args:
        repository: The repository.
        commit: The full id of a commit.
    """
    if not is_commit_id(commit):
        return None
    answer = _run(repository, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{commit}^{{tree}}")
    tree = (answer or b"").decode("ascii", errors="replace").strip()
    return tree if is_commit_id(tree) else None


def find_merge_base(repository: Repository, one: str, other: str) -> str | None:
    """Find the id of the last common ancestor of two commits; None if there is none or it is not in the clone."""
    if not (is_commit_id(one) and is_commit_id(other)):
        return None
    commit = (_run(repository, "merge-base", one, other) or b"").decode("ascii", errors="replace").strip()
    return commit if is_commit_id(commit) else None


def list_blobs(repository: Repository, commit: str, folder: str = "") -> Mapping[str, str] | None:
    """List the files of a commit: path from the top of the repository to id of the content; None if git fails.

    Args:
        repository: The repository.
        commit: The full id of a commit.
        folder: List only files below this folder; a path from the top with slashes, empty for all.
    """
    if not is_commit_id(commit):
        return None
    below = ("--", f"{folder}/") if folder else ()
    answer = _run(repository, "ls-tree", "-r", "-z", "--full-tree", commit, *below)
    return None if answer is None else dict(_read_line(line) for line in answer.split(b"\0") if _is_blob(line))


def read_blob(repository: Repository, commit: str, path: str) -> bytes | None:
    """Read the content of a file in a commit; None if the commit has no such file or git fails.

    Args:
        repository: The repository.
        commit: The full id of a commit.
        path: Path of the file from the top of the repository, with slashes.
    """
    return _run(repository, "cat-file", "blob", f"{commit}:{path}") if is_commit_id(commit) else None


def read_blobs(repository: Repository, blobs: Collection[str]) -> Mapping[str, bytes] | None:
    """Read many contents with one run of git: id to content; None if one of them is missing, or git fails.

    Args:
        repository: The repository.
        blobs: Full ids of contents.
    """
    wanted = sorted(set(blobs))
    if not wanted:
        return {}
    if not all(map(is_commit_id, wanted)):
        return None
    answer = _run(repository, "cat-file", "--batch", given="".join(f"{blob}\n" for blob in wanted).encode("ascii"))
    try:
        return None if answer is None else dict(_read_batch(answer, wanted))
    except ValueError:
        return None


def _read_batch(answer: bytes, wanted: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Read the output of `cat-file --batch`: a head with id, type and size before each content.

    Raises:
        ValueError: A content is missing, or is none.
    """
    start = 0
    for blob in wanted:
        end = answer.index(b"\n", start)
        head = answer[start:end].split(b" ")
        if head[:2] != [blob.encode("ascii"), _BLOB]:
            raise ValueError(f"{blob} is missing")
        start = end + 1 + int(head[2])
        yield blob, answer[end + 1 : start]
        start += 1


def show_place(repository: Repository, path: Path) -> str | None:
    """Write a path like git: from the top of the repository, with slashes; None if it is outside the repository.

    Args:
        repository: The repository.
        path: A file or folder. Links in its parent folders are followed; the last part may be a link.
    """
    try:
        place = Path(os.path.realpath(path.parent)) / path.name if path.name else Path(os.path.realpath(path))
        shown = place.relative_to(repository.top).as_posix()
    except (OSError, ValueError):
        return None
    return "" if shown == "." else shown


def _is_blob(line: bytes) -> bool:
    # A link is a blob, too; its content is its target.
    return line.partition(b"\t")[0].split(b" ")[1:2] == [_BLOB]


def _read_line(line: bytes) -> tuple[str, str]:
    about, _, path = line.partition(b"\t")
    return os.fsdecode(path), about.split(b" ")[2].decode("ascii")


def _run(repository: Repository, *arguments: str, given: bytes = b"") -> bytes | None:
    """Run git and return its output; None if it fails, takes too long or prints too much.

    Args:
        repository: Where it runs.
        arguments: The command and its arguments.
        given: Its standard input.
    """
    command = ["git", *_OPTIONS, f"--git-dir={repository.git_folder}", *arguments]
    environment = {**_ENVIRONMENT, "PATH": os.environ.get("PATH", os.defpath)}
    try:
        with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as answer:
            asked.write(given)
            asked.seek(0)
            done = subprocess.run(  # noqa: S603 - no shell, and the command is ours
                command,
                stdin=asked,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                env=environment,
                cwd=repository.git_folder,
                timeout=GIT_TIMEOUT_S,
                check=False,
            )
            if done.returncode != 0 or answer.tell() > MAX_ANSWER_BYTES:
                return None
            answer.seek(0)
            return answer.read()
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
