"""From a dataset and a request to the report: settles the defaults, asks the engine, adds the notes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from datetime import date, datetime
from functools import partial

import polars as pl

from kpi_core.analysis import targets, user_kpi_checks
from kpi_core.analysis.as_known import all_known, as_written
from kpi_core.analysis.changes.scaled_changes import shifted_scales
from kpi_core.analysis.changes.unanswered_closings import unanswered_closings
from kpi_core.analysis.changes.verdicts import judge
from kpi_core.analysis.data_dependent import settled
from kpi_core.analysis.default_period import usual_period
from kpi_core.analysis.filtered import filtered
from kpi_core.analysis.notes.both_periods import of_both_periods
from kpi_core.analysis.notes.consequences import with_consequences
from kpi_core.analysis.notes.customer_match import customer_findings
from kpi_core.analysis.notes.dates.assumed_zones import assumed_zones
from kpi_core.analysis.notes.dates.calendar_zones import calendar_label, calendar_zones
from kpi_core.analysis.notes.dates.old_export import old_export
from kpi_core.analysis.notes.dates.undated_rows import undated, undated_of
from kpi_core.analysis.notes.dates.unequal_periods import unequal_follow_up, uneven_periods
from kpi_core.analysis.notes.figures import data_findings
from kpi_core.analysis.notes.nothing_computed import hardly_understood
from kpi_core.analysis.notes.of_rows import of_filters, of_rows
from kpi_core.analysis.notes.other_contacts import by_all
from kpi_core.analysis.notes.steady_growth import steady_growth
from kpi_core.analysis.privacy.condition_sides import groups_of_one, sides_of_few
from kpi_core.analysis.privacy.small_groups import AGENTS, GROUPS, PRIVATE, Privacy, called, is_of_few
from kpi_core.analysis.report_clock import check_begun, clock_of, unused_zone
from kpi_core.analysis.request import Request
from kpi_core.analysis.responses.changed_respondents import changed_respondents
from kpi_core.analysis.responses.respondents import one_per_customer, repeated_respondents
from kpi_core.analysis.responses.response_bias import spreads, uneven
from kpi_core.analysis.results import ResultWriter
from kpi_core.analysis.user_kpi_checks import headers_of
from kpi_core.engine.compute import Engine
from kpi_core.engine.plan import fed_by, leaves, needs
from kpi_core.engine.siblings import with_siblings
from kpi_core.errors import DefinitionError
from kpi_core.facts import INNATE, WANTS, Facts, Rules, derive, joined, spread, with_threads
from kpi_core.facts.business.costs import derive_costs
from kpi_core.ingest.dataset import Dataset
from kpi_core.ingest.fields.comments import NAME as COMMENT
from kpi_core.messages import nouns
from kpi_core.messages.message import Message, Text
from kpi_core.model.clock import Clock
from kpi_core.model.conditions.sql import columns_of, parse_condition
from kpi_core.model.findings import Finding
from kpi_core.model.goal import goals_for
from kpi_core.model.kpi import Kpi
from kpi_core.model.periods import Grain, Period, parse_period, several
from kpi_core.model.report import Query, Report, Unavailable, made_now
from kpi_core.model.tables import TABLES
from kpi_core.quality.clocks.clocks_apart import clocks_apart
from kpi_core.quality.coverage import covered_days
from kpi_core.quality.coverage.cut_months import whole_since
from kpi_core.quality.coverage.gaps import missing_periods
from kpi_core.quality.coverage.planned_ends import undecided, without_plans
from kpi_core.quality.coverage.stray_dates import without_strays
from kpi_core.quality.coverage.ticket_match import ticket_match
from kpi_core.quality.day_month.mixed_within_file import swapped_dates
from kpi_core.quality.substitutions import SubstitutionReader
from kpi_core.quality.trust import TrustReader, refused
from kpi_core.quality.words.spellings import in_one_spelling
from kpi_core.records import dataclass
from kpi_core.threads import pool


@dataclass(frozen=True, kw_only=True, eq=False)
class Prepared:
    """A dataset made ready for a request: every default settled, the facts derived, nothing estimated yet.

    `tables` have only the rows that meet the condition. The period, the clock, and the days that each table covers
    (`covered`) come from all rows. `kpis` are those that can be computed, as they hold for this data. `sides` are of the rows of few people that the condition takes or leaves
    for who they are, `lone_groups` by dimension the groups that are in effect one agent's; `unchosen`, where there is a condition, the facts of all rows.
    """

    dataset: Dataset
    request: Request
    tables: Mapping[str, pl.DataFrame]
    engine: Engine
    query: Query
    covered: Mapping[str, covered_days.Coverage]
    kpis: Sequence[Kpi]
    unavailable: Sequence[Unavailable]
    findings: Sequence[Finding]
    sides: Sequence[Engine] = ()
    lone_groups: Mapping[str, frozenset[str]] = field(default_factory=dict)
    unchosen: Mapping[str, Facts] = field(default_factory=dict)


MARK = "_row_of_all"
"""The column that knows each row before a condition is asked."""


def summarise(dataset: Dataset, request: Request, now: datetime | None = None) -> Report:
    """The report on a dataset.

    Raises:
        DefinitionError: the period, a dimension or the condition means nothing to the data.
    """
    with pool(1, dataset.rows) as threads:  # on the core that making the facts leaves idle
        turned = threads.submit(lambda: tuple(swapped_dates(dataset)))
        prepared = prepare(dataset, request)
    return report_on(replace(prepared, findings=(*prepared.findings, *turned.result())), now)


def prepare(dataset: Dataset, request: Request) -> Prepared:
    """What a report on a dataset is made from.

    Raises:
        DefinitionError: the period, a dimension or the condition means nothing to the data.
    """
    wanted = frozenset(name for kpi in request.kpis for _, name in needs(kpi))
    clock = clock_of(dataset, request)
    asked = clock.as_of
    happened, planned = (
        without_plans(dataset.tables) if asked is None else as_written(dataset.tables, dataset.older, asked)
    )
    sound, odd = without_strays(happened, dataset.reads)
    known_then = all_known(sound, asked)
    check_begun(sound, known_then, request)
    given = with_threads(known_then, wanted, asked)
    whole = joined(given)
    headers = headers_of(dataset)
    tables, found = filtered(whole, request, clock.zone, headers)
    split = (*request.by, *(columns_of(parse_condition(request.where)) if request.where else ()))
    found += [*planned, *clocks_apart(dataset.tables), *customer_findings(given, whole, split)]
    found += unused_zone(request, dataset)
    as_of, ahead = (asked, []) if asked else covered_days.newest_event(whole, dataset.reads, clock.zone)
    clock = replace(clock, as_of=as_of)
    request = replace(request, rules=_rules(request, clock))
    facts_of = partial(_facts, whole=whole, request=request, wanted=wanted, zone=clock.zone)
    by_day = _by_day(whole)
    with pool(1, dataset.rows) as threads:  # on the cores that making the facts leaves idle
        reaching = threads.submit(covered_days.of_tables, by_day, clock)
        lone = threads.submit(_lone_groups, whole, request.by)
        facts = facts_of(tables)
    _check_dimensions(request.by, tables, facts)
    user_kpi_checks.check(request.kpis, dataset, facts, headers)
    reach = reaching.result()
    covered = {name: cover for name, cover in reach.items() if name in tables}
    period, passed_over = _period(request, by_day, reach, clock)
    found += calendar_zones(request.rules, clock.zone, covered_days.days_of(reach))
    counted, query, repeated = _counted(tables, request, _query(request, reach, clock, period), clock)
    found += repeated
    if counted is not tables:
        facts = facts_of(counted)
    facts, spelt, since = _looked_at(facts, request.by, clock)
    kpis, unavailable = _available(settled(request.kpis, facts, request.rules), facts, is_dated=not query.period.is_all)
    periods = [query.period, *([query.baseline] if query.baseline else []), *query.trend]
    engine = Engine(
        tables=facts, clock=clock, dimensions=request.by, periods=periods, confidence=request.confidence, kpis=kpis, whole_since=since,
        covered={name: (cover.first.date(), cover.last.date()) for name, cover in covered.items()},
    )  # fmt: skip
    sides = _sides(dataset, whole, request, query, counted, engine, facts_of)
    return Prepared(
        dataset=dataset, request=request, tables=tables, engine=engine, query=query, covered=covered, kpis=kpis,
        unavailable=unavailable, sides=sides, lone_groups=lone.result(), unchosen={} if request.where is None else derive(whole, request.rules, wanted),
        findings=(*dataset.findings, *assumed_zones(dataset.reads, kpis), *user_kpi_checks.redefined(request.kpis), *found, *spelt, *odd, *ahead, *passed_over),
    )  # fmt: skip


def _looked_at(
    facts: Mapping[str, Facts], by: Sequence[str], clock: Clock
) -> tuple[dict[str, Facts], list[Finding], dict[str, date]]:
    """Facts in one spelling, the notes on that, and since when the tables hold all their rows: one looks at words and one at days, at once."""
    with pool(1, sum(found.frame.height for found in facts.values())) as threads:
        since = threads.submit(whole_since, facts.get("tickets"), clock)
        spelt, notes = in_one_spelling(facts, by)
    return spelt, notes, since.result()


def _rules(request: Request, clock: Clock) -> Rules:
    """The rules of a request by the clock of its data, with the aims that some of them go by."""
    goals = {kpi: aims[0].value for kpi, each in request.targets.items() if (aims := goals_for(each, {}))}
    calendar = request.rules.calendar and request.rules.calendar.in_zone(clock.zone)
    return replace(request.rules, as_of=clock.as_of, zone=clock.zone, goals=goals, calendar=calendar)


def _lone_groups(whole: Mapping[str, pl.DataFrame], by: Sequence[str]) -> dict[str, frozenset[str]]:
    """By dimension the groups that are in effect one agent's."""
    return {name: groups_of_one(whole, name) for name in by}


