"""What rules a pattern out before it is compiled: it never does where a cell has what the pattern looks for."""

from pathlib import Path

import polars as pl
import pytest
from examples import few
from hypothesis import given
from hypothesis import strategies as st

from kpi_core.ingest.cells import missing
from kpi_core.ingest.cells.dates.date_order import begin_with_years, order_evidence, shows_order
from kpi_core.ingest.cells.dates.dates import is_missing_date, may_be_missing
from kpi_core.ingest.cells.prose import are_prose
from kpi_core.ingest.drafting import evidence
from kpi_core.ingest.fields import review_cells
from kpi_core.ingest.fields.naming import indistinct_customers, one_form
from kpi_core.ingest.fields.unassigned import _NAMES, is_nobody, may_be_nobody
from kpi_core.ingest.files.inputs import Input
from kpi_core.ingest.files.opening import open_export
from kpi_core.ingest.files.raw_export import ReadOptions
from kpi_core.ingest.formats import recognise
from kpi_core.ingest.headers.vocabulary import says, spoken, vocabulary
from kpi_core.ingest.rows import inner_sums, sum_rows
from kpi_core.model.tables import TABLES

DATES = st.from_regex(
    r"[ 0-9a-d+]{0,4}(?:19|20|00|99)?[0-9]{1,4}[-/. ][0-9]{1,2}[-/. ][0-9]{1,4}( .*)?|0{1,9}", fullmatch=True
)
WORDS = st.one_of(
    st.sampled_from(_NAMES), st.sampled_from(["no-reply@ex.se", "<guest@ex.se>", "Anonymous1@ex.se", "postmaster@ex.se", "000", "0", "k***@ex.se"]),
    st.sampled_from(["xXx", "A•••", "Anna", "guest house", "1007", "eva@ex.se"]),
)  # fmt: skip
DRESSED = st.builds(lambda before, word, after, is_loud: before + (word.upper() if is_loud else word) + after,
                    st.sampled_from(["", "(", "[", "<"]), WORDS, st.sampled_from(["", ")", "]", ">"]), st.booleans())  # fmt: skip


def has(cells: pl.Series, *patterns: pl.Expr) -> bool:
    """Whether a cell has one of some patterns."""
    return bool(cells.alias("cell").to_frame().select(pl.any_horizontal(patterns).any()).item())


CELL = pl.col("cell")


@few(100)
@given(st.lists(DATES, min_size=1, max_size=3))
def test_dates(cells: list[str]) -> None:
    found = pl.Series(cells)
    assert may_be_missing(found) or not has(found.str.strip_chars(), is_missing_date(CELL))
    assert may_be_missing(found) == may_be_missing(pl.concat([found] * 201)), "many cells are looked through otherwise"
    if begin_with_years(found):
        assert not has(found, *shows_order(CELL))
        assert not has(found, *order_evidence(CELL))


@pytest.mark.parametrize(
    "cell", ["1900-01-01", "31.12.9999", "1. januar 1900", "1/0/1900", "1899-12-30", "00000000", "0", " 0 "]
)
def test_a_date_that_stands_for_none(cell: str) -> None:
    assert may_be_missing(pl.Series([None, "", "2024-03-01", cell]))


def test_most_samples_are_ruled_out() -> None:
    assert not may_be_missing(pl.Series([None, "", "2024-03-01 10:00:00"]))
    assert begin_with_years(pl.Series([None, "2024-03-01 10:00:00", "20240301"]))
    assert not begin_with_years(pl.Series(["2024-03-01", ""]))
    assert not may_be_nobody(pl.Series(["1007", "eva@ex.se", "Anna Berg"]))
    assert not indistinct_customers._may_be_masked(pl.Series(["1007", "eva@ex.se", "Anna Berg"]))


@few(100)
@given(st.lists(DRESSED, min_size=1, max_size=3))
def test_customers(words: list[str]) -> None:
    found = pl.Series(words)
    assert may_be_nobody(found) or not has(found, is_nobody(CELL))
    assert indistinct_customers._may_be_masked(found) or not has(found, indistinct_customers.is_masked(CELL))


@few(50)
@given(st.lists(st.from_regex(one_form._PLAIN, fullmatch=True), min_size=1, max_size=3))
def test_a_plain_number_is_in_one_form(cells: list[str]) -> None:
    assert not has(
        pl.Series(cells),
        *(CELL.str.contains(pattern) for pattern, _ in one_form._FORMS),
        CELL.str.contains(one_form.SPELT),
    )


@few(50)
@given(st.lists(st.from_regex(one_form._ADDRESS, fullmatch=True), min_size=1, max_size=3))
def test_an_address_alone_is_in_one_form_but_for_its_letters(cells: list[str]) -> None:
    assert not has(pl.Series(cells), *(CELL.str.contains(pattern) for pattern, _ in one_form._FORMS))
    assert has(pl.Series(cells), CELL.str.contains(one_form.SPELT))


