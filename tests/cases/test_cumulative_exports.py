"""Guards: an export taken again, of a survey without numbers, that counts the answers of the one before it twice."""

from pathlib import Path

import pytest
from small_surveys import report, texts_of, values

HEADERS = [
    "Tidstämpel,Hur nöjd är du med vår kundtjänst?,Kommentar",
    "Timestamp,How satisfied are you with our support?,Comment",
    "Svarsdatum,CSAT (1-5),Kommentar",
]


def lines(first: int, last: int, *, at: str = " 09:{:02d}:07") -> list[str]:
    return [f"2026-03-{1 + place % 9:02d}{at.format(place)},{(1, 5)[place % 2]},tack" for place in range(first, last)]


def written(path: Path, header: str, rows: list[str]) -> Path:
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return path


@pytest.mark.parametrize("header", HEADERS)
def test_what_a_later_export_holds_again_counts_once(tmp_path: Path, header: str) -> None:
    """20 of the 40 rows of the second are the first file; all are accounted for, and none counts as unreadable."""
    one = written(tmp_path / "one.csv", header, lines(0, 20))
    two = written(tmp_path / "two.csv", header, lines(0, 40))
    document = report(one, two)
    assert values(document)["csat"] == (0.5, 40)
    assert [source["rows_refused"] for source in document["sources"]] == [{}, {"also in another file": 20}]
    assert "20 rows" in texts_of(document, "repeated-keys")[0]
    assert not [one for one in document["results"] if one["kpi"] == "csat" and one.get("trust")]


@pytest.mark.parametrize("header", HEADERS)
def test_exports_that_overlap_count_the_overlap_once(tmp_path: Path, header: str) -> None:
    one = written(tmp_path / "one.csv", header, sorted(lines(0, 30)))
    two = written(
        tmp_path / "two.csv", header, sorted(lines(0, 30))[15:] + [f"2026-04-02 10:00:0{n},5,x" for n in range(5)]
    )
    assert values(report(one, two))["csat"][1] == 35


def test_answers_of_days_alone_are_answers_of_their_own(tmp_path: Path) -> None:
    one = written(tmp_path / "one.csv", HEADERS[2], lines(0, 20, at=""))
    two = written(tmp_path / "two.csv", HEADERS[2], lines(0, 20, at=""))
    assert values(report(one, two))["csat"][1] == 40


def test_two_surveys_that_share_an_instant_keep_their_answers(tmp_path: Path) -> None:
    """One row of twenty is alike by chance: nothing overlaps."""
    one = written(tmp_path / "one.csv", HEADERS[0], lines(0, 20))
    two = written(tmp_path / "two.csv", HEADERS[0], [*lines(0, 1), *lines(20, 39)])
    assert values(report(one, two))["csat"][1] == 40


def test_rows_alike_in_one_file_all_count(tmp_path: Path) -> None:
    """Two side by side; the list as a whole below itself was pasted in (`test_pasted_blocks.py`)."""
    twice = [line for line in lines(0, 10) for _ in range(2)]
    assert values(report(written(tmp_path / "one.csv", HEADERS[0], twice)))["csat"][1] == 20


MARKS = (5, 4, 5, 3, 5, 1, 4, 5, 2, 5, 5)


def of_days(first: int, last: int, step: int, row: str) -> list[str]:
    """Marks of days, three or four a day, of one of two places."""
    return [row.format(day=1 + place // 4 % 28, mark=MARKS[place * step % 11]) for place in range(first, last)]


PLAIN = [
    ("Datum,Betyg,Recension", "2026-03-{day:02d},{mark},", "review_rating"),
    ("Svarsdatum,CSAT (1-5)", "2026-03-{day:02d},{mark}", "csat"),
    ("Date,Rating,Review", "2026-03-{day:02d},{mark},", "review_rating"),
]


@pytest.mark.parametrize(("header", "row", "kpi"), PLAIN)
def test_marks_of_two_places_on_the_same_days_are_no_copies(tmp_path: Path, header: str, row: str, kpi: str) -> None:
    """More than half of the rows of either are in both by chance."""
    one = written(tmp_path / "north.csv", header, of_days(0, 100, 3, row))
    two = written(tmp_path / "south.csv", header, of_days(0, 100, 5, row))
    assert values(report(one, two))[kpi][1] == 200


@pytest.mark.parametrize(("header", "row", "kpi"), PLAIN)
def test_a_list_of_days_taken_again_counts_once(tmp_path: Path, header: str, row: str, kpi: str) -> None:
    one = written(tmp_path / "march-half.csv", header, of_days(0, 60, 3, row))
    two = written(tmp_path / "march.csv", header, of_days(0, 100, 3, row))
    document = report(one, two)
    assert values(document)[kpi][1] == 100
    assert texts_of(document, "repeated-keys")


@pytest.mark.parametrize(("header", "row", "kpi"), PLAIN[:2])
def test_a_part_of_a_list_of_days_next_to_the_whole_is_in_doubt(
    tmp_path: Path, header: str, row: str, kpi: str
) -> None:
    """Every second row stands in the other list too: it may be a filter of it, or another place of fewer marks."""
    whole = of_days(0, 100, 3, row)
    one, two = written(tmp_path / "some.csv", header, whole[::2]), written(tmp_path / "all.csv", header, whole)
    document = report(one, two)
    assert values(document)[kpi][1] == 150
    assert [each["consequence"] for each in document["findings"] if each["code"] == "repeated-keys"] == ["no verdict"]
