"""What `--where` takes and what it refuses: a condition on one row, over columns that are there."""

import polars as pl
import pytest

from kpi_core.errors import DefinitionError
from kpi_core.model.conditions.sql import columns_of, parse_condition
from kpi_core.model.conditions.where import Headers, met
from kpi_core.model.tables import Kind

TICKETS = pl.DataFrame(
    {
        "ticket_id": [1, 2, 3, 4],
        "group": pl.Series(["Billing", "Returns", None, "From: Åre"], dtype=pl.Categorical),
        "priority": pl.Series(["high", "low", "urgent", None], dtype=Kind.PRIORITY.dtype),
        "status": pl.Series(["open", "solved", "solved", "closed"], dtype=Kind.STATUS.dtype),
        "reopens": [0, 2, None, 1],
        "is_outbound": [False, True, None, False],
        "_row": [2, 3, 4, 5],
    }
)


def kept(text: str) -> list[int]:
    return met(TICKETS, text, None, Headers())["ticket_id"].to_list()


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("group = 'Billing'", [1]),
        ("\"group\" = 'Billing' or reopens > 1", [1, 2]),
        ("group <> 'Billing'", [2, 3, 4]),
        ("group is null", [3]),
        ("priority in ('high', 'urgent')", [1, 3]),
        ("priority = 'high' and status = 'open'", [1]),
        ("reopens > 0", [2, 4]),
        ("not is_outbound", [1, 4]),
        ("group = 'From: Åre'", [4]),
        ("group like 'B%'", [1]),
        ("reopens between 1 and 2", [2, 4]),
    ],
)
def test_a_condition_keeps_the_rows_that_meet_it(text: str, ids: list[int]) -> None:
    assert kept(text) == ids


def test_a_word_nobody_uses_is_false_and_no_fault() -> None:
    assert kept("group = 'Marketing'") == []


@pytest.mark.parametrize(
    "text",
    [
        "select 1",
        "ticket_id in (SELECT ticket_id from read_csv('/etc/passwd'))",
        "exists (select 1)",
        "reopens = (Select max(reopens) from self)",
        "ticket_id in read_csv('secrets.csv')",
        "scan_parquet('x') is null",
    ],
)
def test_a_query_is_refused_before_anything_reads_it(text: str) -> None:
    with pytest.raises(DefinitionError, match="holds a query") as refused:
        parse_condition(text)
    assert refused.value.where == "--where"


@pytest.mark.parametrize("text", ["group =", "group = 'Billing", "((reopens)", "", "group 'Billing'"])
def test_what_cannot_be_parsed_is_refused(text: str) -> None:
    with pytest.raises(DefinitionError, match="is no condition") as refused:
        parse_condition(text)
    assert refused.value.hint is not None


def test_an_unknown_column_is_reported_with_the_nearest_and_those_there_are() -> None:
    with pytest.raises(DefinitionError, match="no column `reopen`, did you mean `reopens`") as refused:
        kept("reopen > 0")
    assert refused.value.hint is not None
    assert "is_outbound" in refused.value.hint
    assert "_row" not in refused.value.hint


@pytest.mark.parametrize("text", ["reopens", "reopens + 1", "group", "upper(group)"])
def test_what_is_no_truth_is_refused(text: str) -> None:
    with pytest.raises(DefinitionError, match="is no truth"):
        kept(text)


@pytest.mark.parametrize(
    "text",
    [
        "max(reopens) > 1",
        "count(ticket_id) > 2",
        "sum(reopens) = 3",
        "reopens > avg(reopens)",
        "reopens < count(*)",
        "row_number() over (order by reopens) = 1",
    ],
)
def test_what_looks_at_other_rows_is_refused(text: str) -> None:
    with pytest.raises(DefinitionError, match="speaks of more than one row"):
        kept(text)


@pytest.mark.parametrize("text", ["reopens > date_part('day', now())", "CURRENT_DATE > DATE '2026-01-01'"])
def test_the_machine_s_clock_is_not_asked(text: str) -> None:
    with pytest.raises(DefinitionError, match="asks what time it is now"):
        kept(text)


def test_a_condition_on_nothing_is_refused() -> None:
    with pytest.raises(DefinitionError, match="speaks of no row"):
        kept("1 = 1")


@pytest.mark.parametrize("text", ["reopens > 'many'", "group > 5"])
def test_types_that_do_not_go_together_are_refused(text: str) -> None:
    with pytest.raises(DefinitionError):
        kept(text)


@pytest.mark.parametrize("text", ["status = 'opne'", "priority in ('hihg')"])
def test_a_misspelt_category_is_reported_and_not_silently_false(text: str) -> None:
    with pytest.raises(DefinitionError, match="did you mean"):
        kept(text)


def test_the_columns_a_condition_speaks_of_are_reported_once() -> None:
    assert columns_of(parse_condition("reopens > 0 or (reopens = 0 and \"group\" = 'Billing')")) == ("reopens", "group")
