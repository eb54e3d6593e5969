"""How often intervals hold the truth, and a target at the truth is met or missed, where customers write several times and are of one mind.

python tests/bench/customers.py [--desks 100] [--seed 91]

Each customer has a share of satisfied answers of its own (beta, intraclass correlation as said), waits for first replies by a level of its own, and
writes as much as it does (log sd 0.8). The report is the product's, of one month of six; nothing changes.
"""

import argparse
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from kpi_core.analysis.report import summarise
from kpi_core.analysis.request import Request
from kpi_core.ingest.dataset import Dataset
from kpi_core.kpis import BY_NAME
from kpi_core.model.findings import REFUSED_SCHEMA
from kpi_core.model.goal import Goal
from kpi_core.model.report import Status, Verdict
from kpi_core.model.tables import TABLES

GOOD, REPLY, MONTHS = 0.8, 2 * 3600.0, 6
WORLDS = {"25 who write 6 times": (25, 6.0, 0.6), "25, of no mind": (25, 6.0, 0.0), "80 who write 3 times": (80, 3.0, 0.4),
          "300 who write once": (300, 1.0, 0.4), "8 who write 20 times": (8, 20.0, 0.4)}  # fmt: skip
"""How many customers there are, what each writes in a month, and the intraclass correlation of being satisfied."""
CALLED = (Verdict.BETTER, Verdict.WORSE, Verdict.HIGHER, Verdict.LOWER)


def desk(chance: np.random.Generator, customers: int, monthly: float, icc: float) -> dict[str, pl.DataFrame]:
    """Tickets of six months and an answer to half of them."""
    spread = (1 - icc) / icc if icc else 1.0
    minds = chance.beta(GOOD * spread, (1 - GOOD) * spread, customers) if icc else np.full(customers, GOOD)
    level, active = chance.normal(0, 0.7 if icc else 0.0, customers), np.exp(chance.normal(0, 0.8, customers))
    counts = chance.poisson(monthly * MONTHS * active / active.mean())
    whose = np.repeat(np.arange(customers), counts)
    n = len(whose)
    at = np.floor(chance.uniform(0, 30.4 * MONTHS, n)) * 86400 + chance.uniform(8, 17, n) * 3600
    order = np.argsort(at, kind="stable")
    whose, at = whose[order], at[order]
    replied = at + REPLY * np.exp(level[whose] + chance.normal(0, 1, n))
    solved = replied + 6 * 3600 * np.exp(chance.normal(0, 0.8, n))
    first = datetime(2026, 4, 1)

    def moments(seconds: np.ndarray) -> pl.Series:
        return pl.Series([first + timedelta(seconds=float(one)) for one in seconds], dtype=pl.Datetime("ms"))

    ids, key = pl.Series(np.arange(n), dtype=pl.UInt64), pl.Series(whose + 10**6, dtype=pl.UInt64)
    tickets = pl.DataFrame({"ticket_id": ids, "customer_id": key, "created_at": moments(at), "first_replied_at": moments(replied),
                            "resolved_at": moments(solved), "status": pl.Series(["solved"] * n).cast(pl.Categorical)})  # fmt: skip
    good = chance.random(n) < minds[whose]
    answers = pl.DataFrame({"response_id": ids, "ticket_id": ids, "answered_at": moments(solved + 3600), "question": ["csat"] * n,
                            "score": np.where(good, 5.0, 2.0)}).with_columns(
        scale_low=pl.lit(1.0), scale_high=pl.lit(5.0), direction=pl.lit("higher")
    ).filter(pl.Series(chance.random(n) < 0.5))  # fmt: skip
    return {"tickets": tickets, "answers": answers}


def typed(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with the types that its columns have once they are read."""
    known = {column.name: column for column in TABLES[name].columns}
    return frame.with_columns(
        pl.col(name).cast(known[name].kind.dtype) for name in frame.columns if known[name].kind.value != "key"
    )


def main() -> None:
    """Prints a line a world."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--desks", type=int, default=100)
    parser.add_argument("--seed", type=int, default=91)
    asked = parser.parse_args()
    kpis = tuple(BY_NAME[name] for name in ("csat", "first_reply_time"))
    for world, (customers, monthly, icc) in WORLDS.items():
        chance = np.random.default_rng([asked.seed, customers])
        held: dict[str, list[bool]] = {kpi.name: [] for kpi in kpis}
        judged, called, widths = [], [], []
        for _ in range(asked.desks):
            tables = {name: typed(name, frame) for name, frame in desk(chance, customers, monthly, icc).items()}
            dataset = Dataset(tables=tables, sources=(), refused=pl.DataFrame(schema=REFUSED_SCHEMA), findings=(), zone=None, reads=())  # fmt: skip
            report = summarise(dataset, Request(kpis=kpis, period="2026-08", targets={"csat": (Goal(value=GOOD),)}))
            for one in report.totals:
                low, high, truth = one.estimate.low, one.estimate.high, GOOD if one.kpi.name == "csat" else REPLY
                if low is not None and high is not None:
                    held[one.kpi.name].append(low <= truth <= high)
            csat = next(one for one in report.totals if one.kpi.name == "csat")
            judged.append(csat.target is not None and csat.target.status in (Status.MET, Status.MISSED))
            widths.append((csat.estimate.high or 1) - (csat.estimate.low or 0))
            called.append(any(one.verdict in CALLED for one in report.totals))
        cells = [f"{np.mean(each):.1%} of {len(each)}" for each in held.values()]
        print(
            f"| {world} | {' | '.join(cells)} | {np.mean(judged):.1%} | {np.mean(widths):.2f} | {np.mean(called):.1%} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
