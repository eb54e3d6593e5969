"""Ratings in words and numbers on any scale, and the words that are none."""

import polars as pl
import pytest

from kpi_core.ingest.cells.scores.scores import Scale, ratings, scored, sniff_scores

Scored = tuple[float | None, float | None, float | None]


def scores(
    cells: list[str | None],
    scale: tuple[float, float] | None = None,
    words: dict[str, float] | None = None,
    *,
    yes_no: bool = False,
) -> list[Scored]:
    """Each cell's score and the two ends of its scale."""
    column = pl.Series("cell", cells, dtype=pl.String)
    reading = sniff_scores(column, scale=scale, words=words or {}, yes_no=yes_no)
    found = scored(column, reading).select("score", "low", "high")
    return [row if row[0] is not None else (None, None, None) for row in found.rows()]


def is_silent(cell: str) -> bool:
    """Whether a cell says that there is no score."""
    column = pl.Series([cell])
    return bool(scored(column, sniff_scores(column, scale=(1, 10), words={}))["silent"].item())


@pytest.mark.parametrize(
    ("cells", "scale", "expected"),
    [
        (["Good", "Bad"], None, [(2, 1, 2), (1, 1, 2)]),
        (["Very satisfied", "neutral", "VERY DISSATISFIED"], None, [(5, 1, 5), (3, 1, 5), (1, 1, 5)]),
        (["Mycket nöjd", "Missnöjd", "Varken eller"], None, [(5, 1, 5), (2, 1, 5), (3, 1, 5)]),
        (["Svært fornøyd", "Misfornøyd"], None, [(5, 1, 5), (2, 1, 5)]),
        (["Extremely satisfied", "Mostly satisfied", "Slightly dissatisfied"], None, [(7, 1, 7), (6, 1, 7), (3, 1, 7)]),
        (["4", "5.0", "1"], (1, 5), [(4, 1, 5), (5, 1, 5), (1, 1, 5)]),
        (["4,5", "10 Svært fornøyd", "1 - dårlig"], (1, 10), [(4.5, 1, 10), (10, 1, 10), (1, 1, 10)]),
        (["9", "10"], None, [(9, 1, 10), (10, 1, 10)]),
        (["0", "11", "-1", "6"], (0, 5), [(0, 0, 5), (None, 0, 5), (None, 0, 5), (None, 0, 5)]),
        ([None, ""], (1, 5), [(None, 1, 5), (None, 1, 5)]),
    ],
)
def test_a_rating_is_a_score_on_its_scale(
    cells: list[str | None], scale: tuple[float, float] | None, expected: list[Scored]
) -> None:
    found = scores(cells, scale)
    assert [row[0] for row in found] == [row[0] for row in expected]
    given = [row for row in found if row[0] is not None]
    assert given == [row for row in expected if row[0] is not None]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (
            ["1 - Svært fornøyd", "2 - Fornøyd", "4 - Misfornøyd", "6 - Ikke relevant"],
            [(5, 1, 5), (4, 1, 5), (2, 1, 5), None],
        ),
        (
            ["0 = Mycket lätt", "1 = Lätt", "2 = Svårt", "3 = Mycket svårt"],
            [(3, 0, 3), (2, 0, 3), (1, 0, 3), (0, 0, 3)],
        ),
        (
            ["1 Svært fornøyd", "2", "5", "6 Svært misfornøyd", "9 Vet ikke"],
            [(6, 1, 6), (5, 1, 6), (2, 1, 6), (1, 1, 6), None],
        ),
        (["1. Erittäin tyytyväinen", "5. Erittäin tyytymätön", "En osaa sanoa"], [(5, 1, 5), (1, 1, 5), None]),
        (["1 - Meget utilfreds", "5 - Meget tilfreds"], [(1, 1, 5), (5, 1, 5)]),
        (["1 - Svært fornøyd", "3"], [None, None]),
        (["1 - Svært fornøyd", "3", "5"], [None, None, None]),
    ],
)
def test_numbers_that_run_against_their_words_are_turned_round(
    cells: list[str | None], expected: list[Scored | None]
) -> None:
    assert scores(cells) == [(None, None, None) if row is None else row for row in expected]


def test_turned_numbers_say_which_way_is_better_and_stay_where_that_is_declared() -> None:
    cells = pl.Series(["1 - Mycket lätt", "2 - Lätt", "5 - Mycket svårt"])
    assert sniff_scores(cells, scale=None, words={}).direction == "higher"
    result = sniff_scores(cells, scale=None, words={}, direction="lower")
    assert (result.words, result.direction) == ({}, None)


