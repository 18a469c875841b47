"""Survey the live trades of a workspace for drift and status; sends no write."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from reconciler.attention.unmanaged import find_outside, find_unmanaged
from reconciler.drifting.averaging_edits import find_averaged
from reconciler.drifting.edit_risk import measure_edits
from reconciler.drifting.find_drift import find_drift
from reconciler.drifting.strays import find_strays
from reconciler.drifting.survey import PairKey, Survey
from reconciler.errors import ApiError
from reconciler.live.rates import PairRates
from reconciler.matching.sighting import Index
from reconciler.model.averaging import AveragingReading
from reconciler.model.drift import DriftReport, Finding, Topic
from reconciler.model.journal import AppliedTrade
from reconciler.model.live import Account, LiveTrade, Phase, Prices, Rates
from reconciler.model.plan import PlanContext
from reconciler.model.status import StatusReport, StatusRow, UnmanagedTrade
from reconciler.model.unreadable import Part
from reconciler.risk.live_risk import measure_lives
from reconciler.risk.totals import sum_risks
from reconciler.session import Session
from reconciler.status.rows import describe_unmanaged, make_row, sum_profits
from reconciler.workflows.accounts import check_accounts
from reconciler.workflows.averaging_orders import know_averaging, read_averaging
from reconciler.workflows.bad_news import read_bad_news
from reconciler.workflows.known_averaging import is_over
from reconciler.workflows.live_reader import Reader
from reconciler.workflows.plan_context import describe_context
from reconciler.workflows.plan_files import Selection
from reconciler.workflows.released import add_released
from reconciler.workflows.survey_figures import describe_figures, list_active

# Differences that may come from rounding: the limits of the pair are read before they are reported.
_MAY_BE_ROUNDING = (Topic.FIELD, Topic.CHANGED, Topic.CHANGED_AND_PERHAPS_EDITED)


class Surveyor:
    """Surveys the live trades of a workspace, as often as it is asked, and remembers what cannot change any more.

    Args:
        session: The workspace, where to read, and what the journal knows of applied and of ended trades.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._settings = session.settings
        self._reader = Reader(session=session)
        self._limits: dict[PairKey, Rates | None] = {}
        self._accounts: Mapping[int, Account] = {}
        self._context = describe_context(session.settings, session.clock.now())

    def survey(self, selection: Selection, *, is_every_state: bool = False) -> tuple[Survey, PlanContext]:
        """Read the live trades as they are now.

        Args:
            selection: The trades in question.
            is_every_state: Whether trades that should not be open are searched for in the history, too.

        Returns:
            The survey, and when and for what it was made.

        Raises:
            AccessRefused: The key, the mode or an account is wrong.
            ApiError: The live trades cannot be read.
        """
        session, files = self._session, selection.files
        accounts = check_accounts(session, {spec.terms.account_id for spec in selection.specs})
        index, history = self._reader.read(
            selection.specs, files.renames, is_whole=selection.is_whole, is_every_state=is_every_state
        )
        applied = self._read_applied(selection, index)
        missing_specs = [spec for spec in selection.specs if spec.name not in index.by_name]
        context = replace(self._context, made_at=session.clock.now())
        foreign = add_released(self._settings.foreign, session.journal, index, missing_specs, files.specs)
        survey = Survey(
            specs=selection.specs,
            all_names=files.names,
            is_whole=selection.is_whole,
            index=index,
            history=history,
            applied=applied,
            by_id={live.id: live for live in history.unmarked.values()},
            gone=frozenset(history.created[name].live_id for name in history.vanished),
            foreign=foreign,
            outside=find_outside(index, self._settings.foreign),
            news=read_bad_news(session, selection, index, history, foreign),
        )
        self._accounts = accounts
        return survey, context

    def find_drift(self, selection: Selection) -> DriftReport:
        """Survey, and compare with what was last applied.

        Args:
            selection: The trades in question.

        Raises:
            AccessRefused: The key, the mode or an account is wrong.
            ApiError: The live trades cannot be read.
        """
        sent = self._count_sent()
        survey, context = self.survey(selection)
        survey = replace(survey, averaging=self._read_averaging(survey))
        findings = find_drift(survey)
        rates = self._read_doubtful(survey, findings)
        if rates:
            findings = find_drift(replace(survey, rates=rates))
        pairs = {spec.name: spec.terms.pair for spec in selection.files.specs}
        pairs |= {name: lives[0].terms.pair for name, lives in survey.index.by_name.items() if name not in pairs}
        return DriftReport(
            context=context,
            has_journal=bool(survey.applied),
            findings=findings,
            pairs=pairs,
            checked=len(selection.specs),
            requests=self._count_sent() - sent,
            unmanaged=self._find_unmanaged(survey, {finding.live_id for finding in findings}),
            risks=measure_edits(survey, findings, *describe_figures(self._settings, survey, list_active(survey))),
            freezes=self._session.find_freezes(),
        )

    def find_status(self, selection: Selection) -> StatusReport:
        """Survey, and describe each trade with its price and profit.

        Args:
            selection: The trades in question.

        Raises:
            AccessRefused: The key, the mode or an account is wrong.
            ApiError: The live trades cannot be read.
        """
        sent = self._count_sent()
        survey, context = self.survey(selection, is_every_state=True)
        known = self._know_averaging(survey)
        survey = replace(survey, averaging={**known, **self._read_averaging(survey, known)})
        waiting = {live_id for live_id, reading in known.items() if not is_over(reading)}
        rows = self._describe_trades(survey, selection)
        # Reading the clock of the sandbox comes last and does not count: 3Commas is not asked for it.
        requests = self._count_sent() - sent
        return StatusReport(
            workspace=context.workspace,
            target=context.target,
            mode=context.mode,
            made_at=context.made_at,
            trades=rows,
            totals=sum_profits(rows),
            requests=requests,
            unmanaged=self._describe_unmanaged(survey, {row.live_id for row in rows}),
            outside=tuple(live.id for live in survey.outside),
            accounts={number: alias for alias, number in self._settings.target.accounts.items()},
            exchange_now=self._read_sandbox_time(),
            risk=sum_risks(row.risk for row in rows if row.risk is not None),
            freezes=self._session.find_freezes(),
            averaging_not_read=tuple(row.trade for row in rows if row.live_id in waiting),
        )

    def _read_sandbox_time(self) -> datetime | None:
        """Read the clock of the embedded sandbox, which only moves when it is told to; None for 3Commas."""
        if not self._settings.target.is_sandbox:
            return None
        seconds: object = None
        with suppress(ApiError):
            seconds = self._session.api.time().get("server_time")
        return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) else None

    def _count_sent(self) -> int:
        return self._session.api.session.budget.sent

    def _describe_trades(self, survey: Survey, selection: Selection) -> tuple[StatusRow, ...]:
        """Describe the selected trades, then live ones that no file describes."""
        strays = find_strays(survey.index, survey.specs, survey.applied)
        active = {name: lives[0] for name, lives in survey.index.by_name.items()}
        reported = {news.trade: news.live for news in survey.news if news.live is not None}
        lives = {**reported, **survey.history.newest, **strays, **active}
        specs = {spec.name: spec for spec in selection.specs}
        others = dict.fromkeys((*active, *(news.trade for news in survey.news)))
        names = [*specs, *(name for name in others if selection.is_whole and name not in survey.all_names)]
        named = {name: lives[name] for name in names if name in lives}
        prices = self._read_prices(list(named.values()))
        risks = measure_lives(named, *describe_figures(self._settings, survey, named.values()), prices)
        return tuple(
            make_row(
                name,
                specs.get(name),
                lives.get(name),
                prices.get(lives[name].id) if name in lives else None,
                [news for news in survey.news if news.trade == name],
                risks.get(name),
            )
            for name in names
        )

    def _find_unmanaged(self, survey: Survey, named: Collection[int | None]) -> tuple[int, ...]:
        accounts = self._settings.target.accounts.values()
        return find_unmanaged(survey.index, accounts, self._settings.foreign.union(named))

    def _describe_unmanaged(self, survey: Survey, named: Collection[int | None]) -> tuple[UnmanagedTrade, ...]:
        ids = self._find_unmanaged(survey, named)
        lives = {live.id: live for live in survey.index.unmarked.lives}
        return tuple(describe_unmanaged(lives[live_id]) for live_id in ids)

    def _know_averaging(self, survey: Survey) -> Mapping[int, AveragingReading]:
        """Find the averaging orders that the journal knows: to show them is not worth a request for each trade."""
        averaged = {live.id: live for live in find_averaged(survey.index, survey.specs)}
        pairs = [
            (live, spec)
            for spec in survey.specs
            for live in survey.index.by_name.get(spec.name, ())
            if live.id in averaged
        ]
        return know_averaging(self._session, pairs, is_final=False)

    def _read_averaging(self, survey: Survey, known: Collection[int] = ()) -> Mapping[int, AveragingReading]:
        averaged = find_averaged(survey.index, survey.specs)
        return read_averaging(self._session, [live for live in averaged if live.id not in known])

    def _make_rates(self) -> PairRates:
        """Make the reader of rates; in this survey each rate is read at most once."""
        return PairRates(self._session.api, self._session.clock, self._accounts, math.inf)

    def _read_prices(self, lives: Sequence[LiveTrade]) -> dict[int, Prices]:
        """Read prices by SmartTrade id: those that came with the trade, else with a request for each pair."""
        prices = {live.id: live.prices for live in lives if live.prices is not None}
        bare = [live for live in lives if live.prices is None and _is_priced(live)]
        rates = self._make_rates()
        read = {key: rates.find(*key) for key in sorted({_pair_of(live) for live in bare})}
        found = {live.id: read[_pair_of(live)] for live in bare}
        return prices | {live_id: each.prices for live_id, each in found.items() if each is not None}

    def _read_applied(self, selection: Selection, index: Index) -> Mapping[str, AppliedTrade]:
        names = selection.names
        return self._session.journal.find_applied(names | index.by_name.keys() if selection.is_whole else names)

    def _read_doubtful(self, survey: Survey, findings: Iterable[Finding]) -> Mapping[PairKey, Rates]:
        """Read the limits of pairs whose rounding may explain a difference; each pair once for all surveys."""
        groups = (*survey.index.by_name.values(), survey.index.unmarked.lives, survey.index.damaged)
        lives = {live.id: _pair_of(live) for group in groups for live in group}
        doubtful = {finding.live_id for finding in findings if finding.topic in _MAY_BE_ROUNDING}
        keys = {lives[each] for each in doubtful if each is not None and each in lives}
        rates = self._make_rates()
        for key in sorted(keys - self._limits.keys()):
            self._limits[key] = rates.find(*key)
        return {key: found for key in keys if (found := self._limits[key]) is not None}


def _is_priced(live: LiveTrade) -> bool:
    """Return whether the price of a trade matters, and its account and pair are known."""
    return live.phase is not Phase.ENDED and live.find_unreadable({Part.ACCOUNT, Part.PAIR}) is None


def _pair_of(live: LiveTrade) -> PairKey:
    return live.terms.account_id, live.terms.pair
