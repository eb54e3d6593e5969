"""The phrases about one result or KPI that all outputs share."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from kpi_cli.documents.wording import Wording, scale_of
from kpi_core.kpis.headlines import FIRST
from kpi_core.messages.message import Message
from kpi_core.model.kpi import Kpi, Unit
from kpi_core.model.report import KpiResult, Query, Report, Substitution, Verdict
from kpi_core.model.service_levels import Promised
from kpi_core.model.stocks_and_survival import Survived

HEADLINE_COUNT = 6
"""The charts of a workbook by default."""


def remarks(result: KpiResult, wording: Wording, *, of_groups: bool = False) -> tuple[str, ...]:
    """A result's notes, what stands next to its value and, for a total, who was left out of it.

    Groups have their notes alone where all of them share one list, unless `of_groups` asks for more.
    """
    understood = () if result.suppressed else tuple(_understood(result, wording))
    notes = map(wording.render, result.notes)
    if result.suppressed or (result.group and not of_groups):
        return (*notes, *understood)
    remarks_of = [
        *notes,
        *understood,
        *_newest_final(result, wording),
        *_finished_alone(result, wording),
        *_judged(result, wording),
    ]
    if not result.group:
        remarks_of += [
            wording.word(
                "excluded_line",
                count=wording.number(count),
                reason=wording.render(reason),
            )
            for reason, count in result.excluded.items()
            if count
        ]
    return tuple(remarks_of)


def _understood(result: KpiResult, wording: Wording) -> Iterator[str]:
    """Which rows could not be understood and why, and what was used in place of what."""
    if (trust := result.trust) is not None:
        number, share = wording.number, wording.percent(1 - trust.share)
        reasons = ", ".join(f"{wording.render(what)} ({number(count)})" for what, count in trust.reasons.items())
        key = (
            "trust_line"
            if trust.unread and not trust.refused
            else "trust_refused_line"
            if not trust.unread
            else "trust_both_line"
        )
        counts = {name: number(getattr(trust, name)) for name in ("unread", "of", "refused", "read")}
        yield wording.word(key, share=share, reasons=reasons, **counts)
    for one in result.substitutions:
        counts = {"rows": wording.number(one.rows), "of": wording.number(one.of)}
        yield wording.word(
            "substitution_line", stand_in=wording.render(one.stand_in), column=wording.render(one.column), **counts
        )


def substituted(one: Substitution) -> str:
    """One substitution for machines: `closed_at for resolved_at (2 of 5)`."""
    return f"{one.stand_in} for {one.column} ({one.rows} of {one.of})"


def shown(result: KpiResult, wording: Wording) -> str:
    """The value, marked `(!)` where too few rows were understood.

    `> 12 d` for a time that is not reached, `≥ 40 %` for a share that is not known further.
    """
    value = _shown(result, wording)
    return f"{value} (!)" if result.trust is not None and result.trust.is_marked else value


def _shown(result: KpiResult, wording: Wording) -> str:
    kpi, value, beyond = result.kpi, result.estimate.value, result.estimate.parts.beyond
    if value is not None or beyond is None:
        return wording.value(value, kpi.unit, scale_of(kpi, value))
    return f"{'≥' if kpi.unit is Unit.SHARE else '>'} {wording.value(beyond, kpi.unit, scale_of(kpi, beyond))}"


def _newest_final(result: KpiResult, wording: Wording) -> Iterator[str]:
    """The newest period whose value is final, shown next to one that is not."""
    if result.immature is None:
        return
    period, found, unit = result.immature.newest, result.immature.estimate, result.kpi.unit
    if period is None or found is None:
        yield wording.word("never_final")
        return
    scale = scale_of(result.kpi, found.value)
    spread = wording.interval(found.low, found.high, unit, scale)
    value = wording.value(found.value, unit, scale) + (f" ({spread})" if spread else "")
    yield wording.word("newest_final", period=wording.period(period), value=value, n=wording.number(found.n))


def _finished_alone(result: KpiResult, wording: Wording) -> Iterator[str]:
    """What the finished cases alone would say, how far that is off, and what they leave out."""
    estimate, parts, unit = result.estimate, result.estimate.parts, result.kpi.unit
    if not isinstance(parts, Survived) or parts.naive is None:
        return
    scale = scale_of(result.kpi, parts.naive if estimate.value is None else estimate.value)
    naive = wording.value(parts.naive, unit, scale)
    if estimate.value is not None:
        naive += f" ({wording.change(parts.naive - estimate.value, unit, scale)})"
    counts = {name: wording.number(getattr(parts, name)) for name in ("finished", "unfinished", "late")}
    of = "reply" if result.kpi.known_as.startswith("first_reply") else "resolution"
    late = wording.word("naive_late", late=counts["late"]) if parts.late else ""
    yield wording.word(f"naive_{of}", naive=naive, **counts) + late


def _judged(result: KpiResult, wording: Wording) -> Iterator[str]:
    """Promises met, broken, and still open."""
    parts = result.estimate.parts
    if isinstance(parts, Promised) and (result.estimate.n or parts.pending):
        counts = {"met": parts.k, "breached": result.estimate.n - parts.k, "pending": parts.pending}
        yield wording.word("judged_line", **{name: wording.number(count) for name, count in counts.items()})


def group_name(result: KpiResult, wording: Wording) -> str:
    """The group's values; rows without one are a group of their own."""
    return " / ".join(wording.word("no_group") if value is None else value for value in result.group.values())


def suppressed(result: KpiResult, wording: Wording) -> str:
    """What stands for a suppressed value: `n < 10`, or of people that it is hidden."""
    return wording.word("hidden") if result.fewest is None else wording.word("suppressed", n=result.fewest)


def verdict(result: KpiResult, wording: Wording) -> str:
    """The verdict in words, behind an arrow that only repeats the direction of a change found real; or that it waits."""
    if result.immature is not None and not result.suppressed:
        return wording.word("not_final")
    if result.verdict is None or result.suppressed:
        return ""
    word = wording.word(result.verdict.value)
    if result.verdict is Verdict.CANNOT_TELL and result.change is not None and result.change.detectable is not None:
        least = wording.change(result.change.detectable, result.kpi.unit, result.estimate.value)
        return wording.word("cannot_tell_less", least=least.lstrip("+"))
    is_open = result.verdict in (Verdict.CANNOT_TELL, Verdict.NOT_TESTED, Verdict.NO_CHANGE)
    if is_open or result.change is None or result.change.is_up is None:
        return word
    return f"{'▲' if result.change.is_up else '▼'} {word}"


def headlines(names: Iterable[str], count: int = HEADLINE_COUNT) -> tuple[str, ...]:
    """The first `count` of the KPIs at hand: the ones asked for first, then the catalogue's order."""
    present = list(dict.fromkeys(names))
    wanted = [name for name in FIRST if name in present]
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


def refusal(reason: Message | None, wording: Wording) -> str:
    """Why there is no answer, in a sentence; a reason that begins with *not compared* says so by itself."""
    said = "" if reason is None else wording.render(reason)
    if reason is not None and reason.key in ("not-compared", "baseline-not-final", "period-not-complete"):
        return f"{said[:1].upper()}{said[1:]}"
    return wording.render(Message("why-refused", reason=said))
