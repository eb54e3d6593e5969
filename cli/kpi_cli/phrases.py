"""What is said of one result or KPI, whichever output says it."""

from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from kpi_cli.wording import Wording
from kpi_core.kpi import Kpi
from kpi_core.report import KpiResult, Query, Report, Verdict

HEADLINES = (
    "tickets_created",
    "first_reply_time",
    "resolution_time",
    "sla_first_reply_rate",
    "resolution_rate",
    "fcr_one_touch",
    "reopen_rate",
    "csat",
    "nps",
    "backlog",
)
"""What a manager asks for first, in that order."""


HEADLINE_COUNT = 6


_PERSONAL = frozenset({"agent", "customer_id"})


_PERSONAL_MIN_N = 5


def remarks(result: KpiResult, wording: Wording) -> tuple[str, ...]:
    """A result's notes and, for a total, who was left out of it."""
    if result.group:
        return result.notes
    left_out = (
        wording.word("excluded_line", count=wording.number(count), reason=reason)
        for reason, count in result.excluded.items()
        if count and not result.suppressed
    )
    return (*result.notes, *left_out)


def group_name(result: KpiResult, wording: Wording) -> str:
    """The group's values; rows without one are a group of their own."""
    return " / ".join(wording.word("no_group") if value is None else value for value in result.group.values())


def min_n(result: KpiResult, query: Query) -> int:
    """The fewest rows this result's group must have to be shown."""
    usual = _PERSONAL_MIN_N if _PERSONAL & {name.lower() for name in result.group} else 1
    return max(usual if query.min_n is None else query.min_n, result.kpi.min_n)


def suppressed(result: KpiResult, query: Query, wording: Wording) -> str:
    """What stands for a suppressed value: `n < 5`."""
    fewest = min_n(result, query)
    return wording.word("suppressed", n=fewest) if fewest > 1 else wording.word("suppressed_plain")


def verdict(result: KpiResult, wording: Wording, *, arrows: bool = True) -> str:
    """The verdict in words, behind an arrow that only repeats the direction of a change found real."""
    if result.verdict is None or result.suppressed:
        return ""
    word = wording.word(result.verdict.value)
    untold = result.verdict in (Verdict.CANNOT_TELL, Verdict.NOT_TESTED)
    if untold or not arrows or result.change is None or not result.change.value:
        return word
    return f"{'▲' if result.change.value > 0 else '▼'} {word}"


def headlines(names: Iterable[str], count: int = HEADLINE_COUNT) -> tuple[str, ...]:
    """The first `count` of the KPIs at hand: the ones asked for first, then the catalogue's order."""
    present = list(dict.fromkeys(names))
    wanted = [name for name in HEADLINES if name in present]
    rest = [name for name in present if name not in wanted]
    chosen = {*(wanted + rest)[:count]}
    return tuple(name for name in present if name in chosen)


def kpis(report: Report) -> tuple[Kpi, ...]:
    """Every KPI of the report once, those without a result last."""
    found = {result.kpi.name: result.kpi for result in report.results}
    for one in report.unavailable:
        found.setdefault(one.kpi.name, one.kpi)
    return tuple(found.values())


def local(moment: datetime, query: Query) -> datetime:
    """An instant on the report's clock, without zone: UTC converted where a zone is known, else as it is."""
    if query.time_zone is None:
        return moment.replace(tzinfo=None)
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return aware.astimezone(ZoneInfo(query.time_zone)).replace(tzinfo=None)
