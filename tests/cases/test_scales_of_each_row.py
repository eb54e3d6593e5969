"""A column that gives each row's own scale, and ratings in words before and behind their number."""

from pathlib import Path

import pytest
from small_reports import findings, report_json, totals, written

MARKS = (4, 5, 2, 3, 5)


def reviews(folder: Path, header: str, of_five: str, of_ten: str) -> dict[str, object]:
    rows = [
        f"{300 + n};2026-01-{1 + n % 28:02d} 10:00;{MARKS[n % 5] * (1 + n % 2)};{of_ten if n % 2 else of_five}"
        for n in range(60)
    ]
    return report_json(
        written(folder, "reviews", f"Recensions-ID;Recensionsdatum;Betyg;{header}", *rows), "--period", "2026-01"
    )


@pytest.mark.parametrize(
    ("header", "of_five", "of_ten"),
    [
        ("Max", "5", "10"), ("Av", "av 5", "av 10"), ("Skala", "1-5", "1-10"), ("Out of", "5.0", "10.0"), ("Maks", "5 stjerner", "10 poeng"),
        ("Steg", "5-gradig", "10-gradig"), ("Möjliga poäng", "5", "10"),
    ],
)  # fmt: skip
def test_reviews_are_read_by_their_own_scale(tmp_path: Path, header: str, of_five: str, of_ten: str) -> None:
    found = totals(reviews(tmp_path, header, of_five, of_ten))
    assert found["review_rating_5"]["value"] == pytest.approx(19 / 5)


@pytest.mark.parametrize(("header", "one", "other"), [("Av", "Anna", "Bo"), ("Antal", "12", "3"), ("Rabatt", "5", "3")])
def test_another_column_is_no_scale(tmp_path: Path, header: str, one: str, other: str) -> None:
    document = reviews(tmp_path, header, one, other)
    assert "from the highest rating, 10" in "".join(findings(document, "assumed-scale"))


@pytest.mark.parametrize(
    ("header", "ends"), [("Max", ("5", "10")), ("Skala", ("1-5", "1-10")), ("Möjligt", ("5", "10"))]
)
def test_a_survey_on_two_scales_is_withheld(tmp_path: Path, header: str, ends: tuple[str, str]) -> None:
    rows = [f"{n};2026-01-{1 + n % 28:02d} 10:00;{MARKS[n % 5] * (1 + n % 2)};{ends[n % 2]}" for n in range(60)]
    lines = [f"Svars-ID;Svarsdatum;Hur nöjd är du med supporten?;{header}", *rows]
    document = report_json(written(tmp_path, "answers", *lines), "--period", "2026-01")
    [text] = findings(document, "scale-beside")
    assert f"`{header}`" in text
    assert totals(document)["csat"]["value"] is None


@pytest.mark.parametrize(
    "words",
    ["Rated {} out of 5 stars", "{} stjerner av 5", "Betyg: {} av 5", "{}.0 out of 5.0 stars", "Bedømt {} ud af 5 stjerner", "Score: {}/5", "Rating: {}"],
)  # fmt: skip
def test_a_rating_in_a_sentence(tmp_path: Path, words: str) -> None:
    rows = [f"{300 + n};2026-01-{1 + n % 28:02d} 10:00;{words.format(MARKS[n % 5])}" for n in range(60)]
    document = report_json(
        written(tmp_path, "reviews", "Recensions-ID;Recensionsdatum;Betyg", *rows), "--period", "2026-01"
    )
    assert totals(document)["review_rating_5"]["value"] == pytest.approx(19 / 5)
    rows = [f"{n};2026-01-{1 + n % 28:02d} 10:00;{words.format(MARKS[n % 5])}" for n in range(60)]
    lines = ["Svars-ID;Svarsdatum;Hur nöjd är du med supporten?", *rows]
    assert totals(report_json(written(tmp_path, "answers", *lines), "--period", "2026-01"))["csat"][
        "value"
    ] == pytest.approx(0.6)
