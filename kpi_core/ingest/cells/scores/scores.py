"""Ratings in words, pictures or numbers, on whatever scale: every cell becomes a score with its scale, or is unreadable.

`Very satisfied`, `Mycket nöjd`, `10 Svært fornøyd`, `4`, `4 out of 5`, `★★★☆☆` are scores; `Vet ikke`, `Offered` and a 99 on
five steps are none; an unknown word is unreadable, never guessed from a part of it.
"""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from kpi_core.ingest.cells.scores.label_order import ends_by_labels, runs_against, turned, words_behind
from kpi_core.ingest.cells.scores.rating_words import Scale, known_words, no_opinions, normal_word, ratings
from kpi_core.ingest.cells.scores.scales import Ends, NumericScale, codes_outside, scale_of
from kpi_core.ingest.cells.scores.score_cells import are_stars, shaped
from kpi_core.ingest.cells.scores.worded_scales import candidates
from kpi_core.ingest.cells.scores.yes_and_no import yes_and_no
from kpi_core.messages.message import Message
from kpi_core.records import dataclass

__all__ = ["Scale", "ScoreReading", "ratings", "scored", "sniff_scores", "understand"]

Steps = tuple[float, float, float]
"""A score and the ends of its scale."""
YES_OR_NO = (0.0, 1.0)
BY_ANSWERS, BY_WORDS, USUAL = Message("as-answers-show"), Message("as-words-say"), Message("usual-for-question")
"""Where a scale is from."""
ONE_OR_TWO = Message("yes-no-as-one-two")
NO_TRUTH = Message("not-yes-or-no")
"""Why a scale is not known."""
SLIPS = 0.05
"""The share of numbers that may be slips of the hand."""


@dataclass(frozen=True, kw_only=True)
class ScoreReading:
    """How a rating column is read.

    `words` give score and scale by word, as words are compared; numbers are on `scale` (None: there are none, or `doubt`
    says why it is not known). `codes` are the numbers that are no answers, `labels` the unknown words that stand behind
    numbers as their names. `direction` is set where the words themselves say it. `others` are further scales that have the
    words too. `evidence` says where the scale is from. `is_turned`: the lowest number is the best; `is_contradicted`: words
    say otherwise of themselves. `has_stars`: asterisks are stars.
    """

    words: Mapping[str, tuple[float, float, float]]
    scale: Ends | None
    direction: str | None = None
    others: tuple[str, ...] = ()
    codes: frozenset[float] = frozenset()
    labels: frozenset[str] = frozenset()
    doubt: Message | None = None
    evidence: Message | None = None
    is_turned: bool = False
    is_contradicted: bool = False
    has_stars: bool = False


def sniff_scores(
    sample: pl.Series, *, scale: Ends | None, words: Mapping[str, float], yes_no: bool = False,
    direction: str | None = None, usual: Ends | None = None,
) -> ScoreReading:  # fmt: skip
    """How a column is read whose cells, as text, are these (see `understand`)."""
    counted = sample.drop_nulls().alias("text").to_frame().group_by("text").len()
    return understand(counted, scale=scale, words=words, yes_no=yes_no, direction=direction, usual=usual)