def _sides(
    dataset: Dataset,
    whole: Mapping[str, pl.DataFrame],
    request: Request,
    query: Query,
    tables: Mapping[str, pl.DataFrame],
    engine: Engine,
    facts_of: Callable[[Mapping[str, pl.DataFrame]], Mapping[str, Facts]],
) -> list[Engine]:
    """The engines of the rows of few people that the condition takes or leaves for who they are; `engine` is of all it takes."""
    if request.where is None:
        return []
    marked = {name: frame.with_row_index(MARK) for name, frame in whole.items()}
    columns = called(dataset, PRIVATE), called(dataset, GROUPS)
    few = sides_of_few(marked, request.where, engine.clock.zone, headers_of(dataset), *columns)
    if not few:
        return []
    of_all, _ = in_one_spelling(facts_of(_counted(marked, request, query, engine.clock)[0]), request.by)
    return [engine if _are_alike(side, tables) else engine.on(_only(of_all, side)) for side in few]


def _are_alike(some: Mapping[str, pl.DataFrame], others: Mapping[str, pl.DataFrame]) -> bool:
    """Whether two selections have the same rows."""
    return some.keys() == others.keys() and all(frame.drop(MARK).equals(others[name]) for name, frame in some.items())


def _only(facts: Mapping[str, Facts], rows: Mapping[str, pl.DataFrame]) -> dict[str, Facts]:
    """The facts of some of the rows."""
    of_rows = {name: pl.col(MARK).is_in(frame[MARK].implode()) for name, frame in rows.items()}
    return {name: replace(facts[name], frame=facts[name].frame.filter(is_own)) for name, is_own in of_rows.items()}


