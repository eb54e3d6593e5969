"""Answers and reviews without one or more of the marks between others, or at the lower end, which somebody took out: promoters and detractors without a passive.

Shares of the others stand for all then. A question of yes and no, or of faces, has no such marks either: it has fewer different ones. A scale of
every other mark has several gaps, and none of them is of marks that were taken out.
"""

from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise

import polars as pl

from kpi_core.facts import Facts
from kpi_core.messages.message import Given, Message
from kpi_core.model.findings import Consequence, Finding

CODE = "selected-export"
FEWEST, SURELY = 60, 100
"""Answers of which some have a mark in the middle; and so many that none is no chance."""
SIDE, MARKS = 5, 3
"""Answers on either side of the passives, or of two marks of five, that are missing, and different marks, at least."""
NEAR = 12
"""Answers of each of the two marks next to those that are missing, from which that is strange: a mark has half of what the rarer of its neighbours has at
least, also where many are at both ends (of reviews 0.8, of recommendations 0.75), and of six that are expected there is none once in 400 questions."""
PASSIVES, WORST = (7, 8), (0, 4)
ENOUGH = 20
"""Answers of the mark next to an end that nobody gave, from which that is strange."""
LOOKED_AT = 2_000
"""Answers of all parts of a list, which mostly show every mark."""
OF_STEPS, OF_NPS = 4, 10
"""How far apart the ends of a scale are, at least, of which people use every mark, and of that of NPS."""
WORDS, MIDDLE, BETWEEN_ENDS = "as-words-say", (3, 3), (2, 4)
"""Where the scale of words is from, and what everyday scales of four words, or of two, lack of five steps: it is mentioned."""
KPIS = {"csat": ("csat*", "successful_resolution_rate"), "ces": ("ces*",), "nps": ("nps*",)}
OF_REVIEWS = ("review_rating*", "review_stars_*")
Gap = tuple[int, int]


def marks_taken_out(
    answers: Facts | None,
    reviews: Facts | None = None,
    evidence: Mapping[str, Message | None] | None = None,
    pictured: Collection[str] = (),
) -> Iterator[Finding]:
    """The findings on questions, and on reviews, some marks of which nobody gave, with answers below and above them.

    Args:
        answers: with their scores.
        reviews: with their ratings.
        evidence: by question where its scale is from.
        pictured: the questions whose headers show each mark that they offer.
    """
    of_words = {question for question, known in (evidence or {}).items() if known is not None and known.key == WORDS}
    needs = {"question", "score", "scale_low", "scale_high"}
    if answers is not None and needs <= set(answers.frame.columns):
        own = answers.frame.filter(~pl.col("question").is_in([*pictured])) if pictured else answers.frame
        yield from _of_answers(own, of_words)
    if reviews is not None and "rating_of_5" in reviews.frame.columns:
        yield from _of_reviews(reviews.frame["rating_of_5"])


def _of_answers(answers: pl.DataFrame, of_words: set[str]) -> Iterator[Finding]:
    every = answers.height // LOOKED_AT
    if every > 1 and not any(_found(answers.gather_every(every), of_words)):  # mostly so, and quickly found
        return
    for question, count, (first, last), is_end in _found(answers, of_words):
        is_of_words = question in of_words and not is_end and (first, last) in (MIDDLE, BETWEEN_ENDS)
        message = _message(question, count, first, last, is_end=is_end, is_of_words=is_of_words)
        is_sure = question == "nps" and count >= SURELY and first < last
        follows = Consequence.NO_VALUE if is_sure else Consequence.NO_VERDICT
        follows = Consequence.NOTED if is_end or is_of_words else follows
        yield Finding(
            code=CODE, message=message, kpis=KPIS[question], is_serious=not is_of_words, consequence=follows
        )  # fmt: skip


def _message(question: str, count: int, first: int, last: int, *, is_end: bool, is_of_words: bool) -> Message:
    about: dict[str, Given] = {"question": question, "count": count, "first": first}
    if is_end:
        return Message("end-taken-out", **about) if first == last else Message("ends-taken-out", **about, last=last)
    if is_of_words and first == last:
        return Message("word-taken-out", question=question, count=count)
    if is_of_words:
        return Message("words-of-both-ends", question=question, count=count)
    if first == last:
        return Message("one-mark-taken-out", **about)
    if last == first + 1:
        return Message("marks-taken-out", **about, last=last)
    return Message("many-marks-taken-out", **about, last=last)


