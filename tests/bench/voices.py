"""How often words are named where scores have nothing to do with them, and how often intervals of effects hold: `python tests/bench/voices.py`.

Comments are of a vocabulary in which a few words are common and most are rare; scores are drawn apart from them. The worlds: everyone answers
once; customers answer up to six times, each with a level and words of their own; days have a level and words of their own. In one more each
answer with one word is worse by a known amount, whose effect the interval should hold.
"""

import argparse
from collections import Counter

import numpy as np
import polars as pl

from kpi_core.analysis.voices.answers import BAND, TEXT, VALUE, WHO
from kpi_core.analysis.voices.judgement import judged
from kpi_core.analysis.voices.words import Spoken
from kpi_core.kpis import BY_NAME

WORDS = 80
WORLDS = ("alone", "customers", "days")


def scores(kpi: str, level: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A value of each answer in the KPI's inside unit, by how well disposed who gave it was (0 for as most)."""
    drawn = level + rng.normal(size=len(level))
    match kpi:
        case "csat":
            return (drawn > -1.3).astype(float)
        case "nps":
            return np.where(drawn > -0.1, 1.0, np.where(drawn < -0.9, -1.0, 0.0))
        case _:
            return np.clip(np.round(5.6 + 1.5 * drawn), 1, 7)


def comments(owner: np.ndarray, rng: np.random.Generator, own: float) -> list[frozenset[str]]:
    """The words of each comment: common ones of all, and of who wrote it (or of its day) with a share of `own`."""
    weights = 1 / np.arange(1, WORDS + 1)
    weights /= weights.sum()
    favourites = {each: rng.choice(WORDS, size=4, replace=False) for each in np.unique(owner)}
    return [
        frozenset(
            f"w{rng.choice(favourites[each]) if rng.random() < own else rng.choice(WORDS, p=weights)}"
            for _ in range(rng.integers(2, 9))
        )
        for each in owner
    ]


def world(name: str, answers: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, list[frozenset[str]]]:
    """Who answered, how well disposed they were, and what they wrote."""
    if name == "alone":
        who = np.arange(answers)
        return who, np.zeros(answers), comments(who, rng, 0.0)
    if name == "customers":
        who = np.repeat(np.arange(answers), rng.integers(1, 7, size=answers))[:answers]
        return who, rng.normal(scale=1.0, size=answers)[who], comments(who, rng, 0.5)
    day = np.sort(rng.integers(0, 22, size=answers))
    return np.arange(answers), rng.normal(scale=0.25, size=22)[day], comments(day, rng, 0.25)


def words(kpi: str, values: np.ndarray, who: np.ndarray, terms: list[frozenset[str]]) -> tuple:
    """The findings on them."""
    frame = pl.DataFrame(
        {VALUE: values, WHO: who.astype(np.uint64), BAND: ["low"] * len(values), TEXT: ["x"] * len(values)}
    )
    forms = {term: Counter({term: 1}) for one in terms for term in one}
    messages = Spoken(terms=terms, forms=forms, languages=Counter(), is_lemmatised=True)
    return judged(BY_NAME[kpi], frame, messages, 0.95)[0]


def any_named(kpi: str, name: str, answers: int, reports: int, seed: int) -> tuple[float, float]:
    """The share of reports that name any word though none has to do with the score, and the words looked at, on average."""
    rng = np.random.default_rng(seed)
    hits = looked = 0
    for _ in range(reports):
        who, level, terms = world(name, answers, rng)
        found = words(kpi, scores(kpi, level, rng), who, terms)
        hits += any(one.is_named for one in found)
        looked += len(found)
    return hits / reports, looked / reports


def coverage(kpi: str, answers: int, part: float, reports: int, seed: int) -> tuple[float, float]:
    """How often the interval of a word in `part` of the comments holds its true effect, and how often the word is named."""
    rng = np.random.default_rng(seed)
    truth = {shift: scores(kpi, np.full(400_000, shift), rng).mean() for shift in (0.0, -0.8)}
    rows = named = seen = 0
    for _ in range(reports):
        has = rng.permutation(answers) < round(part * answers)
        terms = [
            one | {"slow"} if own else one for one, own in zip(comments(np.arange(answers), rng, 0.0), has, strict=True)
        ]
        found = {
            one.term: one for one in words(kpi, scores(kpi, np.where(has, -0.8, 0.0), rng), np.arange(answers), terms)
        }
        one = found.get("slow")
        if one is None or one.bottom is None:
            continue
        effect = has.mean() * (truth[-0.8] - truth[0.0])
        seen += 1
        rows += one.bottom <= effect <= one.top
        named += one.is_named
    return rows / max(seen, 1), named / max(seen, 1)


def main() -> None:
    """Prints the tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--reports", type=int, default=400)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    print("any word named where none has to do with it, %")
    for name in WORLDS:
        for answers in (60, 200, 800):
            row = [any_named(kpi, name, answers, given.reports, given.seed) for kpi in ("csat", "nps", "ces")]
            print(
                f"{name:10} {answers:4}  " + "  ".join(f"{100 * share:4.1f} ({looked:3.0f})" for share, looked in row),
                flush=True,
            )
    print("interval holds the effect, % (word named, %)")
    for answers, part in ((60, 0.1), (200, 0.05), (200, 0.2), (800, 0.02), (800, 0.2)):
        row = [coverage(kpi, answers, part, given.reports, given.seed) for kpi in ("csat", "nps", "ces")]
        print(
            f"{answers:4} x {part:4}  " + "  ".join(f"{100 * rows:4.1f} ({100 * named:3.0f})" for rows, named in row),
            flush=True,
        )


if __name__ == "__main__":
    main()