def _facts(
    tables: Mapping[str, pl.DataFrame],
    whole: Mapping[str, pl.DataFrame],
    request: Request,
    wanted: frozenset[str],
    zone: str | None,
) -> dict[str, Facts]:
    """The facts of the rows that count; what rests on a customer's other tickets is taken from the whole table."""
    facts = derive(tables, request.rules, wanted)
    counted = facts if request.where is None else by_all(facts, whole, request.rules, wanted)
    return user_kpi_checks.as_seen(counted, request.kpis, zone)


def report_on(prepared: Prepared, now: datetime | None = None) -> Report:
    """The report itself: every estimate with its change and verdict, and the notes."""
    dataset, request, engine, query = prepared.dataset, prepared.request, prepared.engine, prepared.query
    covered, hours, made_at = prepared.covered, request.rules.calendar, now or made_now()
    trust = TrustReader(engine=engine, refused=refused(dataset.sources), undated=undated_of(engine.tables))
    privacy = Privacy(engine=engine, request=request, query=query, trust=trust, is_private=of_people(prepared),
                      sides=prepared.sides, teams=(called(dataset, AGENTS), called(dataset, GROUPS)))  # fmt: skip
    with pool(2, dataset.rows) as threads:  # results need the interpreter, what they rest on the cores
        engine.begin(threads)
        writer = _writer(prepared, trust, privacy)
        writer.effects.begin(threads)
        threads.submit(engine.find_spans, [each for each in (query.period, query.baseline) if each is not None])
        data = threads.submit(data_findings, engine.tables, query.time_zone)
        match_of = threads.submit(ticket_match, dataset.tables, engine, query)
        filtered = threads.submit(of_filters, dataset, engine, query, prepared.kpis, made_at, prepared.unchosen, is_trend=request.steps is not None)  # fmt: skip
        spread = threads.submit(spreads, engine, query, privacy)
        both = threads.submit(of_both_periods, dataset, prepared.tables, engine, query, prepared.kpis, covered, hours, is_trend=request.steps is not None)  # fmt: skip
        rest = threads.submit(of_rows, dataset, prepared.tables, engine, query, prepared.kpis)
        written = list(writer.results(prepared.kpis))
    found = spread.result()
    findings = [*prepared.findings, *_period_findings(query, covered, prepared.kpis)]
    findings += [*data.result(), *filtered.result(), *both.result()]
    findings += unanswered_closings(writer.changes) if query.baseline is not None else []
    findings += missing_periods(engine, query, covered, hours.is_closed if hours else None)
    match = match_of.result()
    findings += match.findings() if match else []
    findings += targets.unused(query.promises, dataset.tables.get("tickets"))
    findings += [*uneven(found, engine, query), *changed_respondents(engine, query, prepared.kpis, privacy)]
    findings += rest.result()
    findings = with_siblings(undecided(findings, covered.get("customers"), query.period), prepared.kpis)
    written = with_consequences(match.without_lost(written) if match else written, findings, query)
    findings += [*steady_growth(written, query), *shifted_scales(written)]
    if (hardly := hardly_understood(dataset, written, request.kpis, covered_days.days_of(covered))) is not None:
        findings.insert(0, hardly)
    findings += old_export(request, query, covered_days.days_of(covered), made_at)
    results, families = judge(written, request.confidence)
    results = targets.all_aimed(results, request.targets, engine.tables, covered, prepared.kpis, query.as_of)
    return Report(
        title=request.title, query=query, results=tuple(results), unavailable=tuple(prepared.unavailable), sources=dataset.sources,
        refused=dataset.refused, findings=tuple(findings), families=families, generated_at=made_at,
        spreads=tuple(found),
    )  # fmt: skip


