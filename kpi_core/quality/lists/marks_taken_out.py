"""Answers without any of the marks in the middle, or at the lower end, which somebody took out: promoters and detractors without a passive, 2 to 5 without a 1.

Shares of the others stand for all then. A question of yes and no, or of faces, has no such marks either: it has fewer different ones.
"""

from collections.abc import Iterator

import polars as pl

from kpi_core.facts import Facts
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding

CODE = "selected-export"
FEWEST, SURELY = 60, 100
"""Answers of which some have a mark in the middle; and so many that none is no chance."""
SIDE, MARKS = 5, 3
"""Answers on either side of the marks that are missing, and different marks, at least."""
PASSIVES, WORST = (7, 8), (0, 4)
ENOUGH = 20
"""Answers of the mark next to an end that nobody gave, from which that is strange."""
LOOKED_AT = 2_000
"""Answers of all parts of a list, which mostly show every mark."""
OF_STEPS, OF_NPS = 4, 10
"""How far apart the ends of a scale are of which people use every mark, and of that of NPS."""
KPIS = {"csat": ("csat*", "successful_resolution_rate"), "ces": ("ces*",), "nps": ("nps*",)}


def marks_taken_out(answers: Facts | None) -> Iterator[Finding]:
    """The findings on questions two neighbouring marks of which, with answers below and above them, nobody gave."""
    needs = {"question", "score", "scale_low", "scale_high"}
    if answers is None or not needs <= set(answers.frame.columns):
        return
    every = answers.frame.height // LOOKED_AT
    if every > 1 and not any(_found(answers.frame.gather_every(every))):  # mostly so, and quickly found
        return
    for question, count, (first, last), is_end in _found(answers.frame):
        message = Message("marks-taken-out", question=question, count=count, first=first, last=last)
        if is_end and first == last:
            message = Message("end-taken-out", question=question, count=count, first=first)
        elif is_end:
            message = Message("ends-taken-out", question=question, count=count, first=first, last=last)
        follows = Consequence.NO_VALUE if question == "nps" and count >= SURELY else Consequence.NO_VERDICT
        follows = Consequence.NOTED if is_end else follows
        yield Finding(code=CODE, message=message, kpis=KPIS[question], is_serious=True, consequence=follows)


def _found(answers: pl.DataFrame) -> Iterator[tuple[str, int, tuple[int, int], bool]]:
    """The questions of some answers that lack marks, with how many answered, the marks, and whether they are at an end."""
    by = ["question", "score", "scale_low", "scale_high"]
    counts = answers.lazy().select(by).drop_nulls().group_by(by).len().collect()
    for question in KPIS:
        of_one = counts.filter(pl.col("question") == question)
        for (low, high), own in of_one.group_by("scale_low", "scale_high", maintain_order=True):
            marks = own.select("score", "len").iter_rows()
            given = {int(score): count for score, count in marks if score == int(score)}
            count = int(own["len"].sum())
            if count < FEWEST or len(given) < max(MARKS, own.height):
                continue
            if (missing := _missing(question, given, int(low), int(high))) is not None:
                yield question, count, missing, False
            elif (end := _end(question, given, int(low), int(high))) is not None:
                yield question, count, end, True


def _end(question: str, given: dict[int, int], low: int, high: int) -> tuple[int, int] | None:
    """The lowest marks, where nobody gave them, though many gave the next; None where somebody did. That nobody gives the highest is no rarity."""
    if question == "nps":
        near = given.get(5, 0) + given.get(6, 0)
        is_cut = high == OF_NPS and near >= ENOUGH and not any(mark in given for mark in range(WORST[1] + 1))
        return WORST if is_cut else None
    if high - low != OF_STEPS:
        return None
    return (low, low) if low not in given and given.get(low + 1, 0) >= ENOUGH else None


def _missing(question: str, given: dict[int, int], low: int, high: int) -> tuple[int, int] | None:
    """Two marks side by side that are missing, with answers on both sides; None where there are none."""
    if question == "nps":
        pairs = [PASSIVES] if high == OF_NPS else []
    else:
        pairs = [(mark, mark + 1) for mark in range(low + 1, high - 1)] if high - low == OF_STEPS else []
    for pair in pairs:
        below = sum(count for mark, count in given.items() if mark < pair[0])
        above = sum(count for mark, count in given.items() if mark > pair[1])
        if not any(mark in given for mark in pair) and min(below, above) >= SIDE:
            return pair
    return None
