"""How often a report calls a change where there is none, and how often it sees one that is there.

    python tests/bench/verdicts.py --worlds iid c5 c8 --reports 400 [--by group] [--compare previous:3] [--good 0.72]

Each report is made by the product from the tickets and answers of a made-up desk (`desks.py`), September against what
`--compare` says. Prints the share of reports with any verdict of better, worse, higher or lower, by KPI too, each with its
standard error; with `--planted` the smallest change that a report prints is planted in another desk of the same kind, and how often it
is called there printed by KPI; with a change (`--good`, `--first-reply`, `--unsolved`) how often the KPI that changed is called; and how often
the interval of the change of `tickets_created` holds 0. Seeded: the same call gives the same figures.
"""

import argparse
import math
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).parent))

from desks import BROKEN, WORLDS, Effect, broken, desk

from kpi_cli.options.reading import Reading
from kpi_core.analysis.report import summarise
from kpi_core.analysis.request import Request
from kpi_core.ingest.dataset import Dataset, read_exports
from kpi_core.kpis import CATALOGUE
from kpi_core.model.findings import REFUSED_SCHEMA
from kpi_core.model.report import Verdict
from kpi_core.model.tables import TABLES

CALLED = (Verdict.BETTER, Verdict.WORSE, Verdict.HIGHER, Verdict.LOWER)
SECOND_SYSTEM = "second-system"
"""A lack of files, not of rows: another help desk's begins on the 20th."""
HEADERS = {"ticket_id": "Ticket ID", "created_at": "Created", "first_replied_at": "First reply", "resolved_at": "Resolved", "status": "Status",
           "group": "Group", "agent": "Agent", "agent_replies": "Replies", "reopens": "Reopens"}  # fmt: skip
TARGETS = {"good": "csat", "first_reply": "first_reply_time", "unsolved": "resolution_rate"}


class Job(NamedTuple):
    """One report to be made."""

    world: str
    monthly: float
    seed: int
    effect: Effect
    compare: str
    by: tuple[str, ...]
    days_after: int
    lacks: str | None = None


def seen(job: Job) -> dict[str, Any]:
    """The verdicts of one report: by KPI for totals, and whether any group has one."""
    with tempfile.TemporaryDirectory() as folder:
        return _seen(job, Path(folder))


def _seen(job: Job, folder: Path) -> dict[str, Any]:
    rng = np.random.default_rng(job.seed)
    as_of = datetime(2026, 10, job.days_after, 12)
    tables = desk(rng, WORLDS[job.world], job.monthly, job.effect, as_of)
    if job.lacks is not None and job.lacks != SECOND_SYSTEM:
        tables = broken(tables, job.lacks)
    tables = {name: _typed(name, frame) for name, frame in tables.items()}
    if job.lacks == SECOND_SYSTEM:
        other = desk(rng, WORLDS[job.world], job.monthly, job.effect, as_of)["tickets"]
        dataset = _from_files(folder, [tables["tickets"], other.filter(pl.col("created_at") >= datetime(2026, 9, 20))])
    else:
        dataset = Dataset(
            tables=tables, sources=(), refused=pl.DataFrame(schema=REFUSED_SCHEMA), findings=(), zone=None, reads=()
        )
    kpis = tuple(kpi for kpi in CATALOGUE if kpi.is_default)
    report = summarise(dataset, Request(kpis=kpis, period="2026-09", compare=job.compare, by=job.by))
    totals = {one.kpi.name: one for one in report.totals}
    created = totals["tickets_created"].change
    return {
        "totals": {name: one.verdict for name, one in totals.items() if one.verdict is not None},
        "groups": [one.kpi.name for one in report.results if one.group and one.verdict in CALLED],
        "covers": None
        if created is None or created.low is None or created.high is None
        else created.low <= 0 <= created.high,
        "detectable": {
            name: one.change.detectable for name, one in totals.items() if one.change and one.change.detectable
        },
        "before": {name: one.baseline.value for name, one in totals.items() if one.baseline},
        "n": {name: one.estimate.n for name, one in totals.items()},
    }


PLANTED = {
    "tickets_created": "volume",
    "first_reply_time": "first_reply",
    "handle_time": "handle",
    "csat": "good",
    "resolution_rate": "unsolved",
}
"""What is changed in a desk for a KPI to change."""
OTHER = 50_000
"""How far the seed of the desk with the change lies from that of the report that says what would show."""


def planted(job: Job) -> dict[str, bool]:
    """By KPI whether the smallest change that a report says would show is called in another desk that has it."""
    result = seen(job)
    found = {}
    for kpi, effect in PLANTED.items():
        reach, old = result["detectable"].get(kpi), result["before"].get(kpi)
        if reach is None or old is None:
            continue
        by = {"good": 0.8 - reach, "unsolved": reach}.get(effect, 1 + reach / old)
        changed = job._replace(seed=job.seed + OTHER, effect=Effect(**{effect: max(by, 0.0)}))
        found[kpi] = seen(changed)["totals"].get(kpi) in CALLED
    return found