def _writer(prepared: Prepared, trust: TrustReader, privacy: Privacy) -> ResultWriter:
    """What turns the estimates into results."""
    return ResultWriter(
        engine=prepared.engine, request=prepared.request, query=prepared.query, covered=prepared.covered, trust=trust,
        evidence=prepared.dataset.scale_evidence, substitutions=SubstitutionReader(engine=prepared.engine), privacy=privacy,
    )  # fmt: skip


def of_people(prepared: Prepared) -> Callable[[str, str | None], bool]:
    """Whether a group of a dimension, or all of `TOTAL`, is about one person or a few; rows that name nobody are not."""
    names = called(prepared.dataset, PRIVATE)
    if is_of_few(prepared.engine, prepared.request, names):
        return lambda _dimension, _group: True

    def is_private(dimension: str, group: str | None) -> bool:
        is_alone = group is not None and group in prepared.lone_groups.get(dimension, ())
        return is_alone or (group is not None and dimension.casefold() in names)

    return is_private


def _check_dimensions(by: Sequence[str], tables: Mapping[str, pl.DataFrame], facts: Mapping[str, Facts]) -> None:
    """Refuses to split by a column of the files that a fact of the same name has taken the place of, and by what customers wrote."""
    for name in by:
        if name == COMMENT:
            hint = "`kundpuls voices FILES` reads them, with what leads to a person masked"
            raise DefinitionError("comments are no groups, and would be shown as they are", where="--by", hint=hint)
        for table, frame in tables.items():
            is_own = name in frame.columns and TABLES[table].column(name) is None
            if is_own and table in facts and facts[table].frame.schema[name] != frame.schema[name]:
                message = f"cannot split by `{name}`: {table} have a fact of that name"
                hint = f"rename the column in the file, or read it as one that is known: --column type={name}"
                raise DefinitionError(message, where="--by", hint=hint)


