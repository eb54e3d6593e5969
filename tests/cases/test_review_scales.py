"""Guards: the scale of reviews taken for granted: a die of six throws read as a scale of ten, ratings written as `4/5` or in
stars refused, an option for a survey's scale that reviews do not obey.
"""

from collections.abc import Sequence
from pathlib import Path

import pytest
from small_surveys import report, texts_of, values


def reviews(folder: Path, cells: Sequence[object], header: str = "Rating") -> Path:
    """A list of reviews, one a day."""
    rows = [f"{place};2026-03-{1 + place % 28:02d};{cell}" for place, cell in enumerate(cells)]
    (folder / "reviews.csv").write_text("\n".join([f"Review ID;Review date;{header}", *rows, ""]), encoding="utf-8")
    return folder / "reviews.csv"


@pytest.mark.parametrize(
    ("header", "cells", "options", "of_five", "n"),
    [
        ("Rating", [6, 5, 4, 3, 2, 1], (), 3.5 / 6 * 5, 6),
        ("Terningkast", [5, 4, 3], (), 4 / 6 * 5, 3),
        ("Karakter (1-6)", [5, 4, 3], (), 4 / 6 * 5, 3),
        ("Vurdering", ["Terningkast 5", "Terningkast 3"], (), 4 / 6 * 5, 2),
        ("Rating", [5, 4, 3], ("--scale", "rating=1-6"), 4 / 6 * 5, 3),
        ("Rating (out of 10)", [5, 4], (), 2.25, 2),
        ("Rating", [10, 8, 3], (), 3.5, 3),
        ("Rating", [6, 5, 4, 3, 2, 1], ("--scale", "rating=1-10"), 1.75, 6),
        ("Betyg (1 = bäst, 5 = sämst)", [1, 2, 5], (), 10 / 3, 3),
        ("Rating", [1, 2, 5], ("--direction", "rating=lower"), 10 / 3, 3),
        ("Rating", ["4/5", "5/5", "3/5"], (), 4.0, 3),
        ("Rating", ["8/10", "10/10"], (), 4.5, 2),
        ("Rating", ["4 of 5", "3 out of 5 stars"], (), 3.5, 2),
        ("Vurdering", ["4 av 5", "5 av 5"], (), 4.5, 2),
        ("Rating", ["4/5", "8/10"], (), 4.0, 2),
        ("Rating", ["4.5/5", "3,5/5"], (), 4.0, 2),
        ("Rating", ["★★★★☆", "★★☆☆☆"], (), 3.0, 2),
        ("Rating", ["★★★★", "★★★½", "★"], (), 8.5 / 3, 3),
        ("Rating", ["5 stars", "4.5 stars"], (), 4.75, 2),
        ("Rating", [0.5, 4.5, 4.0], (), 3.0, 3),
    ],
)
def test_a_rating_is_read_with_its_scale(
    tmp_path: Path, header: str, cells: list[object], options: tuple[str, ...], of_five: float, n: int
) -> None:
    """Worked out by hand: the mean of the ratings over their highest, of five."""
    document = report(reviews(tmp_path, cells, header), *options)
    assert values(document)["review_rating_5"] == (pytest.approx(of_five), n)
    (source,) = document["sources"]
    assert (source["rows_read"], source["rows_refused"]) == (n, {})


@pytest.mark.parametrize(
    ("header", "cells", "options", "says"),
    [
        ("Rating", [6, 5, 4], (), "taken from the highest rating, 6, as 1–6"),
        ("Rating", [4, 3], (), "taken from the highest rating, 4, as 1–5"),
        ("Terningkast", [5, 4], (), "on the scale 1–6, as the header says"),
        ("Rating", [5, 4], ("--scale", "rating=1-6"), "on the scale 1–6, as --scale says"),
    ],
)
def test_the_scale_that_is_taken_is_reported(
    tmp_path: Path, header: str, cells: list[int], options: tuple[str, ...], says: str
) -> None:
    """With what it is known from, and in numbers that are in the file."""
    assert says in texts_of(report(reviews(tmp_path, cells, header), *options), "assumed-scale")[0]


