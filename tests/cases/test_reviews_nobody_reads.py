"""Reviews that were rejected, hidden or wait to be looked at, and tickets that are not in the statistics, were counted."""

from pathlib import Path

import pytest
from small_reports import report_json, totals, written


@pytest.mark.parametrize(
    ("header", "no", "yes"),
    [
        ("Status", "Ej godkänd", "Godkänd"),
        ("Status", "Väntar på granskning", "Publicerad"),
        ("Moderering", "Avvisad", "Godkänd"),
        ("Dold", "Ja", ""),
        ("Offentlig", "Nej", "Ja"),
        ("Borttagen av Trustpilot", "Ja", "Nej"),
        ("Moderation status", "Pending", "Approved"),
        ("Skjult", "Ja", "Nei"),
        ("Publicerad", "Nej", "Ja"),
        ("Visning", "Dold", "Synlig"),
        ("Visibility", "Hidden", "Public"),
        ("Granskning", "Underkänd", "Godkänd"),
        ("Live", "No", "Yes"),
        ("Flagged as spam", "Yes", "No"),
        ("Publicerad", "", "2026-10-30"),
    ],
)
def test_only_what_is_read_counts(tmp_path: Path, header: str, no: str, yes: str) -> None:
    rows = [
        f"{n};2026-10-{n * n % 28 + 1:02} 09:{n % 60:02};{5 if n % 3 else 1};{yes if n % 3 else no}" for n in range(90)
    ]
    rows[1] = "1;2026-10-02 09:01;4;" + yes
    found = totals(
        report_json(written(tmp_path, "reviews", f"Review ID;Review date;Rating;{header}", *rows), "--period", "all")
    )
    assert found["review_rating"]["n"] == 60
    assert found["review_rating"]["value"] == pytest.approx((59 * 5 + 4) / 60)


def dated(folder: Path, header: str, day: str, blank: int) -> dict[str, object]:
    """Ninety reviews, the lowest of which have no day in a column: every `blank`-th of them, or all."""
    rows = [
        f"{n};2026-10-{n % 28 + 1:02} 09:{n % 60:02};{1 if n % blank == 0 else 5};{'' if n % blank == 0 else day}"
        for n in range(90)
    ]
    return totals(report_json(written(folder, "reviews", header, *rows), "--period", "all"))["review_rating"]


@pytest.mark.parametrize("column", ["Publiceringsdatum", "Published at", "Publication date", "Publiseringsdato"])
def test_reviews_without_the_day_on_which_the_others_were_published_do_not_count(tmp_path: Path, column: str) -> None:
    found = dated(tmp_path, f"Review ID;Review date;Rating;{column}", "2026-11-02", 3)
    assert (found["n"], found["value"]) == (60, 5)


@pytest.mark.parametrize(
    ("head", "day", "blank"),
    [
        ("Review ID;Review date;Rating;Publiceringsdatum", "", 3),
        ("Review ID;Review date;Rating;Shown on", "2026-11-02", 3),
    ],
)
def test_a_day_that_none_has_or_that_says_another_thing_leaves_them(
    tmp_path: Path, head: str, day: str, blank: int
) -> None:
    assert dated(tmp_path, head, day, blank)["n"] == 90


def test_the_day_on_which_a_few_were_published_somewhere_leaves_the_others(tmp_path: Path) -> None:
    rows = [f"{n};2026-10-{n % 28 + 1:02};{1 + n % 5};{'2026-11-02' if n % 9 == 0 else ''}" for n in range(90)]
    path = written(tmp_path, "reviews", "Recensions-ID;Recensionsdatum;Betyg;Publiceringsdatum", *rows)
    assert totals(report_json(path, "--period", "all"))["review_rating"]["n"] == 90


def test_the_day_of_publication_may_be_the_only_one(tmp_path: Path) -> None:
    rows = [f"{n};2026-10-{n % 28 + 1:02};{1 + n % 5};text" for n in range(60)]
    path = written(tmp_path, "reviews", "Review ID;Published at;Rating;Review", *rows)
    assert totals(report_json(path, "--period", "all"))["review_rating"]["n"] == 60


@pytest.mark.parametrize(
    "header",
    [
        *(
            "Med i statistik",
            "Räknas med i statistiken",
            "Telles med i statistikken",
            "Statistikgrundande",
            "Ska räknas",
            "Tas med",
        ),
        *("Ingår i rapport", "Included in KPI", "Should be counted", "Inngår i rapporten"),
    ],
)
def test_tickets_that_are_not_in_the_statistics_do_not_count(tmp_path: Path, header: str) -> None:
    rows = [
        f"{n};2026-10-{n * n % 28 + 1:02} {8 + n % 9:02}:{n % 60:02};Ny;{'Nej' if n % 4 == 0 else 'Ja'}"
        for n in range(80)
    ]
    path = written(tmp_path, "list", f"Ärendenummer;Skapad;Status;{header}", *rows)
    assert totals(report_json(path, "--period", "2026-10"))["tickets_created"]["value"] == 60


@pytest.mark.parametrize(
    "header", ["Felregistrerad", "Exkludera från rapport", "Ej med i statistiken", "Opened by mistake"]
)
def test_nor_do_those_that_were_registered_by_mistake_or_are_left_out_of_reports(tmp_path: Path, header: str) -> None:
    rows = [f"{n};2026-10-{n * n % 28 + 1:02} 08:{n % 60:02};Ny;{'Ja' if n % 4 == 0 else ''}" for n in range(80)]
    path = written(tmp_path, "list", f"Ärendenummer;Skapad;Status;{header}", *rows)
    assert totals(report_json(path, "--period", "2026-10"))["tickets_created"]["value"] == 60


@pytest.mark.parametrize("header", ["Ingår i avtal", "Inkluderad i SLA-avtal", "Used in article", "Rapporterad"])
def test_what_is_counted_in_something_else_counts(tmp_path: Path, header: str) -> None:
    rows = [f"{n};2026-10-{n * n % 28 + 1:02} 08:{n % 60:02};Ny;{'Nej' if n % 4 == 0 else 'Ja'}" for n in range(80)]
    path = written(tmp_path, "list", f"Ärendenummer;Skapad;Status;{header}", *rows)
    assert totals(report_json(path, "--period", "2026-10"))["tickets_created"]["value"] == 80