def understand(
    counted: pl.DataFrame, *, scale: Ends | None, words: Mapping[str, float], yes_no: bool = False,
    direction: str | None = None, usual: Ends | None = None, known_codes: frozenset[float] = frozenset(),
    is_turned: bool = False, turns_words: bool = False,
) -> ScoreReading:  # fmt: skip
    """Decides what the words and numbers of a column mean.

    Args:
        counted: its different cells, clean (`text`), and how often each occurs (`len`).
        scale: the scale the mapping, the header or the user declares for numbers, and for the mapping's own words.
        words: the mapping's own words and their scores; they go before the shipped ones.
        yes_no: whether the question is answered yes or no.
        direction: which way of the numbers is known to be better. Where it is `lower`, numbers that run against their
            words stay as they are; else they are turned round.
        usual: the scale that the question is usually asked on.
        known_codes: numbers that the user says are no answers.
        is_turned: whether the lowest number is stated to be the best. Words that run against their numbers say so too.
        turns_words: whether yes and no change places with the numbers.
    """
    cells = counted.hstack(shaped(counted["text"]).drop("text"))
    if has_stars := are_stars(cells):
        cells = cells.with_columns_seq(stars=pl.coalesce("stars", "asterisks"))
    seen = set(cells["word"].to_list())
    own = {normal_word(word): score for word, score in words.items()}
    against, better = turned(cells, scale) if direction != "lower" else ({}, None)
    reading = dict(against)
    known, others, doubt = candidates(_worded(cells) - set(own), scale)
    for candidate in known:
        steps = candidate.words()
        if not any(word in reading for word in steps):
            reading.update({word: (score, *candidate.ends) for word, score in steps.items()})
            better = better or candidate.direction
    if doubt:
        unsure = {word for candidate in known for word in candidate.words()}
        reading = {word: steps for word, steps in reading.items() if word not in unsure}
        others = ()  # nothing is read by any of them, whatever the numbers may settle
    if own:
        low, high = scale or (min(own.values()), max(own.values()))
        reading.update({word: (score, low, high) for word, score in own.items()})
    is_turned = is_turned and not against
    if is_turned:
        reading = {word: (low + high - score if turns_words or word in own else score, low, high) for word, (score, low, high) in reading.items()}  # fmt: skip
    if yes_no:
        reading, scale, doubt = _as_truths(reading, cells, scale, is_turned=is_turned)
    found = ScoreReading(words=reading, scale=scale, direction=better, others=others, doubt=doubt, codes=known_codes,
                         labels=words_behind(cells), is_turned=is_turned, has_stars=has_stars)  # fmt: skip
    numbers = cells.filter(~pl.col("word").is_in([*reading, *no_opinions()]) & ~_is_silent_label())
    found = _with_numbers(found, numbers, {steps[1:] for word, steps in reading.items() if word in seen}, usual,
                          is_declared=direction is not None or is_turned, yes_no=yes_no)  # fmt: skip
    has_numbers = bool(_counted(numbers, found)) or (yes_no and cells["bare"].count() > 0)
    is_idle = is_turned and not (turns_words or own or has_numbers or not seen & reading.keys())
    return replace(
        found, is_contradicted=is_idle or (direction == "lower" and any(one.direction == "higher" for one in known))
    )


def _as_truths(
    reading: Mapping[str, Steps], cells: pl.DataFrame, scale: Ends | None, *, is_turned: bool
) -> tuple[dict[str, Steps], Ends | None, Message | None]:
    """What the words of a question mean that is answered by yes or no, and the scale of its numbers: each from 0 to 1.

    Two steps are no and yes whatever they are numbered; on more of them, or in words of another scale, nothing says yes.
    """
    truths = {word: _truth(*steps) for word, steps in reading.items() if steps[2] - steps[1] == 1}
    known = {
        word: (step, *YES_OR_NO)
        for entry in ratings().scales
        if entry.ends == YES_OR_NO
        for word, step in entry.words().items()
    }
    labelled = cells.drop_nulls("label").filter(pl.col("label").is_in(list(known)))
    truths |= {
        word: (step, *YES_OR_NO)
        for word, step in yes_and_no(cells.filter(~pl.col("word").is_in([*truths, *no_opinions()]))).items()
    }
    truths |= {word: known[label] for word, label in labelled.select("word", "label").iter_rows()}
    numbers = cells.drop_nulls("bare")
    if scale is not None and scale[1] - scale[0] == 1 and scale != YES_OR_NO:
        steps = [
            (word, scale[0] + scale[1] - bare if is_turned else bare)
            for word, bare in numbers.select("word", "bare").iter_rows()
        ]
        truths |= {word: _truth(step, *scale) for word, step in steps if scale[0] <= step <= scale[1]}
        return truths, YES_OR_NO, None
    is_longer = scale is not None and scale != YES_OR_NO
    is_strange = not truths and any(word in reading for word in cells["word"])
    if (is_longer and numbers.height) or is_strange:
        return truths, None, NO_TRUTH
    return truths, YES_OR_NO, None


