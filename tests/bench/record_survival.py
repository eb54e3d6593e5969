"""Records what lifelines says of made-up cases, for `tests/core/stats/test_survival_oracle.py`: `pip install lifelines`, then run this.

It stays out of the pinned tests because it brings pandas and matplotlib, and because one of what it brings comes without a wheel.
"""

import json
import math
import random
from pathlib import Path
from typing import Any

import lifelines
from lifelines import KaplanMeierFitter
from lifelines.utils import qth_survival_time, restricted_mean_survival_time

RECORD = Path(__file__).parent.parent / "core" / "stats" / "survival_by_lifelines.json"
CONFIDENCES = (0.8, 0.9, 0.95)
QUANTILES = (0.25, 0.5, 0.9)

Row = tuple[int, int, bool]  # as in test_survival


def small(chance: random.Random) -> list[Row]:
    """Up to sixty cases with many ties. One is watched throughout: theirs takes no gap in which no case is."""
    rows = [(0, 40, False)]
    for _ in range(chance.randrange(1, 60)):
        entry = chance.randrange(13)
        rows.append((entry, entry + chance.randrange(1, 26), chance.random() < 0.6))
    return rows


def many(seed: int, count: int = 120) -> list[Row]:
    """Cases of a mean of 1000 s, watched from some age on and for some time."""
    chance, rows = random.Random(seed), []
    while len(rows) < count:
        lasts, entry = round(chance.expovariate(1 / 1000)) + 1, max(0, chance.randrange(-1500, 400))
        until = entry + chance.randrange(200, 4000)
        if lasts > entry:
            rows.append((entry, min(lasts, until), lasts <= until))
    return rows


def answers(rows: list[Row], means_at: tuple[int, ...]) -> dict[str, Any]:
    """What lifelines says of one set of rows; an infinite quantile is null."""
    entries, exits, events = zip(*rows, strict=True)
    fits = {level: KaplanMeierFitter().fit(exits, events, entry=entries, alpha=1 - level) for level in CONFIDENCES}
    fit = fits[0.95]
    table = fit.event_table
    # Rows that enter at an age are not yet at risk then, save those watched from the start.
    risk = table.at_risk - table.entrance.where(table.index > 0, 0)
    ages = [age for age in table.index if table.observed[age]]
    quantiles = {str(at): float(qth_survival_time(1 - at, fit)) for at in QUANTILES}
    return {
        "rows": rows,
        "ages": [int(age) for age in ages],
        "left": [float(fit.predict(age)) for age in ages],
        "at_risk": [int(risk[age]) for age in ages],
        "bands": {
            str(level): [[float(bound) for bound in found.confidence_interval_.loc[age]] for age in ages]
            for level, found in fits.items()
        },
        "quantiles": {at: None if math.isinf(age) else age for at, age in quantiles.items()},
        "means": {str(tau): float(restricted_mean_survival_time(fit, t=tau)) for tau in means_at},
    }


def main() -> None:
    chance = random.Random(1)
    cases = [answers(small(chance), (1, 7, 20, 30)) for _ in range(40)]
    cases += [answers([(3, 5, True), (0, 3, True), (0, 5, True), (0, 40, False)], (4, 5))]
    cases += [answers(many(seed), (300, 900, 1200)) for seed in range(5)]
    cases = json.loads(json.dumps(cases), parse_float=lambda number: round(float(number), 12))
    lines = ",\n".join(json.dumps(case) for case in cases)
    RECORD.write_text(f'{{"lifelines": "{lifelines.__version__}", "cases": [\n{lines}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
