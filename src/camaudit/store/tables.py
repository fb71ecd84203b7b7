"""The tables, and the one type that keeps times in UTC on every database."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import JSON, Column, DateTime, Dialect, ForeignKey, Index, Integer, MetaData, String, Table
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite would otherwise give it back without its zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store in UTC without a zone."""
        return value.astimezone(UTC).replace(tzinfo=None) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back with the zone."""
        return value.replace(tzinfo=UTC) if value is not None else None


metadata = MetaData()

form = Table("alembic_version", metadata, Column("version_num", String(32), primary_key=True))
"""Which form the store has; Alembic's own table, by its name."""

runs = Table(
    "runs",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("site", JSON, nullable=False),
    Column("origin", String(20), nullable=False),
    Column("started", UtcDateTime, nullable=False),
    Column("finished", UtcDateTime),
    Column("tool_version", String(40), nullable=False),
    Column("scope", JSON, nullable=False),
    Column("excluded", JSON, nullable=False),
    Column("resolved", JSON, nullable=False),
    Column("limits", JSON, nullable=False),
)

swept = Table(
    "swept",
    metadata,
    Column("run", ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("first", String(45), primary_key=True),
    Column("last", String(45), nullable=False),
    Column("addresses", Integer, nullable=False),
    Column("silent", Integer, nullable=False),
)

hosts = Table(
    "hosts",
    metadata,
    Column("run", ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("address", String(45), primary_key=True),
    Column("outcome", String(20), nullable=False),
    Column("notes", JSON, nullable=False),
)

judgements = Table(
    "judgements",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run", ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("judged", UtcDateTime, nullable=False),
    Column("as_of", String(10), nullable=False),
    Column("tool_version", String(40), nullable=False),
    Column("marks", JSON, nullable=False),
    Column("site", JSON, nullable=False),
    Column("waivers", JSON, nullable=False),
    Column("chosen", JSON, nullable=False),
    Column("units", JSON, nullable=False),
    Index("judgements_of_run", "run"),
)
"""What was said of each run, and by what: ``camaudit diff`` compares it with what is said today."""

logins = Table(
    "logins",
    metadata,
    Column("run", ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("device", String(200), primary_key=True),
    Column("credential", String(200), primary_key=True),
    Column("outcome", String(20), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""Which device was tried with which credential, by names that give nothing away; a row for each of its marks."""

observations = Table(
    "observations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run", ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("address", String(45), nullable=False),
    Column("port", Integer),
    Column("probe", String(20), nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("fields", JSON, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("note", String(300), nullable=False),
    Index("observations_of_run", "run", "address"),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("run", ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("batch", String(40), nullable=False),
    Column("site", String(40), nullable=False),
    Column("targets", JSON, nullable=False),
    Column("exclude", JSON, nullable=False),
    Column("state", String(10), nullable=False),
    Column("planned", UtcDateTime, nullable=False),
    Column("ended", UtcDateTime),
    Column("note", String(300), nullable=False),
    Column("limits", JSON, nullable=False),
    Index("jobs_of_batch", "batch", "site"),
)

summaries = Table(
    "summaries",
    metadata,
    Column("run", ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("key", String(64), nullable=False),
    Column("line", JSON, nullable=False),
)
"""What a run came to in one line, and a digest of all that it was judged by."""

contents = Table(
    "contents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String(32), nullable=False),
    Column("body", JSON, nullable=False),
    Index("contents_by_digest", "digest", unique=True),
)
"""What hosts said, each once: probe, outcome, note and fields, with gaps where a volatile value stood."""

looks = Table(
    "looks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run", ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("address", String(45), nullable=False),
    Column("parts", JSON, nullable=False),
    Index("looks_of_run", "run"),
)
"""The packed observations of a finished run, a row for each host; see ``packing``."""

told = Table(
    "told",
    metadata,
    Column("receiver", String(80), primary_key=True),
    Column("site", String(300), primary_key=True),
    Column("run", ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("judged", UtcDateTime, nullable=False),
    Column("number", Integer, nullable=False),
    Column("absent", JSON, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""What each receiver of news knows of each site: the judgement it was told last, and units that went missing."""

untold = Table(
    "untold",
    metadata,
    Column("receiver", String(80), primary_key=True),
    Column("site", String(300), primary_key=True),
    Column("tries", Integer, nullable=False),
    Column("first", UtcDateTime, nullable=False),
    Column("last", UtcDateTime, nullable=False),
    Column("problem", String(300), nullable=False),
)
"""Receivers that could not be reached, until they were."""