@pytest.mark.parametrize(("header", "cells"), [("Rating", [5] * 60 + [6]), ("Rating (1-5)", [5, 4, 7]), ("Rating (1 = best, 5 = excellent)", [5, 4])])  # fmt: skip
def test_ratings_in_doubt_give_no_figure_and_name_the_way_out(tmp_path: Path, header: str, cells: list[int]) -> None:
    """A six among fives is a slip or a die; a header that its ratings contradict is none."""
    document = report(reviews(tmp_path, cells, header))
    assert "review_rating" not in values(document)
    (text,) = texts_of(document, "unknown-scale")
    assert "pass --scale rating=" in text or "pass --direction rating=" in text


def test_an_option_that_changes_nothing_is_reported(tmp_path: Path) -> None:
    """Each review names its scale."""
    document = report(reviews(tmp_path, ["4/5", "3/5"]), "--scale", "rating=1-10")
    assert values(document)["review_rating_5"] == (3.5, 2)
    assert "changes nothing" in texts_of(document, "unused-scale")[0]


@pytest.mark.parametrize(
    ("cells", "options", "low", "high", "low_of_5"),
    [
        ([1, 5, 1, 3], (), 1, 5, 1),
        ([1, 6, 1, 4], ("--scale", "rating=1-6"), 1, 6, 5 / 6),
        ([0, 10, 1, 4], ("--scale", "rating=0-10"), 0, 10, 0),
        ([1, 10, 1, 4], ("--scale", "rating=1-10"), 1, 10, 0.5),
        ([0.5, 5, 0.5, 3], (), 0.5, 5, 0.5),
        ([2, 100, 0, 51], (), 0, 100, 0),
        (["1/5", "5/5", "1/5", "3/5"], (), 1, 5, 1),
    ],
)
def test_no_interval_reaches_below_the_lowest_rating(
    tmp_path: Path, cells: list[object], options: tuple[str, ...], low: float, high: float, low_of_5: float
) -> None:
    found = {result["kpi"]: result for result in report(reviews(tmp_path, cells), *options)["results"]}
    outcome = found["review_rating"]
    assert outcome["low"] == pytest.approx(low)
    assert outcome["high"] <= high
    assert found["review_rating_5"]["low"] == pytest.approx(low_of_5)


def _of_sites(folder: Path, ratings: Sequence[tuple[str, int]], header: str = "Rating") -> Path:
    rows = [f"{at};2026-03-{at:02d};{site};{mark}" for at, (site, mark) in enumerate(ratings, 1)]
    (folder / "sites.csv").write_text("\n".join([f"Review ID;Review date;Platform;{header}", *rows, ""]), encoding="utf-8")  # fmt: skip
    return folder / "sites.csv"


@pytest.mark.parametrize("sites", [("Google", "Booking"), ("Trustpilot", "Booking.com"), ("Google Maps", "Prisjakt")])
def test_sites_rate_on_scales_of_their_own(tmp_path: Path, sites: tuple[str, str]) -> None:
    five, ten = sites
    document = report(_of_sites(tmp_path, [(five, 5), (five, 5), (ten, 10), (ten, 8)]), kpi="review_rating_5")
    assert values(document)["review_rating_5"] == (4.75, 4)
    assert texts_of(document, "assumed-scale")


@pytest.mark.parametrize(("header", "value"), [("Rating", None), ("Rating (1-10)", 3.4)])
def test_sites_that_nobody_knows_may_rate_on_different_scales(tmp_path: Path, header: str, value: float | None) -> None:
    ratings = [("Ours", 5), ("Ours", 5), ("Ours", 5), ("Theirs", 9), ("Theirs", 10)]
    found = values(report(_of_sites(tmp_path, ratings, header), kpi="review_rating_5"))["review_rating_5"]
    assert found == (value, 5)


def test_few_bad_ratings_of_a_site_show_no_scale(tmp_path: Path) -> None:
    ratings = [("Ours", 4), ("Theirs", 9), ("Theirs", 10), ("Theirs", 8)]
    assert values(report(_of_sites(tmp_path, ratings), kpi="review_rating_5"))["review_rating_5"][0] is not None
