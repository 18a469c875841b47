"""Changed rules of a workspace, for a review: compared with the base of a pull request, or with the last commit."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from reconciler.desired.specify import specify
from reconciler.errors import UsageError
from reconciler.git.objects import list_blobs, read_blob, resolve_commit, show_place
from reconciler.git.repository import Repository, find_repository, read_head
from reconciler.guardrails.config_changes import compare_config, compare_prevent
from reconciler.loading.file_kinds import CONFIG_FILE, SUFFIXES
from reconciler.loading.files import load_file, load_text
from reconciler.model.documents import Document
from reconciler.model.plan import Notice, NoticeKind, Plan
from reconciler.model.plan_reasons import NoticeReason
from reconciler.model.reasons import reason as make_reason
from reconciler.model.specs import TradeSpec
from reconciler.settings import Settings
from reconciler.validation.schemas import validate_plan
from reconciler.workflows.plan_files import PlanFiles

# Of a pull request. Source: GitHub Actions, default variables; GitLab CI, predefined variables for merge requests.
GITHUB_BASE = "GITHUB_BASE_REF"
GITLAB_BASE = "CI_MERGE_REQUEST_DIFF_BASE_SHA"
_SHOWN_DIGITS = 8
_SHA256_DIGITS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A commit that a review starts from.

    Attributes:
        repository: Where it is.
        name: What it is called.
        commit: Its id.
        folder: The workspace, from the top of the repository.
    """

    repository: Repository
    name: str
    commit: str
    folder: str

    def read(self, path: str) -> bytes | None:
        """Read a file of the workspace at the base; None if it had none."""
        return read_blob(self.repository, self.commit, f"{self.folder}/{path}" if self.folder else path)

    def list_changed(self, root: Path) -> list[str]:
        """Read the plan files of the base that have changed, those of nested workspaces included.

        Args:
            root: The workspace as it is.
        """
        blobs = list_blobs(self.repository, self.commit, self.folder) or {}
        start = len(self.folder) + 1 if self.folder else 0
        found = {path[start:]: blob for path, blob in blobs.items() if path.endswith(SUFFIXES)}
        return [path for path, blob in found.items() if _hash(root / path, blob) != blob and _is_plan_file(path)]


def add_review(
    plan: Plan, settings: Settings, files: PlanFiles, environment: Mapping[str, str], given: str | None = None
) -> Plan:
    """Add to a plan the rules that differ from those at the base of its review.

    The base is the given one, else that of the pull request in CI, else the last commit. If one is named and cannot be
    read, the plan says so. Everything is read from the store of git.

    Args:
        plan: The plan.
        settings: The workspace.
        files: Its plan files.
        environment: Names the base in CI.
        given: From `--base`, or None.

    Raises:
        UsageError: The given base cannot be read.
    """
    in_ci = environment.get(GITLAB_BASE) or environment.get(GITHUB_BASE) or ""
    wanted = given or in_ci
    base = _find_base(Path(os.path.realpath(settings.root)), wanted, is_remote=not given)
    if base is None:
        if given:
            raise UsageError(f"--base {given}: found no such commit here; fetch it, or name another one")
        return _say_unread(plan, f"{wanted}: found no such commit here; fetch it, then plan again") if wanted else plan
    config, problem = _load(base.read(CONFIG_FILE), CONFIG_FILE)
    if problem:
        return _say_unread(plan, f"{base.name}: its {CONFIG_FILE} {problem}; compare it yourself")
    if config is None and not wanted:
        # The last commit has no such workspace: there is nothing to compare with.
        return plan
    present, _ = load_file(settings.root / CONFIG_FILE, CONFIG_FILE)
    before = config.root if config else {}
    changes = compare_config(before, present.root if present else {})
    changes += compare_prevent(_read_specs(base, settings, before), files.specs)
    label = f"{base.name} ({base.commit[:_SHOWN_DIGITS]})"
    return replace(plan, config_base=label, config_changes=changes)


def _find_base(root: Path, name: str, *, is_remote: bool) -> Base | None:
    """Find the base of a name, or the last commit if the name is empty; None if there is none."""
    repository = find_repository(root)
    folder = None if repository is None else show_place(repository, root)
    if repository is None or folder is None:
        return None
    commit = _find_commit(repository, name, is_remote=is_remote) if name else read_head(repository)
    return None if commit is None else Base(repository=repository, name=name or "HEAD", commit=commit, folder=folder)


def _find_commit(repository: Repository, name: str, *, is_remote: bool) -> str | None:
    """Find a commit by its name; in a pipeline it is a branch of the remote, or an id."""
    names = [f"refs/remotes/origin/{name}", name]
    found = (resolve_commit(repository, each) for each in (names if is_remote else reversed(names)))
    return next((commit for commit in found if commit is not None), None)


def _say_unread(plan: Plan, reason: str) -> Plan:
    found = make_reason(NoticeReason.BASE_UNREADABLE, problem=reason)
    notice = Notice(kind=NoticeKind.WARNING, trade="", live_id=None, reason=found)
    return replace(plan, notices=(notice, *plan.notices))


def _load(content: bytes | None, name: str) -> tuple[Document | None, str]:
    """Load a document, None if there is no such file; and say why it cannot be read, or empty."""
    if content is None:
        return None, ""
    document, problems = load_text(content, name)
    if document is None or problems:
        return None, "is damaged"
    return document, ""


def _read_specs(base: Base, settings: Settings, config: Mapping[str, object]) -> tuple[TradeSpec, ...]:
    """Read the trades of the base whose files have changed; invalid files are skipped, as they could not be applied."""
    documents = []
    for path in base.list_changed(settings.root):
        document, _ = _load(base.read(path), path)
        if document is not None and not validate_plan(document):
            documents.append(document)
    accounts = {**settings.target.accounts, **_find_accounts(config)}
    specs, _ = specify(documents, accounts, workspace=settings.workspace)
    return specs


def _find_accounts(config: Mapping[str, object]) -> dict[str, int]:
    """Collect the accounts of all targets of a configuration; only the meaning of an alias matters here."""
    targets = config.get("targets")
    groups = [target.get("accounts") for target in targets.values()] if isinstance(targets, Mapping) else []
    return {alias: int(number) for group in groups if isinstance(group, Mapping) for alias, number in group.items()}


def _is_plan_file(path: str) -> bool:
    return Path(path).name != CONFIG_FILE and not any(part.startswith(".") for part in path.split("/"))


def _hash(path: Path, like: str) -> str:
    """Compute the id that git gives to the content of a file; empty if it cannot be read.

    Args:
        path: The file.
        like: An id of the repository, whose length shows the algorithm.
    """
    try:
        content = path.read_bytes()
    except OSError:
        return ""
    algorithm = hashlib.sha256 if len(like) == _SHA256_DIGITS else hashlib.sha1
    return algorithm(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
