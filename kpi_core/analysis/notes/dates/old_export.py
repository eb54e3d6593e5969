"""Whether the period before today, which was asked for, is older than today's: an export that nobody has renewed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from kpi_core.analysis.request import Request
from kpi_core.messages.message import Message
from kpi_core.model.findings import Finding
from kpi_core.model.periods import period_of
from kpi_core.model.report import Query

OLD_EXPORT = "old-export"


def old_export(request: Request, query: Query, days: tuple[date, date] | None, made_at: datetime) -> Iterator[Finding]:
    """The finding that `last-…` is an older step than the last whole one before the day the report was made; nothing where it is that one.

    `days` are the first and the last that any table covers. A report as of an instant that was asked for looks back on purpose.
    """
    period, asked = query.period, request.period or ""
    if not asked.startswith("last-") or request.as_of or days is None or period.grain is None:
        return
    today = made_at.astimezone(ZoneInfo(query.time_zone) if query.time_zone else UTC).date()
    newest = period_of(today, period.grain).before()
    if period.end is None or newest is None or newest.end is None or period.end >= newest.end:
        return
    text = Message(
        "old-export", asked=asked, period=period.name, last=days[1].isoformat(), newest=newest.name,
        today=today.isoformat(),
    )  # fmt: skip
    yield Finding(code=OLD_EXPORT, message=text, is_serious=True)