def _counted(
    tables: Mapping[str, pl.DataFrame], request: Request, query: Query, clock: Clock
) -> tuple[Mapping[str, pl.DataFrame], Query, list[Finding]]:
    """The tables with the answers that count in each period, the query, and the notes on customers with several."""
    if "answers" not in tables:
        return tables, query, []
    if request.answers == "all":
        return tables, query, repeated_respondents(tables["answers"])
    answers, query, found = one_per_customer(tables["answers"], request.answers, query, clock)
    return (tables if answers is tables["answers"] else {**tables, "answers": answers}), query, found


def _by_day(whole: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """All the tables, with what is dated by months on all of their days: it covers them whole."""
    dated = spread(whole)
    if "costs" not in whole:
        return dated
    return {**dated, "costs": derive_costs(whole["costs"]).frame.drop("month")}


def _period(
    request: Request, tables: Mapping[str, pl.DataFrame], covered: Mapping[str, covered_days.Coverage], clock: Clock
) -> tuple[Period, list[Finding]]:
    """The period asked for, else the newest usual one of the data with the findings on those passed over."""
    if request.period is None:
        return usual_period(tables, covered, request.grain or Grain.MONTH, clock)
    return parse_period(request.period, _reached(request.period, request, covered, clock)), []


def _reached(text: str, request: Request, covered: Mapping[str, covered_days.Coverage], clock: Clock) -> date | None:
    """The day that `last-…` counts from, which is no later than the one as of which is asked."""
    return covered_days.reached_of(text, covered, clock.today if request.as_of else None)


def _query(request: Request, covered: Mapping[str, covered_days.Coverage], clock: Clock, period: Period) -> Query:
    grain = request.grain or Grain.MONTH
    if request.grain is None:
        grain = covered_days.grain_of(period)
    baseline = _apart(_baseline(request.compare, period, _reached(request.compare, request, covered, clock)), period)
    rules = request.rules
    calendar = calendar_label(rules.calendar, clock.zone, covered_days.days_of(covered))
    promises = {"first_reply": rules.first_reply_targets, "resolution": rules.resolution_targets}
    return Query(
        period=period, baseline=baseline, grain=grain, trend=covered_days.trend_periods(period, covered, grain, request.steps), as_of=clock.as_of,
        by=request.by, where=request.where, time_zone=clock.zone, calendar=calendar, confidence=request.confidence, min_n=request.min_n,
        promises={what: hours for what, hours in promises.items() if hours}, reach=_reach(covered) if period.is_all else None,
    )  # fmt: skip


def _reach(covered: Mapping[str, covered_days.Coverage]) -> tuple[date, date] | None:
    """The first and the last day of any table; None where nothing is dated."""
    if not covered:
        return None
    return min(one.first for one in covered.values()).date(), max(one.last for one in covered.values()).date()


def _apart(baseline: Period | None, period: Period) -> Period | None:
    """The baseline, which may have no day in common with the period: what is in both is compared with itself."""
    edges = (period.start, period.end) if baseline is None else (period.start, period.end, baseline.start, baseline.end)
    if baseline is None or None in edges or baseline.is_all:
        return baseline
    assert period.start and period.end and baseline.start and baseline.end  # noqa: PT018
    if baseline.start < period.end and period.start < baseline.end:
        same = (
            "is the period itself"
            if (baseline.start, baseline.end) == (period.start, period.end)
            else "has days in common with it"
        )
        raise DefinitionError(
            f"{period.name} cannot be compared with {baseline.name}, which {same}", where="--compare",
            hint="a period before it or after it, `previous`, or `none`",
        )  # fmt: skip
    return baseline


def _baseline(compare: str, period: Period, newest: date | None) -> Period | None:
    if compare == "none" or period.is_all:
        return None
    if compare == "previous":
        return period.before()
    if compare == "year-ago":
        return period.year_ago()
    if (count := several(compare)) is not None:
        return period.before_all(count)
    return parse_period(compare, newest)


def _available(
    kpis: Sequence[Kpi], facts: Mapping[str, Facts], *, is_dated: bool
) -> tuple[list[Kpi], list[Unavailable]]:
    """The KPIs that the facts feed, and those they do not with what is missing: the date of their rows too where `is_dated`."""
    able, unable = [], []
    for kpi in kpis:
        missing: list[Text] = []
        for table, column in sorted(needs(kpi)):
            if table in facts and column in facts[table].available:
                continue
            missing += _wanted(table, column, is_lacking=table not in facts)
        if is_dated and not missing:
            missing += [each for table, dated_by in undated(kpi, facts) for each in WANTS.get(dated_by, (dated_by,))]
        if missing:
            unable.append(Unavailable(kpi=kpi, needs=tuple(dict.fromkeys(missing))))
        else:
            able.append(kpi)
    return able, unable


def _wanted(table: str, column: str, *, is_lacking: bool) -> tuple[Text, ...]:
    """The words for a column that is not there; what every survey has goes without saying."""
    if column.startswith("question:"):
        return (Message("answers-to-question", question=column.removeprefix("question:")),)
    if is_lacking:
        return (nouns.called(table),)
    if column in INNATE:
        return ()
    return WANTS.get(column, (column,))


def _period_findings(query: Query, covered: Mapping[str, covered_days.Coverage], kpis: Sequence[Kpi]) -> list[Finding]:
    """Which of the periods the tables that KPIs rest on do not cover whole, and what differs between the two by their days."""
    used = {leaf.table for kpi in kpis for leaf in leaves(kpi)}
    found = []
    for is_own, period in ((True, query.period), (False, query.baseline)):
        for table, cover in covered.items():
            if table in used and period is not None and not cover.completes(period):
                text = Message(
                    "incomplete-period" if is_own else "incomplete-baseline", period=period.name, table=nouns.called(table),
                    first=cover.first.date(), last=cover.last.date(),
                )  # fmt: skip
                # A month's costs by half a month's tickets are no cost of a ticket.
                mixed = tuple(kpi.name for kpi in kpis if is_own and table != "costs" and {table} < set(fed_by(kpi)))
                found.append(Finding(code="incomplete-period", message=text, kpis=mixed, is_serious=bool(mixed)))
    return [*found, *uneven_periods(query, kpis), *unequal_follow_up(query, kpis)]


__all__ = ["Prepared", "Request", "prepare", "report_on", "summarise"]
