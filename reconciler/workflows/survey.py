"""The reading stages, joined: one look at the live trades of a workspace, for `drift` and `status`; only GETs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from reconciler.attention.unmanaged import find_outside, find_unmanaged
from reconciler.clock import Clock
from reconciler.drifting.averaging_edits import find_averaged
from reconciler.drifting.find_drift import find_drift
from reconciler.drifting.strays import find_strays
from reconciler.drifting.survey import PairKey, Survey
from reconciler.errors import AccessRefused, RequestRefused
from reconciler.journal.no_journal import NO_JOURNAL
from reconciler.journal.protocol import Journal
from reconciler.live.accounts import read_rates
from reconciler.live.endpoints import SmartTradeApi
from reconciler.matching.sighting import Index
from reconciler.model.averaging import AveragingReading
from reconciler.model.drift import DriftReport, Finding, Topic
from reconciler.model.journal import AppliedTrade
from reconciler.model.live import Account, LiveTrade, Phase, Prices, Rates
from reconciler.model.plan import PlanContext
from reconciler.model.status import StatusReport
from reconciler.settings import Settings
from reconciler.status.rows import make_row, sum_profits
from reconciler.workflows.averaging_orders import read_averaging
from reconciler.workflows.bad_news import read_bad_news
from reconciler.workflows.live_reader import Reader
from reconciler.workflows.plan_files import PlanFiles, Selection
from reconciler.workflows.planning import check_accounts, describe_context
from reconciler.workflows.released import add_released

# What may be mere rounding, so that the limits of the pair must be known before it is said.
_MAY_BE_ROUNDING = (Topic.FIELD, Topic.CHANGED, Topic.CHANGED_AND_PERHAPS_EDITED)


class Surveyor:
    """Looks at the live trades of a workspace, again and again, and remembers what cannot change any more.

    Args:
        settings: The workspace.
        api: Where to read.
        clock: The present.
        journal: What is known of trades as last applied, and of those that have ended.
    """

    def __init__(self, settings: Settings, api: SmartTradeApi, clock: Clock, journal: Journal = NO_JOURNAL) -> None:
        self._settings = settings
        self._api = api
        self._clock = clock
        self._journal = journal
        self._reader = Reader(settings=settings, api=api, clock=clock, journal=journal)
        self._rates: dict[PairKey, Rates | None] = {}
        self._accounts: Mapping[int, Account] = {}
        self._context = describe_context(settings, clock.now())

    def look(
        self, workspace: PlanFiles, selection: Selection, *, is_every_state: bool = False
    ) -> tuple[Survey, PlanContext]:
        """What is live now, and when that was.

        Args:
            workspace: All its trades.
            selection: The trades to look for.
            is_every_state: Whether trades that shall not be open are looked for in the history, too.

        Raises:
            AccessRefused: The key, the mode or an account is wrong.
            ApiError: The world cannot be read.
        """
        accounts = check_accounts(self._settings, self._api, {spec.terms.account_id for spec in selection.specs})
        index, history = self._reader.read(
            selection.specs, workspace.renames, is_whole=selection.is_whole, is_every_state=is_every_state
        )
        applied = self._read_applied(selection, index)
        missing_specs = [spec for spec in selection.specs if spec.name not in index.by_name]
        context = replace(self._context, made_at=self._clock.now())
        foreign = add_released(self._settings.foreign, self._journal, index, missing_specs, workspace.specs)
        survey = Survey(
            specs=selection.specs,
            all_names={spec.name for spec in workspace.specs},
            is_whole=selection.is_whole,
            index=index,
            history=history,
            applied=applied,
            by_id={live.id: live for live in history.unmarked.values()},
            gone=frozenset(history.created[name].live_id for name in history.vanished),
            foreign=foreign,
            outside=find_outside(index, self._settings.foreign),
            news=read_bad_news(
                self._settings,
                self._api,
                self._journal,
                workspace=workspace,
                selection=selection,
                index=index,
                history=history,
                foreign=foreign,
            ),
        )
        self._accounts = accounts
        return survey, context

    def report(self, workspace: PlanFiles, selection: Selection) -> DriftReport:
        """One look, judged.

        Args:
            workspace: All its trades.
            selection: The trades to look for.

        Raises:
            AccessRefused: The key, the mode or an account is wrong.
            ApiError: The world cannot be read.
        """
        sent = self._api.session.budget.sent
        survey, context = self.look(workspace, selection)
        survey = replace(survey, averaging=self._read_averaging(survey))
        findings = find_drift(survey)
        rates = self._read_doubtful(survey, findings)
        if rates:
            findings = find_drift(replace(survey, rates=rates))
        pairs = {spec.name: spec.terms.pair for spec in workspace.specs}
        pairs |= {name: lives[0].terms.pair for name, lives in survey.index.by_name.items() if name not in pairs}
        return DriftReport(
            context=context,
            has_journal=bool(survey.applied),
            findings=findings,
            pairs=pairs,
            checked=len(selection.specs),
            requests=self._api.session.budget.sent - sent,
            unmanaged=self._find_unmanaged(survey, {finding.live_id for finding in findings}),
        )

    def stand(self, workspace: PlanFiles, selection: Selection) -> StatusReport:
        """One look, as `status` shows it.

        Args:
            workspace: All its trades.
            selection: The trades to look for.

        Raises:
            AccessRefused: The key, the mode or an account is wrong.
            ApiError: The world cannot be read.
        """
        sent = self._api.session.budget.sent
        survey, context = self.look(workspace, selection, is_every_state=True)
        strays = find_strays(survey.index, survey.specs, survey.applied)
        active = {name: lives[0] for name, lives in survey.index.by_name.items()}
        told = {news.trade: news.live for news in survey.news if news.live is not None}
        lives = {**told, **survey.history.newest, **strays, **active}
        specs = {spec.name: spec for spec in selection.specs}
        others = dict.fromkeys((*active, *(news.trade for news in survey.news)))
        names = [*specs, *(name for name in others if selection.is_whole and name not in survey.all_names)]
        prices = self._read_prices([lives[name] for name in names if name in lives])
        trades = [
            make_row(
                name,
                specs.get(name),
                lives.get(name),
                prices.get(lives[name].id) if name in lives else None,
                [news for news in survey.news if news.trade == name],
            )
            for name in names
        ]
        return StatusReport(
            workspace=context.workspace,
            target=context.target,
            mode=context.mode,
            made_at=context.made_at,
            trades=tuple(trades),
            totals=sum_profits(trades),
            requests=self._api.session.budget.sent - sent,
            unmanaged=self._find_unmanaged(survey, {trade.live_id for trade in trades}),
            outside=tuple(live.id for live in survey.outside),
        )

    def _find_unmanaged(self, survey: Survey, named: Collection[int | None]) -> tuple[int, ...]:
        accounts = self._settings.target.accounts.values()
        return find_unmanaged(survey.index, accounts, self._settings.foreign.union(named))

    def _read_averaging(self, survey: Survey) -> Mapping[int, AveragingReading]:
        lives = find_averaged(survey.index, survey.specs)
        return read_averaging(self._api, self._clock, self._journal, lives, settle_s=self._settings.target.settle_s)

    def _read_prices(self, lives: Sequence[LiveTrade]) -> dict[int, Prices]:
        """Prices by SmartTrade id: those that came with the trade, else a request for each pair."""
        prices = {live.id: live.prices for live in lives if live.prices is not None}
        bare = [live for live in lives if live.prices is None and live.phase is not Phase.ENDED]
        read = {key: self._read_rates(key) for key in sorted({_pair_of(live) for live in bare})}
        found = {live.id: read[_pair_of(live)] for live in bare}
        return prices | {live_id: rates.prices for live_id, rates in found.items() if rates is not None}

    def _read_applied(self, selection: Selection, index: Index) -> Mapping[str, AppliedTrade]:
        names = {spec.name for spec in selection.specs}
        return self._journal.find_applied(names | index.by_name.keys() if selection.is_whole else names)

    def _read_doubtful(self, survey: Survey, findings: Iterable[Finding]) -> Mapping[PairKey, Rates]:
        """The limits of pairs where rounding may explain a difference: a request for each pair, once."""
        groups = (*survey.index.by_name.values(), survey.index.unmarked.lives, survey.index.damaged)
        lives = {live.id: _pair_of(live) for group in groups for live in group}
        doubtful = {finding.live_id for finding in findings if finding.topic in _MAY_BE_ROUNDING}
        keys = {lives[each] for each in doubtful if each is not None and each in lives}
        for key in sorted(keys - self._rates.keys()):
            self._rates[key] = self._read_rates(key)
        return {key: found for key in keys if (found := self._rates[key]) is not None}

    def _read_rates(self, key: PairKey) -> Rates | None:
        account_id, pair = key
        if account_id not in self._accounts:
            return None
        try:
            return read_rates(self._api.currency_rates(self._accounts[account_id].market_code, pair))
        except AccessRefused:
            raise
        except RequestRefused:
            return None


def _pair_of(live: LiveTrade) -> PairKey:
    return live.terms.account_id, live.terms.pair
