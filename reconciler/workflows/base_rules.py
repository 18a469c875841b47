"""From the commit of a base to its rules: limits, ids, targets, and what trades prevent."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reconciler.desired.specify import specify
from reconciler.guardrails.base_rules import BaseRules
from reconciler.loading.file_kinds import CONFIG_FILE, is_plan_name
from reconciler.loading.files import load_text
from reconciler.model.documents import Document
from reconciler.model.lifecycle import Prevented
from reconciler.model.specs import TradeSpec
from reconciler.settings import Settings, read_freezes, read_price_moved_pct
from reconciler.validation.schemas import validate_plan
from reconciler.workflows.base_commit import Base
from reconciler.workflows.base_workspaces import BaseWorkspace, find_workspaces
from reconciler.workflows.plan_files import PlanFiles, resolve

_SHA256_DIGITS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundBase:
    """The base of a review, read.

    Attributes:
        base: The commit.
        workspaces: Its workspaces that the one of now continues; empty if it had none.
        specs: Trades of it whose files have changed.
        rules: The rules of each workspace; without any, the built-in ones.
        unread: Plan files of it that are not valid, so that it is not known what they prevent.
    """

    base: Base
    workspaces: tuple[BaseWorkspace, ...]
    specs: tuple[TradeSpec, ...]
    rules: tuple[BaseRules, ...]
    unread: tuple[str, ...] = ()


def read_base(base: Base, settings: Settings, files: PlanFiles) -> FoundBase:
    """Read the rules of a base.

    Args:
        base: The commit.
        settings: The workspace of now.
        files: Its plan files.

    Raises:
        BaseUnreadable: A reconciler.yaml of the base is damaged, or a file is not in the clone.
    """
    workspaces = find_workspaces(base, settings)
    specs: list[TradeSpec] = []
    rules: list[BaseRules] = []
    unread: list[str] = []
    for workspace in workspaces:
        found, damaged = _read_specs(base, workspace, settings, files)
        specs += found
        unread += damaged
        rules.append(_make_rules(workspace, found))
    return FoundBase(
        base=base,
        workspaces=workspaces,
        specs=tuple(specs),
        rules=tuple(rules) or (BaseRules(),),
        unread=tuple(unread),
    )


def _make_rules(workspace: BaseWorkspace, specs: Sequence[TradeSpec]) -> BaseRules:
    config = workspace.config
    limits, foreign = config.get("guardrails"), config.get("foreign")
    prevented: dict[str, Collection[Prevented]] = {}
    for spec in specs:
        prevented |= dict.fromkeys((spec.name, *spec.former_names), spec.lifecycle.prevent)
    return BaseRules(
        folder=workspace.folder,
        limits=limits if isinstance(limits, Mapping) else {},
        price_moved_pct=read_price_moved_pct(config),
        foreign=frozenset(foreign) if isinstance(foreign, list) else frozenset(),
        targets=workspace.targets,
        workspaces=workspace.names,
        freezes=read_freezes(config, {}),
        prevented=prevented,
    )


def _read_specs(
    base: Base, workspace: BaseWorkspace, settings: Settings, files: PlanFiles
) -> tuple[list[TradeSpec], list[str]]:
    """Read the trades of the base whose files have changed or are plan files no more, and name invalid files."""
    accounts = {**settings.target.accounts}
    for target in workspace.targets:
        accounts |= target.accounts
    groups: dict[str, list[Document]] = defaultdict(list)
    damaged: list[str] = []
    changed = list(_list_changed(base, workspace, settings.root, files))
    contents = base.read_all({path: blob for path, blob, _ in changed})
    for path, _, group in changed:
        document, problems = load_text(contents[path], path)
        if document is None or problems or validate_plan(document):
            damaged.append(path)
        else:
            groups[group].append(document)
    specs = (specify(each, accounts, workspace=settings.workspace)[0] for each in groups.values())
    return [spec for found in specs for spec in found], damaged


def _list_changed(base: Base, workspace: BaseWorkspace, root: Path, files: PlanFiles) -> Iterator[tuple[str, str, str]]:
    """List the plan files of the base that are other ones now, each with its id and the folder of its own workspace."""
    listed = base.list_files(workspace.folder)
    folders = [path.rpartition("/")[0] for path in listed if path.rpartition("/")[2] == CONFIG_FILE]
    present = {resolve(Path(file)) for file in {spec.origin.file for spec in files.specs}}
    start = len(workspace.folder) + 1 if workspace.folder else 0
    for path, blob in listed.items():
        below = path[start:]
        is_hidden = any(part.startswith(".") for part in below.split("/"))
        if is_hidden or not is_plan_name(below.rpartition("/")[2]):
            continue
        place = root / below
        if resolve(place) not in present or _hash(place, blob) != blob:
            yield path, blob, max((each for each in folders if path.startswith(f"{each}/")), key=len, default="")


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
