"""The tables of the journal. Instants are seconds since 1970, so that both databases keep and compare them alike."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, ForeignKey, Index, Integer, MetaData, String, Table, Text

# Changes with every change of a table; `database.MIGRATIONS` leads from one version to the next.
SCHEMA_VERSION = 4

metadata = MetaData()

schema = Table("journal_schema", metadata, Column("version", Integer, nullable=False))

# `scope` names a workspace and target: see `keeping.scope_of`.
runs = Table(
    "journal_runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("scope", Text, nullable=False),
    Column("holder", Text, nullable=False),
    Column("version", String(32), nullable=False),
    Column("git_commit", Text),
    Column("plan_digest", Text, nullable=False),
    Column("operations", Integer, nullable=False),
    Column("started_at", Float, nullable=False),
    Column("ended_at", Float),
    Index("journal_runs_by_scope", "scope", "id"),
    # A number is never given twice, so that one in a message always means the same run.
    sqlite_autoincrement=True,
)

intents = Table(
    "journal_intents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("scope", Text, nullable=False),
    Column("run_id", ForeignKey("journal_runs.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("trade", String(48), nullable=False),
    Column("generation", Integer, nullable=False),
    Column("live_id", BigInteger),
    Column("write", Text, nullable=False),
    Column("method", String(8), nullable=False),
    Column("path", Text, nullable=False),
    Column("body", Text),
    Column("intended_at", Float, nullable=False),
    Column("state", String(16), nullable=False),
    Column("resolved_at", Float),
    Column("text", Text, nullable=False, server_default=""),
    Column("answer", Text),
    Index("journal_intents_by_state", "scope", "state", "id"),
    Index("journal_intents_by_run", "run_id", "id"),
    Index("journal_intents_by_trade", "scope", "trade"),
    Index("journal_intents_by_live_id", "scope", "live_id"),
    sqlite_autoincrement=True,
)

operations = Table(
    "journal_operations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", ForeignKey("journal_runs.id"), nullable=False),
    Column("action", String(16), nullable=False),
    Column("effect", String(16), nullable=False),
    Column("trade", String(48), nullable=False),
    Column("generation", Integer, nullable=False),
    Column("outcome", String(32), nullable=False),
    Column("live_id", BigInteger),
    Column("text", Text, nullable=False),
    Column("ended_at", Float, nullable=False),
    Index("journal_operations_by_run", "run_id", "id"),
    Index("journal_operations_by_trade", "trade"),
)

# `spec`: the body as last applied; `entity`: how the API showed a trade that has ended, from then on for good.
trades = Table(
    "journal_trades",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("trade", String(48), primary_key=True),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("live_id", BigInteger, nullable=False),
    Column("status", String(64), nullable=False),
    Column("is_ended", Boolean, nullable=False),
    Column("spec", Text),
    Column("entity", Text),
    Column("updated_at", Float, nullable=False),
)

locks = Table(
    "journal_locks",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("run_id", Integer, nullable=False),
    Column("token", String(32), nullable=False),
    Column("holder", Text, nullable=False),
    Column("taken_at", Float, nullable=False),
    Column("seen_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False),
)

# `key`: a digest of the API key, which itself is nowhere.
requests = Table(
    "journal_requests",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(64), nullable=False),
    Column("sent_at", Float, nullable=False),
    Index("journal_requests_by_key", "key", "sent_at"),
)

# One row serialises the requests of a key, and stores how long the API has banned it.
bans = Table(
    "journal_bans",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("status", Integer, nullable=False),
    Column("until", Float, nullable=False),
    Column("count", Integer, nullable=False),
    Column("reason", Text, nullable=False),
)

# `key`: an account, as its lock is named. One freeze has a row for each account, all with one `token`. A freeze that
# was lifted stays, with who lifted it and why.
freezes = Table(
    "journal_freezes",
    metadata,
    Column("key", Text, primary_key=True),
    Column("token", String(32), primary_key=True),
    Column("source", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("allow", Text, nullable=False),
    # What the guardrail had found when it tripped; empty for a freeze by hand.
    Column("measured", Text, nullable=False, server_default=""),
    Column("holder", Text, nullable=False),
    Column("set_at", Float, nullable=False),
    Column("until_at", Float),
    Column("lifted_at", Float),
    Column("lifted_by", Text),
    Column("lifted_reason", Text),
)

# `key`: the fingerprint of an alert of which somebody was notified; it stays when the alert is over.
alerts = Table(
    "journal_alerts",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("event", String(16), nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("weight", Text, nullable=False),
    Column("detail", String(64), nullable=False),
    Column("is_present", Boolean, nullable=False),
    Column("sent_at", Float, nullable=False),
)
