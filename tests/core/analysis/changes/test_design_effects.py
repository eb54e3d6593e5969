"""Intervals of single periods where the tickets of a day share its luck: each against its formula with the effect that stands next to it."""

import math
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from scipy import stats

import kpi_core
from kpi_core.model.report import KpiResult, Report, Status
from kpi_core.stats.intervals import wilson

FIRST, DAYS = date(2026, 1, 1), 273
WAVES = 22
KPIS = ("first_reply_time", "first_reply_time_p90", "first_reply_time_km", "csat", "nps", "handle_time")


def written(folder: Path, day_spread: float, rows_a_day: int) -> list[Path]:
    """A desk whose days last: `day_spread` is that of what each fortnight adds to the logarithm of all its times."""
    draw = Random(7)
    tickets = ["Ticket ID,Created at,First reply at,Resolved at,Group,Handle time (minutes)"]
    answers = ["Response ID,Ticket ID,Answered at,CSAT,NPS"]
    for day in range(DAYS):
        if day % 14 == 0:
            luck = draw.gauss(0, day_spread)
        for _ in range(rows_a_day):
            number = len(tickets)
            opened = datetime.combine(FIRST + timedelta(days=day), datetime.min.time()) + timedelta(
                seconds=draw.randrange(30_000, 60_000)
            )
            replied = opened + timedelta(seconds=math.exp(8 + luck + draw.gauss(0, 1)))
            solved = replied + timedelta(hours=1)
            group = "A" if draw.random() < 0.25 else "B"
            tickets.append(
                f"{number},{opened:%F %T},{replied:%F %T},{solved:%F %T},{group},{math.exp(2 + luck + draw.gauss(0, 0.6)):.1f}"
            )
            mark = 5 if draw.random() < 1 / (1 + math.exp(-1 + luck)) else 2
            answers.append(f"{number},{number},{solved:%F %T},{mark},{min(2 * mark, 10)}")
    paths = [folder / "tickets.csv", folder / "answers.csv"]
    for path, lines in zip(paths, (tickets, answers), strict=True):
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return paths


@pytest.fixture(scope="module")
def long_runs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return written(tmp_path_factory.mktemp("long_runs"), 0.5, 12)


def reported(paths: list[Path], **options: object) -> Report:
    return kpi_core.report(paths, period="2026-09", kpis=list(KPIS), **options)  # type: ignore[arg-type]


def one(report: Report, name: str, group: str | None = None) -> KpiResult:
    [found] = [each for each in report.results if each.kpi.name == name and each.group.get("group") == group]
    return found


def reach(result: KpiResult) -> float:
    assert result.design_effect is not None
    return math.sqrt(result.design_effect) * float(stats.t.ppf(0.975, WAVES))


def test_intervals_are_wider_by_the_root_of_the_effect(long_runs: list[Path]) -> None:
    report = reported(long_runs)
    share = one(report, "csat")
    p, n, z = share.estimate.value, share.estimate.n, reach(share)
    assert p is not None
    assert share.design_effect is not None
    assert share.design_effect > 2
    centre, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    bounds = [(centre - half) / (1 + z * z / n), (centre + half) / (1 + z * z / n)]
    assert [share.estimate.low, share.estimate.high] == pytest.approx(bounds)
    net = one(report, "nps")
    plus, minus = net.estimate.parts.plus, net.estimate.parts.minus  # type: ignore[attr-defined]
    up, down = (plus + 0.75) / (net.estimate.n + 3), (minus + 0.75) / (net.estimate.n + 3)
    half = reach(net) * math.sqrt((up + down - (up - down) ** 2) / (net.estimate.n + 3))
    assert [net.estimate.low, net.estimate.high] == pytest.approx([up - down - half, up - down + half])


@pytest.mark.parametrize(("name", "at"), [("first_reply_time", 0.5), ("first_reply_time_p90", 0.9)])
def test_a_quantile_lies_between_ranks_further_apart(long_runs: list[Path], name: str, at: float) -> None:
    found = one(reported(long_runs), name)
    times = []
    for line in long_runs[0].read_text(encoding="utf-8").splitlines()[1:]:
        opened, replied = (datetime.fromisoformat(cell) for cell in line.split(",")[1:3])
        if opened.month == 9:
            times.append((replied - opened).total_seconds())
    times.sort()
    half = reach(found) * math.sqrt(len(times) * at * (1 - at))
    assert found.design_effect is not None
    assert found.design_effect > 2
    low, high = math.floor(len(times) * at - half) - 1, math.ceil(len(times) * at + half)
    is_within = low >= 0 and high < len(times)
    assert found.estimate.low == (times[low] if is_within else None)
    assert found.estimate.high == (times[high] if is_within else None)


def test_means_of_times_and_curves_reach_further_too(long_runs: list[Path]) -> None:
    report = reported(long_runs)
    for name in ("handle_time", "first_reply_time_km"):
        found = one(report, name)
        assert found.design_effect is not None
        assert found.design_effect > 2
        assert found.estimate.low is not None
        assert found.estimate.high is not None
        assert found.estimate.value is not None
        assert found.estimate.low < 0.9 * found.estimate.value < found.estimate.value < 0.95 * found.estimate.high


def test_what_a_month_is_compared_with_is_no_matter(long_runs: list[Path]) -> None:
    alone, against = reported(long_runs, compare="none"), reported(long_runs)
    assert [each.estimate for each in alone.totals] == [each.estimate for each in against.totals]
    assert {each.design_effect for each in alone.totals} == {each.design_effect for each in against.totals}


def test_a_group_borrows_what_the_whole_shares(long_runs: list[Path]) -> None:
    report = reported(long_runs, by=["group"])
    of_all, part = one(report, "csat"), one(report, "csat", "A")
    assert of_all.design_effect is not None
    assert part.design_effect is not None
    assert 1 < 1 + (of_all.design_effect - 1) * 0.2 < part.design_effect < of_all.design_effect


def test_a_target_is_judged_by_the_wider_interval(long_runs: list[Path]) -> None:
    found = one(reported(long_runs), "csat").estimate
    assert found.low is not None
    assert found.value is not None
    target = found.low + 0.001
    assert target < found.value - 1.96 * math.sqrt(found.value * (1 - found.value) / found.n)
    judged = one(reported(long_runs, targets={"csat": target}), "csat").target
    assert judged is not None
    assert judged.status is Status.CANNOT_TELL


def test_days_that_know_nothing_of_each_other_leave_the_interval_as_it_is(tmp_path: Path) -> None:
    report = reported(written(tmp_path, 0.0, 12), compare="none")
    found = one(report, "csat")
    k, n = found.estimate.value, found.estimate.n
    assert k is not None
    assert found.design_effect == 1
    assert (found.estimate.low, found.estimate.high) == pytest.approx(wilson(k * n, n, 0.95))
