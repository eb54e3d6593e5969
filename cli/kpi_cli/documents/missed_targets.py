"""Which targets are missed, for the exit code and as one line each on stderr."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from kpi_cli.documents.phrases import group_name
from kpi_cli.documents.wording import Wording, scale_of
from kpi_core.analysis.targets import is_point_missed
from kpi_core.model.goal import Goal
from kpi_core.model.report import KpiResult, Report, Status

NAMED = 5
"""Groups that are named at most."""


def missed(report: Report, *, by_value: bool) -> tuple[KpiResult, ...]:
    """The results that miss their target: by the whole interval, and where `by_value` asks for it by the value alone."""
    return tuple(result for result in report.results if _is_missed(result, by_value=by_value))


def how_many(report: Report, wording: Wording) -> str:
    """How many targets are missed, those of groups among them; empty where none is."""
    found = missed(report, by_value=False)
    return wording.word("foot_missed", count=len(found)) if found else ""


def _is_missed(result: KpiResult, *, by_value: bool) -> bool:
    if result.target is None or result.suppressed:
        return False
    if result.target.status is Status.MISSED:
        return True
    if not by_value or result.immature is not None or result.target.status is Status.NOT_DUE:
        return False
    return is_point_missed(result.kpi, result.estimate, result.target.value)


def lines(results: tuple[KpiResult, ...], wording: Wording) -> Iterator[str]:
    """`target missed: csat 61.2 % (55.0–67.1 %), target 85 %`: one line a target, the groups that miss it named."""
    for kpi, currency, target in dict.fromkeys(_key(result) for result in results):
        same = [result for result in results if _key(result) == (kpi, currency, target)]
        parts = [_figure(result, wording) for result in same if not result.group]
        groups = [f"{group_name(result, wording)} {_figure(result, wording)}" for result in same if result.group]
        parts += groups[:NAMED]
        if len(groups) > NAMED:
            parts.append(f"and {len(groups) - NAMED} more groups")
        yield f"target missed: {kpi} {', '.join(parts)}; target {_goal(same[0], wording)}"


def _key(result: KpiResult) -> tuple[str, str | None, float | None]:
    return result.kpi.name, result.kpi.currency, result.target.value if result.target else None


def of_groups(report: Report, goals: Mapping[str, Sequence[Goal]]) -> Iterator[str]:
    """`target not judged: csat of group=Billing needs --by group`: targets of groups that the report is not split by, or does not know."""
    for kpi, each in goals.items():
        for goal in each:
            if goal.segment is None or any(goal.is_for(one.group) for one in report.results if one.kpi.name == kpi):
                continue
            dimension, word = goal.segment
            is_split = dimension in report.query.by
            yield f"target not judged: {kpi} of {dimension}={word} " + (
                "counts no row: `kundpuls targets` says why" if is_split else f"needs --by {dimension}"
            )


def unjudged(report: Report, kpis: Iterable[str]) -> Iterator[str]:
    """`target not judged: csat needs score`: the KPIs that have a target and no value, and why."""
    needs = {one.kpi.name: one.needs for one in report.unavailable}
    valued = {
        result.kpi.name for result in report.totals if result.estimate.value is not None and not result.suppressed
    }
    reported = {result.kpi.name for result in report.totals}
    for kpi in dict.fromkeys(kpis):
        if kpi in valued:
            continue
        why = "has no value" if kpi in reported else "is not in this report"
        yield f"target not judged: {kpi} {'needs ' + ', '.join(map(str, needs[kpi])) if kpi in needs else why}"


def _figure(result: KpiResult, wording: Wording) -> str:
    """The value, with its interval where there is one."""
    found, unit = result.estimate, result.kpi.unit
    scale = scale_of(result.kpi, found.value)
    value = wording.value(found.value, unit, scale)
    interval = wording.interval(found.low, found.high, unit, scale)
    return f"{value} ({interval})" if interval.strip() else value


def _goal(result: KpiResult, wording: Wording) -> str:
    assert result.target is not None
    value = wording.aim(result.target.value, result.kpi.unit, scale_of(result.kpi, result.target.value))
    return f"{value} {result.kpi.currency}" if result.kpi.currency else value
