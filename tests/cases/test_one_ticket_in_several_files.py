"""One ticket in several files, counted for each of them, or put together by half: a log next to its list, two lists with other columns, ratings in one of them.

The figures are those of one list with all the columns, whatever order the files are given in.
"""

from itertools import permutations
from pathlib import Path

import polars as pl
import pytest

from kpi_core.ingest.dataset import Dataset, read_exports
from kpi_core.ingest.file_read import Choices

TEXTS = frozenset({"group"})
TICKETS = """Ticket ID,Created,First reply,Resolved,Status,Group
1,2026-10-01 08:00,2026-10-01 09:00,2026-10-02 10:00,Solved,A
2,2026-10-05 08:00,2026-10-05 09:00,2026-10-06 09:00,Solved,B
3,2026-10-30 08:00,2026-10-30 09:00,,Open,B
"""
LOG = """{key},Old status,New status,Changed at
1,,New,2026-10-01 08:00
1,New,Solved,2026-10-01 12:00
1,Solved,Open,2026-10-02 09:00
1,Open,Solved,2026-10-02 10:00
2,,New,2026-10-05 08:00
2,New,Solved,2026-10-06 09:00
3,,New,2026-10-30 08:00
"""
JIRA = """Summary,Issue key,Issue id,Status,Project key,Priority,Resolution,Assignee,Reporter,Created,Updated,Resolved
a,SD-1,1,Done,SD,High,Done,Kim,Ann,2026-10-01 08:00,2026-10-02 10:00,2026-10-02 10:00
b,SD-2,2,Done,SD,High,Done,Kim,Ann,2026-10-30 08:00,2026-10-31 10:00,2026-10-31 10:00
"""
JIRA_LOG = """Issue key,From status,To status,Changed at
SD-1,,New,2026-10-01 08:00
SD-1,New,Solved,2026-10-02 10:00
SD-2,,New,2026-10-30 08:00
SD-2,New,Solved,2026-10-31 10:00
SD-2,Solved,Open,2026-10-31 12:00
"""


