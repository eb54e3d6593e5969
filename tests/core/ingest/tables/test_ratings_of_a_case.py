"""Which of several ratings of one case counts: the newest, the first or the worst, whatever scales they are on."""

import pytest

import kpi_core
from kpi_core.ingest.dataset import read_exports
from kpi_core.ingest.file_read import Choices

TICKETS = "Ticket number,Opened,Resolved,Status,CSAT\n1,2026-09-01 08:00,2026-09-01 10:00,Resolved,2\n2,2026-09-01 08:00,2026-09-01 10:00,Resolved,3\n3,2026-09-01 08:00,2026-09-01 10:00,Resolved,5\n"  # fmt: skip
SURVEY = "Ticket number,Responded at,CSAT\n1,2026-09-03 10:00,5\n1,2026-09-02 10:00,4\n2,2026-09-02 10:00,1\n2,2026-09-05 10:00,4\n"
SEVEN = "Ticket number,Responded at,CES: how much effort (1-7)\n1,2026-09-02 10:00,2\n1,2026-09-03 10:00,6\n"


def scores(folder, rating, survey=SURVEY, question="csat"):
    (folder / "tickets.csv").write_text(TICKETS, "utf-8")
    (folder / "survey.csv").write_text(survey, "utf-8")
    files = [str(folder / "tickets.csv"), str(folder / "survey.csv")]
    dataset = read_exports(files, Choices(rating=rating, directions={"ces": "lower"}), frozenset({"ticket_id"}))
    answers = dataset.tables["answers"].filter(dataset.tables["answers"]["question"] == question)
    (finding,) = [str(one.message) for one in dataset.findings if one.code == "answers-per-ticket"]
    return sorted(answers["score"]), finding


@pytest.mark.parametrize(
    ("rating", "expected", "message"),
    [
        ("newest", [4, 5, 5], "then the newest"),
        ("first", [1, 4, 5], "then the first"),
        ("worst", [1, 2, 5], "the worst of all"),
    ],
)
def test_one_rating_of_a_case_counts(tmp_path, rating, expected, message):
    """The rating inside a ticket gives way to a survey's, but for the worst of all."""
    found, result = scores(tmp_path, rating)
    assert found == expected
    assert message in result
    assert result.startswith("4 answers left out")


def test_the_newest_counts_where_nothing_is_reported():
    assert Choices().rating == "newest"


@pytest.mark.parametrize(("rating", "expected"), [("newest", 6), ("first", 2), ("worst", 6)])
def test_the_worst_goes_by_the_direction_of_the_scale(tmp_path, rating, expected):
    """Where the lowest mark is the best the highest is the worst."""
    assert scores(tmp_path, rating, SEVEN, "ces")[0] == [expected]


def test_the_package_reads_as_before(tmp_path):
    (tmp_path / "tickets.csv").write_text(TICKETS, "utf-8")
    (tmp_path / "survey.csv").write_text(SURVEY, "utf-8")
    dataset = kpi_core.read([tmp_path / "tickets.csv", tmp_path / "survey.csv"])
    assert sorted(dataset.tables["answers"]["score"]) == [4, 5, 5]