def test_words_and_numbers_in_one_column_keep_a_scale_each() -> None:
    assert scores(["Good", "Bad", "4", "Offered"], (1, 5))[:3] == [(2, 1, 2), (1, 1, 2), (4, 1, 5)]


def test_words_that_are_not_read_name_no_other_scale_that_they_fit() -> None:
    cells = pl.Series([*map(str, range(11)), "Somewhat satisfied"])
    reading = sniff_scores(cells, scale=None, words={}, usual=(0, 10))
    assert (reading.words, reading.others, reading.doubt, reading.scale) == ({}, (), None, (0, 10))


def test_a_word_is_compared_whole_and_never_by_a_part_of_it() -> None:
    found = scores(["Nöjd", "Missnöjd", "Ganska nöjd men trött"])
    assert [row[0] for row in found] == [4, 2, None]


@pytest.mark.parametrize(
    ("cell", "score"),
    [("Ja", 1), ("Nej", 0), ("nei", 0), ("Y", 1), ("1", 1), ("0", 0), ("true", 1), ("2", None), ("maybe", None)],
)
def test_yes_is_one_and_no_is_none(cell: str, score: float | None) -> None:
    assert scores(["Yes", "No", cell], yes_no=True)[2][0] == score


@pytest.mark.parametrize(
    ("cells", "scale", "expected"),
    [
        (["Good", "Splendid"], None, [(2, 1, 2), None]),
        (["Nöjd", "Toppen"], None, [(4, 1, 5), None]),
        (["Splendid", "Toppen"], None, [None, None]),
        (["Good", "Fornøyd", "Superduper"], None, [(2, 1, 2), (4, 1, 5), None]),
        (["Good", "Came late", "No answer for days"], None, [None, None, None]),
        (["Agree", "Splendid"], (1, 7), [(6, 1, 7), None]),
    ],
)
def test_a_known_word_is_read_next_to_one_that_nobody_knows(
    cells: list[str | None], scale: tuple[float, float] | None, expected: list[Scored | None]
) -> None:
    found = scores(cells, scale)
    assert [row[0] for row in found] == [None if row is None else row[0] for row in expected]
    assert [row for row in found if row[0] is not None] == [row for row in expected if row is not None]


def test_a_lone_known_word_names_the_other_scales_that_have_it() -> None:
    others, alone = (
        sniff_scores(pl.Series(cells), scale=None, words={}) for cells in (["Agree", "Splendid"], ["Agree"])
    )
    assert others.others == alone.others
    assert "agreement in seven steps" in others.others
    assert sniff_scores(pl.Series(["Agree", "Splendid"]), scale=(1, 7), words={}).others == ()


def test_a_mappings_own_words_go_before_those_that_are_known() -> None:
    assert scores(["Good", "Meh", "Bad"], (1, 3), {"Good": 3, "Meh": 2, "Bad": 1}) == [(3, 1, 3), (2, 1, 3), (1, 1, 3)]


@pytest.mark.parametrize(
    "cell", ["Vet ikke", "98 Vet ikke", "6 - Don't know", "NOT RELEVANT", "Offered", "9. Ej relevant"]
)
def test_who_does_not_know_gives_no_score_though_a_number_stands_before_it(cell: str) -> None:
    assert is_silent(cell)
    assert scores([cell, "3"], (1, 10))[0][0] is None


@pytest.mark.parametrize("cell", ["5", "Good", "Vet", "11"])
def test_a_score_is_not_taken_for_none(cell: str) -> None:
    assert not is_silent(cell)


@pytest.mark.parametrize("scale", ratings().scales, ids=lambda scale: scale.name)
@pytest.mark.parametrize("spelling", [0, -1])
def test_a_column_that_uses_every_step_of_a_scale_is_on_that_scale(scale: Scale, spelling: int) -> None:
    steps = [step.split("|")[spelling].strip() for step in scale.steps]
    apart = (scale.high - scale.low) / (len(steps) - 1)
    marks = scale.marks or [scale.low + place * apart for place in range(len(steps))]
    needed = [word for word in scale.only_with.split("|") if word]
    beside = [] if {word.casefold() for word in needed} & {step.casefold() for step in steps} else needed[:1]
    found = scores([*steps, steps[0].upper(), *beside])[: len(steps) + 1]
    assert found == [(mark, scale.low, scale.high) for mark in (*marks, marks[0])]


def test_ease_in_words_says_which_way_is_better() -> None:
    assert sniff_scores(pl.Series(["Very easy", "Difficult"]), scale=None, words={}).direction == "higher"
    assert sniff_scores(pl.Series(["Good"]), scale=None, words={}).direction is None