def read(folder: Path, *texts: str) -> Dataset:
    paths = [folder / f"{place}.csv" for place in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    return read_exports([str(path) for path in paths], Choices(), TEXTS)


def tickets(dataset: Dataset, *columns: str) -> list[tuple[object, ...]]:
    frame = dataset.tables["tickets"].sort("created_at")
    return frame.select(
        pl.col(name).cast(pl.String) if name in ("group", "status") else name for name in columns
    ).rows()


def scores(dataset: Dataset) -> list[float]:
    return sorted(dataset.tables["answers"]["score"].drop_nulls().to_list())


@pytest.mark.parametrize(
    ("listed", "log", "reopens"),
    [
        (TICKETS, LOG.format(key="Ticket ID"), [1, 0, 0]),
        (TICKETS, LOG.format(key="Case number"), [1, 0, 0]),
        (JIRA, JIRA_LOG, [0, 1]),
    ],
    ids=["one header", "another header", "another system"],
)
def test_a_log_of_states_is_of_the_tickets_next_to_it(
    tmp_path: Path, listed: str, log: str, reopens: list[int]
) -> None:
    for texts in permutations((listed, log)):
        dataset = read(tmp_path, *texts)
        assert [count for (count,) in tickets(dataset, "reopens")] == reopens
        (finding,) = [one for one in dataset.findings if one.code == "log-of-tickets"]
        assert not finding.is_serious


def test_a_log_keeps_the_groups_of_the_list(tmp_path: Path) -> None:
    dataset = read(tmp_path, LOG.format(key="Ticket ID"), TICKETS)
    assert tickets(dataset, "group") == [("A",), ("B",), ("B",)]


def test_a_log_that_holds_more_tickets_than_the_list_adds_the_others(tmp_path: Path) -> None:
    log = LOG.format(key="Ticket ID") + "9,,New,2026-10-07 08:00\n"
    assert tickets(read(tmp_path, log, TICKETS), "group") == [("A",), ("B",), (None,), ("B",)]


def test_a_log_of_other_tickets_with_the_same_numbers_stays_apart_and_is_reported(tmp_path: Path) -> None:
    other = LOG.format(key="Ticket ID").replace("2026-10", "2026-08")
    dataset = read(tmp_path, TICKETS, other)
    assert dataset.tables["tickets"].height == 6
    (finding,) = [one for one in dataset.findings if one.code == "log-of-tickets"]
    assert finding.is_serious
    assert "opened at other times" in finding.text


def test_a_log_with_other_numbers_is_another_list(tmp_path: Path) -> None:
    log = "Ticket ID,Old status,New status,Changed at\n7,,New,2026-10-01 08:00\n8,,New,2026-10-02 08:00\n"
    dataset = read(tmp_path, TICKETS, log)
    assert dataset.tables["tickets"].height == 5
    assert not [one for one in dataset.findings if one.code == "log-of-tickets"]


ONE = """Ticket ID,Created,Resolved,Status
1,2026-10-01 08:00,2026-10-02 10:00,Solved
2,2026-10-05 08:00,2026-10-06 09:00,Solved
3,2026-10-30 08:00,,Open
"""
OTHER = """Ticket ID,Created,Group,First reply,CSAT
1,2026-10-01 08:00,A,2026-10-01 09:00,5
2,2026-10-05 08:00,B,2026-10-05 11:00,1
3,2026-10-30 08:00,B,2026-10-30 09:00,
"""


def test_two_lists_of_the_same_tickets_with_other_columns_are_one(tmp_path: Path) -> None:
    for texts in permutations((ONE, OTHER)):
        dataset = read(tmp_path, *texts)
        assert tickets(dataset, "group", "status") == [("A", "solved"), ("B", "solved"), ("B", "open")]
        assert dataset.tables["tickets"]["first_replied_at"].null_count() == 0
        assert scores(dataset) == [1, 5]
        assert not [one for one in dataset.findings if one.code == "repeated-keys"]


def test_of_lists_that_contradict_each_other_the_newer_counts_and_takes_what_it_does_not_have(tmp_path: Path) -> None:
    older = (
        OTHER.replace("3,2026-10-30 08:00,B,2026-10-30 09:00,\n", "")
        .replace("Group,", "Status,")
        .replace(",A,", ",Open,")
    )
    dataset = read(tmp_path, ONE, older.replace(",B,", ",Open,"))
    assert tickets(dataset, "status") == [("solved",), ("solved",), ("open",)]
    assert dataset.tables["tickets"]["first_replied_at"].null_count() == 1
    assert [one for one in dataset.findings if one.code == "repeated-keys"]


def test_two_exports_of_one_list_compete_as_before(tmp_path: Path) -> None:
    """The later list says that nobody has replied: an older one does not know better."""
    later = TICKETS.replace("2026-10-30 09:00,,Open", ",2026-10-31 08:00,Solved")
    for texts in permutations((TICKETS, later)):
        assert read(tmp_path, *texts).tables["tickets"]["first_replied_at"].null_count() == 1


RATED = """Ärendenr;Skapad;Löst;Status;Nöjdhet (1-5)
1;2026-10-01 08:00;2026-10-02 08:00;Löst;5
2;2026-10-02 08:00;2026-10-03 08:00;Löst;4
3;2026-10-05 08:00;2026-10-06 08:00;Löst;1
4;2026-10-30 08:00;2026-10-31 08:00;Löst;
"""
EVENTS = """Ärendenr;Tidpunkt;Händelse
1;2026-10-01 08:00;Skapad
1;2026-10-01 09:00;Svar skickat
1;2026-10-02 08:00;Löst
2;2026-10-02 08:00;Skapad
2;2026-10-02 09:00;Svar skickat
2;2026-10-03 08:00;Löst
"""


def test_ratings_of_a_list_stay_where_its_log_counts(tmp_path: Path) -> None:
    for texts in permutations((RATED, EVENTS)):
        dataset = read(tmp_path, *texts)
        assert scores(dataset) == [1, 4, 5]
        (account,) = [source for source in dataset.sources if source.table == "answers"]
        assert (account.rows_read, account.rows_used) == (3, 3)


STATES = """{"tickets":[{"id":1,"created_at":"2026-10-01T08:00:00Z","updated_at":"2026-10-05T08:00:00Z","status":"closed","priority":"high",
"group_id":7,"assignee_id":3,"requester_id":10,"via":{"channel":"email"},"subject":"x","satisfaction_rating":{"score":"good"}}]}"""
METRICS = """{"ticket_metrics":[{"id":501,"ticket_id":1,"created_at":"2026-10-01T08:00:00Z","updated_at":"2026-10-05T08:00:00Z","replies":1,
"reopens":0,"group_stations":1,"assignee_stations":2,"solved_at":"2026-10-02T10:00:00Z","reply_time_in_minutes":{"calendar":60,"business":30}}]}"""


def test_ratings_stay_whichever_file_of_a_help_desk_comes_first(tmp_path: Path) -> None:
    for texts in permutations((STATES, METRICS)):
        assert scores(read(tmp_path, *texts)) == [2]


def test_the_newest_rating_counts_on_its_own_scale(tmp_path: Path) -> None:
    """A list rated on 1–5 and a log's newer row: the rating keeps the ends of its scale."""
    (answer,) = read(tmp_path, EVENTS, RATED).tables["answers"].filter(pl.col("score") == 4).rows(named=True)
    assert (answer["scale_low"], answer["scale_high"]) == (1, 5)
