"""How often two segments, or two companies, that are alike are kept apart: false verdicts of `compare --between`.

python tests/bench/segments.py [--reports 200] [--world c5] [--monthly 400] [--companies] [--kpis resolution_time_km] [--jobs 2]
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from math import sqrt

import numpy as np
import polars as pl
from desks import WORLDS, Effect, desk
from verdicts import CALLED, _typed

from kpi_core.analysis.compare.segments import companies, segments
from kpi_core.analysis.request import Request
from kpi_core.ingest.dataset import Dataset
from kpi_core.kpis import CATALOGUE
from kpi_core.model.findings import REFUSED_SCHEMA


@dataclass(frozen=True, kw_only=True)
class Job:
    """One report."""

    seed: int
    world: str
    monthly: float
    is_of_companies: bool
    kpis: tuple[str, ...] = ()


def called(job: Job) -> list[str]:
    """The KPIs that are called better or worse."""
    rng = np.random.default_rng(job.seed)
    kpis = tuple(kpi for kpi in CATALOGUE if (kpi.name in job.kpis if job.kpis else kpi.is_default))
    request = Request(kpis=kpis, period="2026-09")
    if job.is_of_companies:
        found = companies([_desk(rng, job) for _ in range(2)], request, ("a", "b"))
    else:
        found = segments(_desk(rng, job, rng.integers), request, "group", ("a", "b"))
    return [one.kpi.name for one in found.results if one.verdict in CALLED]


def _desk(rng: np.random.Generator, job: Job, drawn: object = None) -> Dataset:
    tables = desk(rng, WORLDS[job.world], job.monthly, Effect(), datetime(2026, 10, 28, 12))
    if drawn is not None:
        tables = {
            name: frame.with_columns(group=pl.Series(rng.choice(["a", "b"], frame.height), dtype=pl.String))
            if name == "tickets"
            else frame
            for name, frame in tables.items()
        }
    tables = {name: _typed(name, frame) for name, frame in tables.items()}
    return Dataset(
        tables=tables, sources=(), refused=pl.DataFrame(schema=REFUSED_SCHEMA), findings=(), zone=None, reads=()
    )


def main() -> None:
    """Prints the share of reports with any false verdict, and by KPI."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=200)
    parser.add_argument("--world", default="c5", choices=[*WORLDS])
    parser.add_argument("--monthly", type=float, default=400)
    parser.add_argument("--companies", action="store_true")
    parser.add_argument("--kpis", default="", help="only these, divided by commas")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    jobs = [
        Job(
            seed=asked.seed * 100_000 + place,
            world=asked.world,
            monthly=asked.monthly,
            is_of_companies=asked.companies,
            kpis=tuple(filter(None, asked.kpis.split(","))),
        )
        for place in range(asked.reports)
    ]
    with ProcessPoolExecutor(max_workers=asked.jobs) as pool:
        found = list(pool.map(called, jobs, chunksize=4))
    share = sum(bool(one) for one in found) / len(found)
    error = sqrt(share * (1 - share) / len(found))
    names = [name for one in found for name in one]
    by_kpi = {name: names.count(name) for name in sorted({*names}, key=lambda name: -names.count(name))}
    print(f"{asked.world} {asked.monthly:g}: {share:.1%} ± {error:.1%} of {len(found)}; {by_kpi}")


if __name__ == "__main__":
    main()
