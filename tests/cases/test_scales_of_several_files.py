"""Files of one header on different scales (1–5 in one, 1–10 in the other), pooled on the longer: the fives of the first were poor marks."""

from pathlib import Path

import pytest
from reported import Reported, reported

FIVE = [5, 4, 5, 4, 3, 5, 4, 5, 2, 5]
TEN = [10, 9, 8, 7, 10, 9, 3, 10, 8, 9]


def survey(folder: Path, *files: list[int], header: str = "CSAT", options: tuple[str, ...] = ()) -> Reported:
    paths = []
    for name, marks in zip("abc", files, strict=False):
        rows = [f"{name}{at};2026-03-{at + 1:02} 08:00;{mark}" for at, mark in enumerate(marks)]
        paths.append(folder / f"{name}.csv")
        paths[-1].write_text("\n".join([f"Svars-ID;Svarsdatum;{header}", *rows]), encoding="utf-8")
    return reported(*paths, *options, "--min-n", "1", period="2026-03")


@pytest.mark.parametrize("turned", [False, True])
def test_each_file_has_its_scale(tmp_path: Path, turned: bool) -> None:
    found = survey(tmp_path, *((TEN, FIVE) if turned else (FIVE, TEN)))
    assert found.value("csat") == (8 + 6) / 20
    assert "1–5" in found.finding_text("scales-apart")
    assert "1–10" in found.finding_text("scales-apart")


def test_two_months_on_five_steps_and_one_on_ten(tmp_path: Path) -> None:
    assert survey(tmp_path, FIVE, FIVE, TEN).value("csat") == (8 + 8 + 6) / 30


def test_five_and_seven_steps(tmp_path: Path) -> None:
    seven = [7, 6, 7, 5, 7, 6, 7, 7, 6, 7]
    found = survey(tmp_path, FIVE, seven)
    assert found.value("csat") == (8 + 9) / 20


@pytest.mark.parametrize("bad", [[5, 4, 5], [5, 9, 3, 2, 1, 1, 2], [10, 5, 4, 5]])
def test_what_may_be_chance_is_one_scale(tmp_path: Path, bad: list[int]) -> None:
    found = survey(tmp_path, bad, TEN)
    assert not found.finding_text("scales-apart")
    assert found.value("csat") == (6 + sum(mark > 8 for mark in bad)) / (10 + len(bad))


@pytest.mark.parametrize("top", [3, 4])
def test_a_scale_that_nobody_knows_alone_is_not_known_next_to_another(tmp_path: Path, top: int) -> None:
    five, few = [1, 2, 3, 4, 5, 5, 5, 4, 5, 5] * 3, [1, 2, 3, top, top] * 6
    found = survey(tmp_path, five, few)
    assert found.value("csat") is None
    assert "on an unknown scale" in found.finding_text("scales-apart")
    assert f"more than {top}" in found.finding_text("unknown-scale")
    assert survey(tmp_path, five, few, options=("--scale", "csat=1-5")).value("csat") is not None


def test_poor_marks_of_a_few_are_no_scale_of_their_own(tmp_path: Path) -> None:
    found = survey(tmp_path, FIVE, [3, 2, 1, 3, 2])
    assert found.value("csat") == 8 / 15
    assert not found.finding_text("scales-apart")


def test_a_scale_that_is_stated_holds_for_all(tmp_path: Path) -> None:
    for header, options in (("CSAT (1-10)", ()), ("CSAT", ("--scale", "csat=1-10"))):
        found = survey(tmp_path, FIVE, TEN, header=header, options=options)
        assert found.value("csat") == 6 / 20
        assert not found.finding_text("scales-apart")


def test_reviews_of_two_sites(tmp_path: Path) -> None:
    for name, ratings in (("g", FIVE), ("b", TEN)):
        rows = [f"{name}{at},{mark},2026-03-{at + 1:02},x" for at, mark in enumerate(ratings)]
        (tmp_path / f"{name}.csv").write_text("\n".join(["Review ID,Rating,Review date,Review", *rows]))
    found = reported(tmp_path / "g.csv", tmp_path / "b.csv", "--min-n", "1", period="2026-03")
    # On five steps the ten are the stars 5, 4.5, 4 and 3.5 of five.
    assert found.value("review_rating_5") == pytest.approx((sum(FIVE) + sum(TEN) / 2) / 20)
    assert "as 1–5" in found.finding_text("assumed-scale")


def test_a_recommendation_of_few_steps_is_no_zero_to_ten(tmp_path: Path) -> None:
    found = survey(tmp_path, FIVE, [10, 9, 10, 8, 9, 10, 7, 9, 10, 0], header="NPS")
    assert "nobody gave more than 5" in found.finding_text("unknown-scale")
    assert found.result("nps") is None or found.value("nps") is None or found.result("nps")["n"] == 10