def _from_files(folder: Path, systems: Sequence[pl.DataFrame]) -> Dataset:
    """The tickets of several help desks as their files are read; these have to stay there for as long as it is used."""
    paths = [str(folder / f"{place}.csv") for place in range(len(systems))]
    for path, tickets in zip(paths, systems, strict=True):
        whole = tickets.with_columns(ticket_id=pl.concat_str(pl.lit(Path(path).stem + "-"), "ticket_id"))
        whole.rename(HEADERS).write_csv(path, datetime_format="%Y-%m-%d %H:%M:%S")
    return read_exports(paths, Reading(mapping=("spreadsheet-tickets",)).choices(), frozenset())


def _typed(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with the types that its columns have once they are read."""
    known = {column.name: column for column in TABLES[name].columns}
    rows = [known[column] for column in frame.columns]
    return frame.with_columns(
        pl.col(column.name).cast(column.kind.dtype) for column in rows if column.kind.value != "key"
    )


def main() -> None:
    """Reads the call, makes the reports on both cores, prints a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--worlds", nargs="+", default=["iid", "c5", "c8"], choices=sorted(WORLDS))
    parser.add_argument("--monthly", type=float, nargs="+", default=[300.0])
    parser.add_argument("--reports", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--by", action="append", default=[])
    parser.add_argument("--compare", default="previous")
    parser.add_argument("--days-after", type=int, nargs="+", default=[2, 28])
    parser.add_argument(
        "--lacks",
        choices=(*BROKEN, SECOND_SYSTEM),
        help="an export of the same desk that lacks something, or has it otherwise since a day",
    )
    parser.add_argument("--planted", action="store_true", help="plant the smallest change that would show")
    parser.add_argument("--jobs", type=int, default=2)
    for name in ("good", "first-reply", "unsolved", "answering"):
        parser.add_argument(f"--{name}", type=float, default=None)
    asked = parser.parse_args()
    changed = {
        name: value
        for name in ("good", "first_reply", "unsolved", "answering")
        if (value := getattr(asked, name)) is not None
    }
    with ProcessPoolExecutor(max_workers=asked.jobs) as pool:
        for world in asked.worlds:
            for monthly in asked.monthly:
                for days in asked.days_after:
                    jobs = [Job(world, monthly, asked.seed * 100_000 + place, Effect(**changed), asked.compare, tuple(asked.by), days, asked.lacks)
                            for place in range(asked.reports)]  # fmt: skip
                    if asked.planted:
                        rows = list(pool.map(planted, jobs, chunksize=2))
                        print(f"{world} {monthly:.0f} a month, planted: {_planted(rows)}", flush=True)
                        continue
                    result = list(pool.map(seen, jobs, chunksize=5))
                    print(
                        f"{world} {monthly:.0f} a month, {days} days after, against {asked.compare}: {_line(result, changed)}",
                        flush=True,
                    )


def _line(expected: list[dict[str, Any]], changed: dict[str, float]) -> str:
    """One row of the table."""
    false = _share([any(one in CALLED for one in each["totals"].values()) for each in expected])
    singles = Counter(name for each in expected for name, one in each["totals"].items() if one in CALLED)
    most = ", ".join(f"{name} {100 * count / len(expected):.1f}" for name, count in singles.most_common(4))
    covers = [each["covers"] for each in expected if each["covers"] is not None]
    listed = [
        f"any verdict {false}",
        f"most: {most or 'none'}",
        f"created covers {_share(covers) if covers else 'never known'}",
    ]
    if any(each["groups"] for each in expected):
        listed.append(f"in a group {_share([bool(each['groups']) for each in expected])}")
    small = Counter(name for each in expected for name, one in each["totals"].items() if one is Verdict.NO_CHANGE)
    listed.append(
        "no change: "
        + (", ".join(f"{name} {100 * count / len(expected):.0f}" for name, count in small.most_common(15)) or "none")
    )
    for name in changed:
        if name in TARGETS:
            kpi = TARGETS[name]
            found = _share([each["totals"].get(kpi) in CALLED for each in expected])
            least = [each["detectable"][kpi] for each in expected if kpi in each["detectable"]]
            shown = f", could show {np.median(least):.3g}" if least else ""
            listed.append(f"{kpi} called {found} (n {np.median([each['n'][kpi] for each in expected]):.0f}{shown})")
    return "; ".join(listed)


def _planted(expected: list[dict[str, bool]]) -> str:
    """How often each KPI was called that had the change."""
    by = {kpi: [one[kpi] for one in expected if kpi in one] for kpi in PLANTED}
    every = [one for each in by.values() for one in each]
    return "; ".join(
        [*(f"{kpi} {_share(each)} of {len(each)}" for kpi, each in by.items() if each), f"all {_share(every)}"]
    )


def _share(expected: list[bool]) -> str:
    share = sum(expected) / len(expected)
    return f"{100 * share:.1f} ± {100 * math.sqrt(share * (1 - share) / len(expected)):.1f}"


if __name__ == "__main__":
    main()