@pytest.mark.parametrize(
    "cell", ["12", "-12,50", "(1 200)", "25 %", "7 st.", "1:30:00", "’12", "2026-03-01", "Anna", "1.2.3", "−5", "m 5"]
)
def test_a_number_at_the_end_of_a_list(cell: str) -> None:
    is_number = has(pl.Series([cell]), sum_rows._is_number("cell"))
    assert sum_rows._may_be_number(cell) or not is_number


@few(50)
@given(
    st.lists(
        st.sampled_from(["Total", "SUMMA", "Number of tickets", "Chair", None, "i alt", "Delsumma:"]),
        min_size=1,
        max_size=4,
    )
)
def test_words_for_a_sum(cells: list[str | None]) -> None:
    table = pl.DataFrame({"c0": ["1"] * len(cells), "c1": cells}, schema={"c0": pl.String, "c1": pl.String})
    words = (sum_rows._WORD, sum_rows._OPENS, sum_rows._CLOSES)
    may = sum_rows._may_be_a_sum(table["c1"])
    for pattern in words:
        assert not (table["c1"].str.contains(pattern).fill_null(value=False) & ~may).any()
    assert inner_sums._any_hint(table, ["c0", "c1"]) is has(
        table["c1"], CELL.str.contains(inner_sums.HINT).fill_null(value=False)
    )


def test_rows_asked_again_are_answered_by_what_they_are_now() -> None:
    headers, rows = ["Number", "Amount"], {"c0": ["1", "2", "Total"], "c1": ["10", "20", "30"]}
    assert sum_rows.unlike_cases(pl.DataFrame(rows), headers)[sum_rows.SUM].to_list() == [False, False, True]
    assert sum_rows.unlike_cases(pl.DataFrame(rows), headers)[sum_rows.SUM].to_list() == [False, False, True]
    others = {**rows, "c1": ["10", "20", "31"], "c2": ["a", "b", "c"]}
    assert sum_rows.SUM not in sum_rows.unlike_cases(pl.DataFrame(others), [*headers, "Kind"])


def as_of_many(cells: pl.Series) -> pl.Series:
    """The same cells so often that they are not gone through one by one."""
    return pl.concat([cells] * 201)


@few(50)
@given(
    st.lists(
        st.sampled_from(["Case 17", "Case 18", "Wrong size", "a b", "  Anna ", "1 2", "", "På\u00a0väg hem"]),
        min_size=1,
        max_size=4,
    )
)
def test_texts_of_few_rows_are_those_of_many(cells: list[str]) -> None:
    found = pl.Series(cells)
    assert are_prose(found) == are_prose(as_of_many(found))


@few(100)
@given(
    st.lists(
        st.sampled_from(
            [None, "4", "10", "★★★", "***", "*", "4/5", "4 av 5", "Rated 4", "Terningkast 5", "4,5", "", "5 stars"]
        ),
        min_size=1,
        max_size=3,
    )
)
def test_ratings_of_few_rows_are_those_of_many(cells: list[str | None]) -> None:
    found = pl.Series(cells, dtype=pl.String)
    assert review_cells.is_drawn(found) == review_cells.is_drawn(as_of_many(found))
    assert review_cells.has_asterisks(found) == review_cells.has_asterisks(as_of_many(found))


@few(100)
@given(
    st.lists(
        st.tuples(*[st.sampled_from([None, "", " a", "N/A", "-", "x", "1", "98", "98.0", "#REF!", "b\u00a0"])] * 2),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from([(), ("98",), ("X",)]),
)
def test_clean_rows_are_those_of_which_every_cell_is_cleaned(
    rows: list[tuple[str | None, ...]], words: tuple[str, ...]
) -> None:
    frame = pl.DataFrame(rows, schema={"c0": pl.String, "c1": pl.String}, orient="row")
    found = evidence._cleaned(frame, words)
    assert found.equals(frame.select(missing.clean(pl.all(), words)))
    filled = [row for row in found.rows() if row != (None, None)]
    assert evidence._without_blank_rows(found).rows() == filled


@pytest.mark.parametrize(
    "header", ["Created at", "Ticket ID", "First reply time (hours)", "Kundnöjdhet", "Svarstid", "x", ""]
)
def test_a_phrase_says_something_of_a_header_that_has_all_its_words(header: str) -> None:
    words = spoken(header)
    for table in TABLES:
        for phrases in vocabulary().columns.get(table, {}).values():
            is_said = any(all(any(one in word for word in words) for one in phrase.split()) for phrase in phrases)
            assert (says(header, phrases) > 0) is is_said


def test_headers_are_named_of_the_format_that_a_file_is_in_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    path, named, reason = Path(__file__).parents[3] / "sample_data/arenden_2026.csv", [], recognise._reason

    def noted(mapping: recognise.Mapping, *more: object) -> object:
        named.append(mapping.name)
        return reason(mapping, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(recognise, "_reason", noted)
    match = recognise.recognised(open_export(Input(path=path, name=path.name), ReadOptions()))
    assert match is not None
    assert named == [match.mapping.name]
    assert str(match.reason)