def _beyond_truth(counts: Mapping[float, int]) -> Message | None:
    """Why numbers are no yes and no; None where they are 0 and 1, slips apart."""
    codes = codes_outside(counts, YES_OR_NO)
    beyond = {number: count for number, count in counts.items() if number > 1 and number not in codes}
    if not beyond or (0.0 in counts and sum(beyond.values()) <= SLIPS * sum(counts.values())):
        return None
    return ONE_OR_TWO if max(beyond) == 2 and 0.0 not in counts else NO_TRUTH


def _truth(step: float, low: float, high: float) -> Steps:
    return (step - low) / (high - low), *YES_OR_NO


def _with_numbers(
    reading: ScoreReading,
    numbers: pl.DataFrame,
    worded: set[Ends],
    usual: Ends | None,
    *,
    is_declared: bool,
    yes_no: bool,
) -> ScoreReading:
    """The reading with the scale that the numbers are on, as declared or as they show."""
    counts = _counted(numbers, reading)
    if not counts:
        return replace(reading, evidence=BY_WORDS if worded else None)
    if reading.doubt and yes_no:
        return reading
    if reading.scale is not None:
        if yes_no and (doubt := _beyond_truth(counts)):
            return replace(reading, scale=None, doubt=doubt)
        codes = codes_outside(counts, reading.scale) | reading.codes
        scaled = replace(reading, codes=codes)
    else:
        scaled = _inferred(reading, numbers, counts, worded, usual)
    pairs = numbers.drop_nulls("label").select("marked", "label")
    if not is_declared and scaled.scale is not None and (against := runs_against(pairs, scaled.scale)):
        return replace(scaled, scale=None, doubt=against)
    return scaled


def _inferred(
    reading: ScoreReading, numbers: pl.DataFrame, counts: Mapping[float, int], worded: set[Ends], usual: Ends | None
) -> ScoreReading:
    """The scale that nothing declares: what parts are of, what the words next to them name, else what the numbers show."""
    drawn = set(numbers["whole"].drop_nulls()) | set(numbers["room"].drop_nulls())
    inside = [number for number in counts if number not in codes_outside(counts, (0.0, max(drawn, default=0.0)))]
    if len(drawn) == 1 and max(inside) <= (high := drawn.pop()):
        low = 0.0 if high == 100 or (high >= 10 and 0.0 in counts) else 1.0
        return replace(
            reading,
            scale=(low, high),
            codes=codes_outside(counts, (low, high)) | reading.codes,
            evidence=BY_ANSWERS,
        )
    if drawn and not numbers["bare"].count():
        return replace(reading, doubt=Message("out-of-different"))
    named = ends_by_labels(numbers.drop_nulls("label").select("marked", "label"))
    for ends in [*([named] if named else []), *(worded if len(worded) == 1 else ())]:
        outside = codes_outside(counts, ends)
        if all(ends[0] <= number <= ends[1] or number in outside for number in counts):
            return replace(reading, scale=ends, codes=outside | reading.codes, evidence=BY_WORDS)
    found: NumericScale = scale_of(counts, usual)
    evidence = None if found.doubt else USUAL if usual else BY_ANSWERS
    return replace(reading, scale=found.ends, codes=found.codes | reading.codes, doubt=found.doubt, evidence=evidence)