def _of_reviews(ratings: pl.Series) -> Iterator[Finding]:
    """The finding on stars that no review has, though many have the next on both sides."""
    every = len(ratings) // LOOKED_AT
    if every > 1 and ratings.gather_every(every).drop_nulls().n_unique() >= OF_STEPS + 1:
        return
    counts = ratings.drop_nulls().value_counts()
    given = {int(stars): count for stars, count in counts.iter_rows() if stars == int(stars)}
    count = sum(given.values())
    if count < FEWEST or len(given) < max(MARKS, counts.height) or (gap := _gap(given)) is None:
        return
    about = {"count": count, "first": gap[0]}
    message = Message("stars-taken-out", **about)
    if gap[0] != gap[1]:
        message = Message("more-stars-taken-out", **about, last=gap[1])
    yield Finding(code=CODE, message=message, kpis=OF_REVIEWS, is_serious=True, consequence=Consequence.NO_VERDICT)


def _found(answers: pl.DataFrame, of_words: set[str]) -> Iterator[tuple[str, int, Gap, bool]]:
    """The questions of some answers that lack marks, with how many answered, the marks, and whether they are at an end."""
    by = ["question", "score", "scale_low", "scale_high"]
    counts = answers.lazy().select(by).drop_nulls().group_by(by).len().collect()
    for question in KPIS:
        of_one = counts.filter(pl.col("question") == question)
        for (low, high), own in of_one.group_by("scale_low", "scale_high", maintain_order=True):
            marks = own.select("score", "len").iter_rows()
            given = {int(score): count for score, count in marks if score == int(score)}
            count = int(own["len"].sum())
            fewest = MARKS if question not in of_words else MARKS - 1
            if count < FEWEST or len(given) < max(fewest, own.height):
                continue
            if (missing := _missing(question, given, int(low), int(high))) is not None:
                yield question, count, missing, False
            elif (end := _end(question, given, int(low), int(high))) is not None:
                yield question, count, end, True


def _end(question: str, given: dict[int, int], low: int, high: int) -> Gap | None:
    """The lowest marks, where nobody gave them, though many gave the next; None where somebody did. That nobody gives the highest is no rarity."""
    if question == "nps":
        near = given.get(5, 0) + given.get(6, 0)
        is_cut = high == OF_NPS and near >= ENOUGH and not any(mark in given for mark in range(WORST[1] + 1))
        return WORST if is_cut else None
    if high - low != OF_STEPS:
        return None
    return (low, low) if low not in given and given.get(low + 1, 0) >= ENOUGH else None


def _missing(question: str, given: dict[int, int], low: int, high: int) -> Gap | None:
    """Marks side by side that are missing, with answers on both sides; None where there are none."""
    if question == "nps":
        pairs = [PASSIVES] if high == OF_NPS else []
    else:
        pairs = [(mark, mark + 1) for mark in range(low + 1, high - 1)] if high - low == OF_STEPS else []
    for pair in pairs:
        below = sum(count for mark, count in given.items() if mark < pair[0])
        above = sum(count for mark, count in given.items() if mark > pair[1])
        if not any(mark in given for mark in pair) and min(below, above) >= SIDE:
            return _whole(given, pair)
    return _gap(given) if high - low >= OF_STEPS else None


def _whole(given: dict[int, int], pair: Gap) -> Gap:
    """All marks side by side that are missing, of which two are."""
    return max(mark for mark in given if mark < pair[0]) + 1, min(mark for mark in given if mark > pair[1]) - 1


def _gap(given: dict[int, int]) -> Gap | None:
    """The one run of marks between others that is missing, where so many gave the next on both sides; None where there is none, or several."""
    marks = sorted(given)
    runs = [(below + 1, above - 1) for below, above in pairwise(marks) if above > below + 1]
    if len(runs) != 1:
        return None
    first, last = runs[0]
    return runs[0] if min(given[first - 1], given[last + 1]) >= NEAR else None
