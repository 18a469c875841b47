"""Policies of a plan: which commands count, in which folder they run, and their verdicts.

A policy is a command in a file of the workspace, so a pull request could bring its own: the command would be run with
the change under review, on the machine that plans it. With a named base, only the command of the base is run, and it
sees the files of the workspace as they are at the base. A changed command is shown as a changed rule. In a
pipeline that would not name a base, no command of the files is run, and a plan without a base is refused.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from reconciler.errors import BaseUnreadable, PolicyRefused
from reconciler.git.base_variables import BASE_VARIABLES, names_pull_requests
from reconciler.model.plan import Plan
from reconciler.model.policy import PolicyResult, PolicySource, PolicyVerdict
from reconciler.policy_command import run_policy
from reconciler.rendering.policy_text import describe_refusal
from reconciler.saved_plan.files import write_plan
from reconciler.settings import Settings, find_passwords, find_secrets, is_ci, read_policy
from reconciler.workflows.base_commit import Base, find_base
from reconciler.workflows.base_workspaces import BaseWorkspace, find_workspaces
from reconciler.workflows.workspace_copy import copy_workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class _Policy:
    """A command, and where it runs."""

    source: PolicySource
    command: tuple[str, ...]
    base: Base | None = None
    folder: str = ""
    is_trusted: bool = True


def judge_plan(
    plan: Plan,
    settings: Settings,
    environment: Mapping[str, str],
    *,
    base: str | None = None,
    option: Sequence[str] = (),
) -> Plan:
    """Run all policies on a plan, and return it with their verdicts.

    Args:
        plan: What they judge; they get its JSON document.
        settings: The workspace.
        environment: Names the base of a pull request, and has the secrets that are hidden.
        base: From `--base`, or None.
        option: Command of `--policy`, which counts beside the others; empty without.

    Raises:
        BaseUnreadable: A base is named, and it cannot be read.
    """
    policies = [*_find_policies(settings, environment, base)]
    if option:
        policies.append(_Policy(source=PolicySource.OPTION, command=tuple(option)))
    if not policies:
        return replace(plan, policies=())
    document = write_plan(replace(plan, policies=()))
    return replace(plan, policies=tuple(_run(each, document, settings, environment) for each in policies))


def judge_again(plan: Plan, settings: Settings, environment: Mapping[str, str], *, option: Sequence[str] = ()) -> Plan:
    """Run all policies on a plan that is about to be applied.

    If the plan was held by a base, and that is not asked again here, the verdicts by it that the plan holds count.

    Args:
        plan: What they judge.
        settings: The workspace.
        environment: Names the base of a pull request, and has the secrets that are hidden.
        option: Command of `--policy`, which counts beside the others; empty without.

    Raises:
        BaseUnreadable: A base is named, it cannot be read, and the plan was made without one.
    """
    try:
        judged = judge_plan(plan, settings, environment, option=option).policies
    except BaseUnreadable:
        if plan.base is None:
            raise
        # No command of the change under review is run.
        elsewhere = {name: value for name, value in environment.items() if name not in BASE_VARIABLES}
        judged = judge_plan(plan, replace(settings, policy=()), elsewhere, option=option).policies
    if plan.base is not None:
        # The base has judged it.
        judged = tuple(verdict for verdict in judged if verdict.result is not PolicyResult.NOT_RUN)
    is_asked = any(verdict.source is PolicySource.BASE for verdict in judged)
    held = () if is_asked else (verdict for verdict in plan.policies if verdict.source is PolicySource.BASE)
    return replace(plan, policies=(*held, *judged))


def refuse_by_policy(plan: Plan) -> None:
    """Refuse a plan that a policy does not accept.

    Raises:
        PolicyRefused: One does not.
    """
    refused = [verdict for verdict in plan.policies if not verdict.has_passed]
    if refused:
        raise PolicyRefused("\n".join(map(describe_refusal, refused)))


def _find_policies(settings: Settings, environment: Mapping[str, str], given: str | None) -> Iterator[_Policy]:
    """Find the policy of the base, if one is named, else that of reconciler.yaml as it is."""
    base = find_base(settings.root, given, environment)
    if base is None or not base.is_named:
        if settings.policy:
            is_trusted = not is_ci(environment) or names_pull_requests(environment)
            yield _Policy(source=PolicySource.CONFIG, command=settings.policy, is_trusted=is_trusted)
        return
    for workspace in find_workspaces(base, settings):
        yield from _read_base_policy(base, workspace)


def _read_base_policy(base: Base, workspace: BaseWorkspace) -> Iterator[_Policy]:
    command = read_policy(workspace.config)
    if command:
        yield _Policy(source=PolicySource.BASE, command=command, base=base, folder=workspace.folder)


def _run(policy: _Policy, document: str, settings: Settings, environment: Mapping[str, str]) -> PolicyVerdict:
    secrets = (*find_secrets(environment), *find_passwords(environment))
    if not policy.is_trusted:
        return PolicyVerdict(source=policy.source, command=policy.command, result=PolicyResult.NOT_RUN)
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(_open_folder(policy, settings))
        except (BaseUnreadable, OSError) as error:
            text = error.message if isinstance(error, BaseUnreadable) else str(error.strerror)
            return PolicyVerdict(
                source=policy.source, command=policy.command, result=PolicyResult.UNREADABLE, output=text
            )
        ended = run_policy(policy.command, document, folder, environment, secrets=secrets)
    return PolicyVerdict(
        source=policy.source,
        command=tuple(_hide(word, secrets) for word in policy.command),
        result=ended.result,
        exit_code=ended.exit_code,
        output=_hide(ended.output, secrets),
    )


@contextmanager
def _open_folder(policy: _Policy, settings: Settings) -> Iterator[Path]:
    """Give the folder in which a policy runs: the workspace, or a copy of it as it is at the base."""
    if policy.base is None:
        yield settings.root.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="reconciler-policy-") as name:
        folder = Path(name).resolve()
        copy_workspace(policy.base, policy.folder, folder)
        yield folder


def _hide(text: str, secrets: Sequence[str]) -> str:
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "***")
    return text