def _counted(numbers: pl.DataFrame, reading: ScoreReading) -> dict[float, int]:
    """How often each number is given, those that the user says are no answers apart."""
    scored = numbers.with_columns_seq(number=_given(reading)).drop_nulls("number")
    counts = scored.group_by("number").agg(pl.col("len").sum())
    return {number: count for number, count in counts.iter_rows() if number not in reading.codes}


_GROUP = r"^(?:0 ?(?:[-–]|to|till?) ?6|7 ?(?:[-–]|to|till?) ?8|9 ?(?:[-–]|to|till?) ?10)$"
"""The groups of a recommendation: detractors, passives, promoters."""


def _worded(cells: pl.DataFrame) -> set[str]:
    """The cells that neither begin with a number nor are known to be no score, as words are compared; groups of marks (`0-6`) are words."""
    is_word = ~pl.col("word").str.contains(r"^[-\d]") | pl.col("word").str.contains(_GROUP)
    worded = cells.filter(is_word & pl.col("stars").is_null() & (pl.col("word") != ""))
    return set(worded["word"]) - no_opinions()


def _given(reading: ScoreReading) -> pl.Expr:
    """The number that a cell gives by its shape, whatever scale it is on; null for none."""
    label = pl.col("label")
    marked = pl.when(label.is_in([*known_words(), *reading.labels])).then("marked")
    return pl.coalesce("bare", marked, "part", "stars")


def _is_silent_label() -> pl.Expr:
    """Whether what stands behind a number says that it is no score: `98 Vet ikke`."""
    return pl.col("label").is_in(list(no_opinions())).fill_null(value=False)


def scored(cells: pl.Series, reading: ScoreReading) -> pl.DataFrame:
    """Each cell's `score` with the ends of its scale (`low`, `high`), and whether it says that there is none (`silent`),
    by a number or not (`is_code`); `is_number`: whether it gives a number, on whatever scale.

    `word` is the cell as words are compared. Neither is so of a cell that says something and cannot be read: a number outside the scale is, and so is one where the
    scale is not known. Nulls and empty cells are silent.
    """
    frame = shaped(cells)
    if reading.has_stars:
        frame = frame.with_columns_seq(stars=pl.coalesce("stars", "asterisks"))
    frame = frame.with_columns_seq(number=_given(reading), silent=_is_silent(reading))
    nothing = pl.lit(None, pl.Float64)
    found = {"score": nothing, "low": nothing, "high": nothing}
    if reading.scale is not None:
        low, high = reading.scale
        is_whole = (pl.col("whole").fill_null(high) == high) & (pl.col("room").fill_null(high) == high)
        is_read = pl.col("number").is_between(low, high) & is_whole & ~pl.col("silent")
        score = pl.when(is_read).then(low + high - pl.col("number") if reading.is_turned else pl.col("number"))
        found = {"score": score, "low": pl.lit(low), "high": pl.lit(high)}
    if reading.words:
        found = {name: pl.coalesce(_looked_up(reading, place), found[name]) for place, name in enumerate(found)}
    typed = frame.with_columns_seq(**found)
    silent = pl.col("silent") & pl.col("score").is_null()
    is_code = silent & pl.col("bare").is_not_null()
    return typed.select_seq(
        "score", "low", "high", "word", silent=silent, is_code=is_code, is_number=pl.col("number").is_not_null()
    )


def _is_silent(reading: ScoreReading) -> pl.Expr:
    """Whether a cell says that there is no score: `Vet ikke`, `98 Vet ikke`, a code that stands for it."""
    is_code = pl.col("bare").is_in(list(reading.codes)).fill_null(value=False)
    is_word = pl.col("word").is_in(["", *no_opinions()]).fill_null(value=True)
    return is_word | _is_silent_label() | is_code


def _looked_up(reading: ScoreReading, place: int) -> pl.Expr:
    # As fractions throughout: a scale may begin with a whole number and go on in halves.
    words = {word: float(value[place]) for word, value in reading.words.items()}
    return pl.col("word").replace_strict(words, default=None, return_dtype=pl.Float64)
