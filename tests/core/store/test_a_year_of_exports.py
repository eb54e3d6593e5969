"""A help desk that exports what changed in the last weeks, kept in a store for a year: it knows what the desk knows, which no export does alone."""

import csv
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from invoked import piped

from tests.desk_over_time import HEADERS, Desk, desk_over_time, month_ends

MONTHS = 12
ENDS = month_ends(MONTHS)
KPIS = "backlog,tickets_created,tickets_resolved,reopen_rate,resolution_time"
VERSIONS = (1, 6, 12)
NOON = timedelta(hours=12)


class Kept(NamedTuple):
    """A store that was fed export by export, and what was reported on some of its versions then."""

    place: Path
    exports: list[str]
    reports: dict[int, str]


@pytest.fixture(scope="module")
def desk() -> Desk:
    return desk_over_time(11, a_day=4)


def exported(desk: Desk, path: Path, at: datetime, days: int) -> str:
    """An export of the tickets that changed in the last days, each with how often it was opened again."""
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow((*HEADERS, "Reopens"))
        for state in desk.states(at):
            if state.updated >= at - timedelta(days=days):
                dates = (
                    f"{day:%Y-%m-%d %H:%M:%S}" if day else "" for day in (state.created, state.resolved, state.updated)
                )
                status = "Open" if state.resolved is None else "Resolved"
                rows.writerow((state.number, status, *dates, state.group, state.reopens))
    return str(path)


def reported(*arguments: object) -> str:
    """A report for programs on the newest month of the year, or of what there is: the same bytes for the same."""
    ended = piped("report", *arguments, "--kpi", KPIS, "--zone", "UTC", "--format", "json", "--no-config")
    assert ended.code == 0, ended.err
    return ended.out


@pytest.fixture(scope="module")
def kept(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """A store that is given the export of each month at its end, of the last 33 days, which overlaps the one before."""
    folder = tmp_path_factory.mktemp("year")
    exports = [exported(desk, folder / f"{at:%Y-%m-%d}.csv", at, days=33) for at in ENDS]
    reports = {}
    with pytest.MonkeyPatch.context() as patched:
        for version, (at, export) in enumerate(zip(ENDS, exports, strict=True), start=1):
            patched.setenv("SOURCE_DATE_EPOCH", str(round((at + NOON).replace(tzinfo=UTC).timestamp())))
            assert piped("ingest", export, "--store", folder / "desk").code == 0
            patched.setenv("SOURCE_DATE_EPOCH", "0")
            if version in VERSIONS:
                reports[version] = reported("--store", folder / "desk")
    return Kept(folder / "desk", exports, reports)


@pytest.fixture(autouse=True)
def at_one_instant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")


def trends(report: str) -> dict[str, dict[str, Any]]:
    """By KPI the value of each month."""
    record = json.loads(report)
    return {
        one["kpi"]: {point["period"]["start"][:7]: point["value"] for point in one.get("trend", ())}
        for one in record["results"]
        if not one.get("group")
    }


def truth(desk: Desk) -> dict[str, dict[str, float]]:
    """The same as the desk knows it: every opening, every resolution and how often each ticket was opened again."""
    months = {f"{at - NOON:%Y-%m}": at for at in ENDS}
    final = desk.states(ENDS[-1])
    opened = {name: [one for one in final if f"{one.created:%Y-%m}" == name] for name in months}
    ever_resolved = {name: [one for one in begun if one.resolved or one.reopens] for name, begun in opened.items()}
    return {
        "backlog": {name: desk.backlog(at) for name, at in months.items()},
        "tickets_created": {name: len(begun) for name, begun in opened.items()},
        "tickets_resolved": {name: sum(bool(one.resolved) and f"{one.resolved:%Y-%m}" == name for one in final) for name in months},
        "reopen_rate": {name: sum(one.reopens > 0 for one in done) / len(done) for name, done in ever_resolved.items()},
    }  # fmt: skip


def agrees(found: dict[str, dict[str, Any]], known: dict[str, dict[str, float]]) -> dict[str, bool]:
    """By KPI whether every month that is known has its value."""
    return {
        kpi: len(found[kpi]) == len(months)
        and all(found[kpi][name] == pytest.approx(value, abs=1e-9) for name, value in months.items())
        for kpi, months in known.items()
    }


def test_it_knows_every_month_as_the_desk_does_and_no_export_does(desk: Desk, kept: Kept) -> None:
    known = truth(desk)
    assert agrees(trends(kept.reports[MONTHS]), known) == dict.fromkeys(known, True)
    for export in (kept.exports[-1], kept.exports[5]):
        assert agrees(trends(reported(export, "--period", "2025-05")), known) == dict.fromkeys(known, False)


def test_so_it_does_of_exports_of_thirty_days_twice_a_month(desk: Desk, tmp_path: Path) -> None:
    """Taken once a month they would lack a day of each longer one."""
    ends = sorted((*ENDS, *(at - timedelta(days=15) for at in ENDS)))
    files = [exported(desk, tmp_path / f"{at:%Y-%m-%d}.csv", at, days=30) for at in ends]
    for first in range(0, len(files), 8):
        assert piped("ingest", *files[first : first + 8], "--store", tmp_path / "desk").code == 0
    known = truth(desk)
    assert agrees(trends(reported("--store", tmp_path / "desk")), known) == dict.fromkeys(known, True)


@pytest.mark.parametrize("order", [range(MONTHS), range(MONTHS - 1, -1, -1)], ids=["in turn", "turned"])
def test_fed_at_once_it_says_the_same_to_the_byte(order: Sequence[int], kept: Kept, tmp_path: Path) -> None:
    assert piped("ingest", *(kept.exports[place] for place in order), "--store", tmp_path / "desk").code == 0
    assert reported("--store", tmp_path / "desk") == kept.reports[MONTHS]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_version_is_what_was_reported_then_to_the_byte(version: int, kept: Kept) -> None:
    at = ENDS[version - 1] + NOON
    assert reported("--store", kept.place, "--as-of-version", version) == kept.reports[version]
    for instant in (f"{at:%Y-%m-%dT%H:%M}+00:00", f"{at + timedelta(days=5):%Y-%m-%dT%H:%M}+00:00"):
        assert reported("--store", kept.place, "--as-ingested", instant) == kept.reports[version]


def test_what_is_known_by_now_of_a_month_is_more_than_was_known_then(kept: Kept) -> None:
    """The report of then has the figures of then, and the one of now, as of then, what came in later about it."""
    then = reported("--store", kept.place, "--as-of-version", 6, "--period", "2025-06")
    now = reported("--store", kept.place, "--period", "2025-06")
    assert trends(then)["backlog"]["2025-06"] == trends(now)["backlog"]["2025-06"]
    assert trends(then)["tickets_resolved"] != trends(now)["tickets_resolved"]
