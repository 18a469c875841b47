"""The step from documents to trade specs, with short forms and defaults resolved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from reconciler.codec.averaging import read_averaging
from reconciler.codec.body import read_terms
from reconciler.codec.numbers import to_decimal
from reconciler.desired.canonical import GROUPS, Fields, expand_trade, find_field, merge_defaults
from reconciler.desired.known_problems import KnownProblems
from reconciler.desired.moves import find_moves
from reconciler.model.documents import Document, FieldPath
from reconciler.model.lifecycle import Ignored, Lifecycle, Prevented
from reconciler.model.problems import Problem, Severity
from reconciler.model.specs import DesiredState, Origin, TradeSpec
from reconciler.rules import Candidate, Finding, check_trade
from reconciler.validation.explain import quote, suggest
from reconciler.validation.lost_indentation import names_of_lost_fields
from reconciler.validation.unused import drop_unused


def specify(
    documents: Sequence[Document],
    accounts: Mapping[str, int],
    *,
    workspace: str,
    known: Sequence[Problem] = (),
) -> tuple[tuple[TradeSpec, ...], tuple[Problem, ...]]:
    """Read the trades of plan files, and report their problems.

    Args:
        documents: All plan files of the workspace, or the selected ones.
        accounts: Aliases of the target, with their account ids.
        workspace: Name of the workspace.
        known: Problems that loading and validation have found. Problems that follow from them are not reported again.

    Returns:
        Specs of the trades without errors, in the order of the files, and the problems, including warnings. The specs
        may be used only if neither these problems nor `known` include an error: a trade that is missing here may still
        be wanted.
    """
    are_all_read = {problem.file for problem in known} <= {document.name for document in documents}
    former_names, found_moves = find_moves(documents, are_all_read=are_all_read)
    specs: list[TradeSpec] = []
    problems: list[Problem] = list(found_moves)
    first_places: dict[str, Origin] = {}
    known_by_file: dict[str, list[Problem]] = defaultdict(list)
    for problem in known:
        known_by_file[problem.file].append(problem)
    for document in documents:
        plan_file = _PlanFile.open(document, accounts, workspace, known_by_file[document.name])
        problems += plan_file.problems
        for name in plan_file.trades:
            spec, found = plan_file.specify(name)
            first = first_places.setdefault(name, document.find_key(("trades", name)))
            if first.file != document.name:
                found.append(_report_second(document, name, first))
                spec = None
            problems += found
            if spec is not None:
                specs.append(replace(spec, former_names=former_names.get(name, ())))
    return tuple(specs), tuple(problems)


def _report_second(document: Document, name: str, first: Origin) -> Problem:
    path = ("trades", name)
    message = f"found the name {name} a second time; the first is in {first.file}:{first.line}, names are unique"
    return document.problem(path, message, at=document.find_key(path))


@dataclass(slots=True, kw_only=True)
class _PlanFile:
    """One file while its trades are specified.

    Attributes:
        document: The file.
        accounts: Aliases and account ids.
        workspace: Name of the workspace.
        known: Problems of this file that were found earlier.
        trades: The trades that are groups of keys, by name.
        defaults: The defaults of the file, expanded.
        account_id: The account of the file, if it names one.
        problems: Problems of the file outside its trades.
    """

    document: Document
    accounts: Mapping[str, int]
    workspace: str
    known: KnownProblems
    trades: Mapping[str, Mapping[str, object]]
    defaults: Fields
    account_id: int | None = None
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def open(
        cls, document: Document, accounts: Mapping[str, int], workspace: str, known: Sequence[Problem]
    ) -> _PlanFile:
        trades, defaults = _group(document.root.get("trades")), _group(document.root.get("defaults"))
        defaults = drop_unused(defaults, {})
        lost = names_of_lost_fields(trades)
        plan_file = cls(
            document=document,
            accounts=accounts,
            workspace=workspace,
            known=KnownProblems.from_problems(known, trades.keys()),
            trades={
                name: drop_unused(trade, defaults)
                for name, trade in trades.items()
                if isinstance(trade, Mapping) and name not in lost
            },
            defaults=expand_trade(defaults),
        )
        plan_file.account_id = plan_file.read_account((), document.root, plan_file.problems)
        plan_file.problems += _check_defaults(document, _group(document.root.get("defaults")))
        return plan_file

    def specify(self, name: str) -> tuple[TradeSpec | None, list[Problem]]:
        """Read one trade; None if it has an error, now or earlier. Also returns the problems found now."""
        problems: list[Problem] = []
        fields = merge_defaults(expand_trade(self.trades[name]), self.defaults)
        account_id = self.choose_account(name, problems)
        candidate = Candidate.from_fields(fields, workspace=self.workspace, name=name)
        problems += self.place(name, check_trade(candidate))
        if self.is_refused(name) or any(problem.severity is Severity.ERROR for problem in problems):
            return None, problems
        try:
            return self.make_spec(name, {**fields, "account_id": account_id}), problems
        except ValueError as error:
            # Only if the caller did not validate the document, or did not pass on the problems.
            return None, [*problems, self.document.problem(("trades", name), f"cannot be used: {error}")]

    def make_spec(self, name: str, fields: Fields) -> TradeSpec:
        take_profit = _group(fields.get("take_profit"))
        terms = read_terms(fields)
        return TradeSpec(
            name=name,
            generation=int(to_decimal(fields.get("generation", 1))),
            state=DesiredState(str(fields.get("state", DesiredState.OPEN.value))),
            terms=terms,
            unallocated_pct=to_decimal(take_profit.get("unallocated", 0)) if terms.steps else Decimal(0),
            note=str(fields.get("note", "")).strip(),
            origin=self.document.find_key(("trades", name)),
            averaging=tuple(read_averaging(order) for order in _list(fields.get("averaging"))),
            lifecycle=_read_lifecycle(_group(fields.get("lifecycle"))),
        )

    def choose_account(self, name: str, problems: list[Problem]) -> int | None:
        """Find the account of a trade: its own, else the account of the file."""
        trade, path = self.trades[name], ("trades", name)
        if "account" in trade or "account_id" in trade:
            return self.read_account(path, trade, problems)
        if self.account_id is None and not self.problems and not self.known.of_file:
            message = "account is missing, expected an alias or an id, at the trade or at the top of the file"
            problems += self.place(name, [Finding(path=("account",), message=message)])
        return self.account_id

    def read_account(self, path: FieldPath, group: Mapping[str, object], problems: list[Problem]) -> int | None:
        """Read the account that a trade or the file names; None if there is no usable one."""
        if "account" in group and "account_id" in group:
            second = (*path, "account_id")
            message = "found both account and account_id, expected one of them"
            problems.append(self.document.problem(second, message, at=self.document.find_key(second)))
        key = "account" if "account" in group else "account_id"
        named = group.get(key)
        if isinstance(named, str) and named in self.accounts:
            return self.accounts[named]
        try:
            return int(to_decimal(named))
        except ValueError:
            if isinstance(named, str) and not self.known.has_problem_at((*path, key)):
                message = f"found the unknown account {quote(named)}; {suggest(named, list(self.accounts))}"
                problems.append(self.document.problem((*path, key), message))
            return None

    def place(self, name: str, findings: Iterable[Finding]) -> Iterator[Problem]:
        """Turn findings into problems with positions, except those that follow from known problems."""
        for finding in findings:
            place = find_field(self.document, name, finding.path)
            if not self.known.explains(place.path, is_written=place.is_written):
                problem = self.document.problem(place.path, finding.message, at=place.origin, severity=finding.severity)
                yield replace(
                    problem,
                    trade=name,
                    is_about_entry=finding.is_about_entry,
                    is_about_create=finding.is_about_create,
                )

    def is_refused(self, name: str) -> bool:
        """Return whether an error of the trade, or of the file outside its trades, was found earlier."""
        return bool(self.problems) or self.known.has_file_error() or self.known.has_error(name)


def _check_defaults(document: Document, defaults: Mapping[str, object]) -> Iterator[Problem]:
    """Report defaults that try to switch a group on or off. Only a trade may do that."""
    for key in sorted(GROUPS & defaults.keys()):
        group = defaults[key]
        if group is False or (isinstance(group, Mapping) and "enabled" in group):
            message = f"found {key} switched in the defaults, which apply only to trades that have the group themselves"
            yield document.problem(("defaults", key), f"{message}; leave it out")


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()


def _read_lifecycle(group: Mapping[str, object]) -> Lifecycle:
    return Lifecycle(
        prevent=frozenset(Prevented(word) for word in _texts(group.get("prevent"))),
        ignored=frozenset(Ignored(path) for path in _texts(group.get("ignore_changes"))),
    )


def _texts(value: object) -> list[str]:
    return [str(text) for text in value] if isinstance(value, list) else []


def _group(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
