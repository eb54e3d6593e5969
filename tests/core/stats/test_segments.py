"""Whether segments answer alike, and a share as it would be if they did."""

import math
import random

import pytest
from scipy import stats

from kpi_core.stats.intervals import wilson
from kpi_core.stats.p_values import chi_square_tail
from kpi_core.stats.segments import Segment, large, p_of_evenness, shift, weighted_share


def segment(name: str, asked: int, answered: int, rated: int = 0, satisfied: int = 0) -> Segment:
    return Segment(name=name, asked=asked, answered=answered, rated=rated, satisfied=satisfied)


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 7, 10, 49, 200, 1001])
@pytest.mark.parametrize("ratio", [0.01, 0.5, 1.0, 1.3, 2.0, 5.0])
def test_the_tail_of_chi_square_is_scipys(freedom: int, ratio: float) -> None:
    statistic = freedom * ratio
    assert chi_square_tail(statistic, freedom) == pytest.approx(stats.chi2.sf(statistic, freedom), rel=1e-9, abs=1e-300)


def test_no_difference_at_all_is_no_sign_of_one() -> None:
    assert chi_square_tail(0.0, 3) == 1.0
    assert p_of_evenness([segment("mail", 100, 20), segment("chat", 50, 10)]) == pytest.approx(1)


def test_the_test_is_pearsons() -> None:
    draw = random.Random(7)
    for _ in range(50):
        rows = [segment(str(place), asked, draw.randint(10, asked - 10)) for place in range(draw.randint(2, 8))
                for asked in [draw.randint(60, 900)]]  # fmt: skip
        table = [[one.answered for one in rows], [one.asked - one.answered for one in rows]]
        assert p_of_evenness(rows) == pytest.approx(
            stats.chi2_contingency(table, correction=False).pvalue, rel=1e-7, abs=1e-300
        )


def test_segments_too_small_for_it_are_taken_together_or_left_out() -> None:
    # A fifth answers: 25 asked are the fewest of whom five answers are expected.
    rows = large([segment("mail", 400, 80), segment("a", 15, 3), segment("b", 12, 2), segment("chat", 25, 6)])
    assert [(one.name, one.asked, one.answered) for one in rows] == [
        ("mail", 400, 80),
        ("chat", 25, 6),
        ("others", 27, 5),
    ]
    assert [one.name for one in large([segment("mail", 400, 80), segment("a", 15, 3)])] == ["mail"]
    assert p_of_evenness([segment("mail", 400, 80), segment("a", 15, 3)]) is None


@pytest.mark.parametrize("answered", [0, 100])
def test_where_nobody_or_everybody_answers_nothing_can_be_uneven(answered: int) -> None:
    rows = [segment("mail", 100, answered), segment("chat", 100, answered)]
    assert p_of_evenness(rows) is None
    assert shift(rows) == 0


def test_the_shift_is_the_share_of_answers_that_lie_elsewhere() -> None:
    # 100 chats and 400 mails asked; 40 and 20 answers. Chat is a fifth of those asked and two thirds of the answers.
    assert shift([segment("chat", 100, 40), segment("mail", 400, 20)]) == pytest.approx(2 / 3 - 1 / 5)


def test_the_weighted_share_by_hand() -> None:
    # 0.2 × 36 ÷ 40 + 0.8 × 10 ÷ 20 = 0.58, where 46 of 60 are 0.767.
    rows = [segment("chat", 100, 40, 40, 36), segment("mail", 400, 20, 20, 10)]
    found = weighted_share(rows, 0.95)
    assert found is not None
    assert (found.value, found.n) == (pytest.approx(0.58), 60)
    (low1, high1), (low2, high2) = wilson(36, 40, 0.95), wilson(10, 20, 0.95)
    assert found.low == pytest.approx(0.58 - math.hypot(0.2 * (0.9 - low1), 0.8 * (0.5 - low2)))
    assert found.high == pytest.approx(0.58 + math.hypot(0.2 * (high1 - 0.9), 0.8 * (high2 - 0.5)))


def test_segments_that_answer_alike_weigh_nothing() -> None:
    rows = [segment("chat", 100, 50, 50, 30), segment("mail", 400, 200, 200, 140)]
    found = weighted_share(rows, 0.95)
    assert found is not None
    assert found.value == pytest.approx(170 / 250)


def test_segments_with_few_ratings_are_one() -> None:
    rows = [segment("chat", 100, 40, 40, 36), segment("a", 50, 4, 4, 1), segment("b", 50, 6, 6, 3)]
    found = weighted_share(rows, 0.95)
    assert found is not None
    assert found.value == pytest.approx(0.5 * 0.9 + 0.5 * 0.4)


@pytest.mark.parametrize(
    "expected",
    [
        [segment("chat", 100, 40, 40, 36)],
        [segment("chat", 100, 40, 40, 36), segment("mail", 400, 20)],
        [segment("chat", 100, 4, 4, 3), segment("mail", 400, 5, 5, 3)],
        [],
    ],
    ids=["one", "unrated", "few", "none"],
)
def test_nothing_is_reported_of_those_nobody_heard(expected: list[Segment]) -> None:
    assert weighted_share(expected, 0.95) is None


def test_the_weighted_share_covers_the_truth_as_often_as_it_says() -> None:
    draw, covered, rounds = random.Random(11), 0, 600
    truth = 0.25 * 0.9 + 0.75 * 0.6
    for _ in range(rounds):
        chat = sum(draw.random() < 0.9 for _ in range(80))
        mail = sum(draw.random() < 0.6 for _ in range(60))
        found = weighted_share([segment("chat", 250, 80, 80, chat), segment("mail", 750, 60, 60, mail)], 0.95)
        assert found is not None
        assert found.low is not None
        assert found.high is not None
        covered += found.low <= truth <= found.high
    assert covered / rounds == pytest.approx(0.95, abs=0.025)
