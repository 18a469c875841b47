"""The workspaces of the base whose rules count for a workspace of now, also if the change moves or renames it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reconciler.errors import BaseUnreadable
from reconciler.guardrails.base_rules import is_same_place
from reconciler.loading.file_kinds import CONFIG_FILE
from reconciler.loading.files import load_text
from reconciler.model.problems import Severity
from reconciler.settings import DEFAULT_WORKSPACE, Settings, Target, read_targets
from reconciler.validation.schemas import validate_config
from reconciler.workflows.base_commit import Base

Config = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseWorkspace:
    """A workspace at the base.

    Attributes:
        folder: From the top of the repository; empty for the top.
        config: Content of its reconciler.yaml.
    """

    folder: str
    config: Config

    @property
    def names(self) -> frozenset[str]:
        """Its present and former names."""
        former = self.config.get("workspace_was")
        listed = map(str, former) if isinstance(former, list) else ()
        return frozenset((str(self.config.get("workspace", DEFAULT_WORKSPACE)), *listed))

    @property
    def targets(self) -> tuple[Target, ...]:
        """All its targets."""
        return tuple(read_targets(self.config).values())

    def find_accounts(self, target: Target) -> frozenset[int]:
        """Find the accounts that it names where a target of now sees trades."""
        alike = (each for each in self.targets if is_same_place(each, target))
        return frozenset(number for each in alike for number in each.account_ids)


def find_workspaces(base: Base, settings: Settings) -> tuple[BaseWorkspace, ...]:
    """Find the workspaces of the base that a workspace of now continues.

    They are: the one in its folder, else in the nearest folder above; those with one of its names; and, for accounts
    that none of these names, those that name such an account.

    Args:
        base: The commit.
        settings: The workspace of now.

    Raises:
        BaseUnreadable: A reconciler.yaml of the base is damaged, or is not in the clone.
    """
    here = _read_own(base)
    if here is not None and _covers([here], settings):
        return (here,)
    others = tuple(_read_all(base))
    nearest = here or _find_nearest(base, others)
    own = [] if nearest is None else [nearest]
    own += [each for each in others if each.names & settings.workspaces and each.folder not in {o.folder for o in own}]
    added = settings.target.account_ids - {number for each in own for number in each.find_accounts(settings.target)}
    own += [each for each in others if each.find_accounts(settings.target) & added]
    return tuple({each.folder: each for each in own}.values())


def _covers(found: list[BaseWorkspace], settings: Settings) -> bool:
    """Return whether workspaces have a name and all accounts of the one of now."""
    names = frozenset(name for each in found for name in each.names)
    accounts = {number for each in found for number in each.find_accounts(settings.target)}
    return settings.workspaces <= names and settings.target.account_ids <= accounts


def _read_own(base: Base) -> BaseWorkspace | None:
    path = join(base.folder, CONFIG_FILE)
    if path not in base.list_files(base.folder):
        return None
    found = _read(base, path)
    if isinstance(found, str):
        raise BaseUnreadable(f"the base {base.label}: its {path} {found}; name another commit with --base")
    return found


def _read_all(base: Base) -> Iterator[BaseWorkspace]:
    """Read every reconciler.yaml of the base; what cannot be read is no workspace that could be applied."""
    for path in base.list_files():
        if path == CONFIG_FILE or path.endswith(f"/{CONFIG_FILE}"):
            found = _read(base, path)
            if not isinstance(found, str):
                yield found


def _read(base: Base, path: str) -> BaseWorkspace | str:
    """Read a reconciler.yaml; the fault if it is damaged."""
    document, problems = load_text(base.read(path), path)
    if document is None or problems:
        return "is damaged"
    if any(problem.severity is Severity.ERROR for problem in validate_config(document)):
        return "is invalid"
    return BaseWorkspace(folder=path.rpartition("/")[0], config=document.root)


def _find_nearest(base: Base, found: tuple[BaseWorkspace, ...]) -> BaseWorkspace | None:
    above = [each for each in found if not each.folder or f"{base.folder}/".startswith(f"{each.folder}/")]
    return max(above, key=lambda each: len(each.folder), default=None)


def join(folder: str, path: str) -> str:
    """Join a folder of the repository, empty for the top, and a path below it."""
    return f"{folder}/{path}" if folder else path
