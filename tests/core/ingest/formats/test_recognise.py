"""Which format a file is in: each mapping knows its own headers, and no other claims them."""

import csv
import io
from pathlib import Path

import pytest

from kpi_core.config.resources import configs
from kpi_core.errors import ExportError, MappingError
from kpi_core.ingest.files.inputs import find_files
from kpi_core.ingest.files.opening import open_export
from kpi_core.ingest.files.raw_export import RawExport
from kpi_core.ingest.formats.mapping import Mapping, built_in
from kpi_core.ingest.formats.recognise import recognise, unknown_format
from kpi_core.ingest.headers.header_rows import normal

SPECIFIC = [mapping for mapping in built_in() if not mapping.fallback]
FALLBACKS = [mapping for mapping in built_in() if mapping.fallback and not mapping.invitations]
BY_HEADERS = [
    mapping
    for mapping in built_in()
    if mapping.records is None
    and not mapping.recognised_by.cells
    and mapping.long_form is None
    and not mapping.invitations
]
"""What headers alone show; the others are tried on whole files among the tests of formats."""


def export(folder: Path, *rows: list[str], name: str = "export.csv") -> RawExport:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    path = folder / name
    path.write_text(text.getvalue(), encoding="utf-8")
    return open_export(find_files([str(path)])[0])


def own_headers(mapping: Mapping) -> list[str]:
    """Every header the mapping reads, the first spelling of each; what it is recognised by goes first."""
    rule = mapping.recognised_by
    shown = [header.split("|")[0] for header in (*rule.every, *rule.some[: max(rule.at_least, 1)])]
    read = [spec.headers[0] for spec in mapping.columns.values() if spec.headers]
    asked = [answer.headers[0] for answer in mapping.answers if answer.headers]
    refused = {normal(header) for header in rule.none}
    return [header for header in dict.fromkeys((*shown, *read, *asked)) if normal(header) not in refused]


def own_rows(mapping: Mapping) -> list[list[str]]:
    headers = own_headers(mapping)
    below = [[mapping.recognised_by.second_row[0] if mapping.recognised_by.second_row else ""] * len(headers)] * (
        mapping.header_rows - 1
    )
    return [headers, *below, ["1"] * len(headers)]


@pytest.mark.parametrize("mapping", BY_HEADERS, ids=lambda mapping: mapping.name)
def test_a_mapping_recognises_its_own_headers_and_no_other_claims_them(mapping: Mapping, tmp_path: Path) -> None:
    match = recognise(export(tmp_path, *own_rows(mapping)))
    assert match.mapping.name == mapping.name
    assert match.skip == mapping.header_rows
    assert match.headers[0].startswith(own_headers(mapping)[0])


@pytest.mark.parametrize(
    "mapping", [mapping for mapping in BY_HEADERS if not mapping.fallback], ids=lambda mapping: mapping.name
)
def test_the_smallest_file_that_a_mapping_claims_is_claimed_by_no_other(mapping: Mapping, tmp_path: Path) -> None:
    rule = mapping.recognised_by
    headers = [header.split("|")[0] for header in (*rule.every, *rule.some[: max(rule.at_least, 1)])]
    if mapping.table == "answers":
        headers.append("NPS")
    below = [[rule.second_row[0] if rule.second_row else ""] * len(headers)] * (mapping.header_rows - 1)
    assert recognise(export(tmp_path, headers, *below, ["1"] * len(headers))).mapping.name == mapping.name


@pytest.mark.parametrize("mapping", built_in(), ids=lambda mapping: mapping.name)
def test_a_mapping_is_named_like_its_file(mapping: Mapping) -> None:
    assert (configs() / "mappings" / f"{mapping.name}.yaml").is_file()
    assert mapping.name.endswith(f"-{mapping.table}")


def test_case_underscores_and_stars_in_headers_do_not_matter(tmp_path: Path) -> None:
    match = recognise(export(tmp_path, ["\ufeffTICKET_ID", "created  time:", "Agent Interactions *"], ["1", "2", "3"]))
    assert match.mapping.name == "freshdesk-tickets"
    assert match.index(["Nothing", "Agent interactions"]) == 2
    assert match.index(["Nothing"]) is None


def test_title_rows_above_the_header_are_passed_over(tmp_path: Path) -> None:
    match = recognise(
        export(
            tmp_path,
            ["Tickets of March", "", ""],
            ["", "", ""],
            ["Ticket ID", "Created time", "Agent interactions"],
            ["1", "2", "3"],
        )
    )
    assert (match.mapping.name, match.skip) == ("freshdesk-tickets", 3)


def test_two_header_rows_are_joined_as_question_and_option(tmp_path: Path) -> None:
    raw = export(
        tmp_path,
        ["Respondent ID", "End Date", "How satisfied are you?", "Which of these?", ""],
        ["", "", "Response", "Price", "Speed"],
        ["1", "01/31/2026", "5", "", "x"],
    )
    match = recognise(raw)
    assert match.mapping.name == "surveymonkey-answers"
    assert match.headers == (
        "Respondent ID",
        "End Date",
        "How satisfied are you?",
        "Which of these? - Price",
        "Which of these? - Speed",
    )


def test_a_format_nobody_knows_is_reported_with_its_headers_and_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="no known export format") as refused:
        recognise(export(tmp_path, ["Fruit", "Weight"], ["apple", "3"]))
    assert refused.value.where is not None
    assert refused.value.where.endswith("export.csv")
    assert refused.value.hint is not None
    assert "`Fruit`, `Weight`" in refused.value.hint
    assert "--mapping" in refused.value.hint


def test_of_many_headers_nobody_knows_the_first_are_named_and_the_rest_counted(tmp_path: Path) -> None:
    headers = [f"x{place}" for place in range(2_000)]
    with pytest.raises(ExportError, match="no known export format") as refused:
        recognise(export(tmp_path, headers, ["1"] * 2_000))
    assert "`x18`, `x19` and 1,980 more" in str(refused.value.hint)


def test_a_mapping_that_is_named_needs_its_columns(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="needs a column `Created time`, did you mean `Created`") as refused:
        recognise(export(tmp_path, ["Ticket ID", "Created"], ["1", "2"]), "freshdesk-tickets")
    assert refused.value.where is not None


def test_a_mapping_that_is_named_is_used_though_another_fits(tmp_path: Path) -> None:
    match = recognise(
        export(tmp_path, ["Ticket ID", "Created time", "Agent interactions", "Status"], ["1", "2", "3", "4"]),
        "spreadsheet-tickets",
    )
    assert (match.mapping.name, match.skip) == ("spreadsheet-tickets", 1)


@pytest.mark.parametrize(
    ("fallback", "known"),
    [(one, other) for one in FALLBACKS for other in BY_HEADERS if other in SPECIFIC and other.table == one.table],
    ids=lambda mapping: mapping.name,
)
def test_a_fallback_takes_no_file_of_a_known_format(fallback: Mapping, known: Mapping, tmp_path: Path) -> None:
    rows = own_rows(known)
    extra = [
        header
        for header in own_headers(fallback)
        if normal(header) not in {normal(own) for own in rows[0]} | {normal(none) for none in known.recognised_by.none}
    ][:6]
    below = [row + ["1"] * len(extra) for row in rows[1:]]
    assert recognise(export(tmp_path, rows[0] + extra, *below)).mapping.name == known.name


@pytest.mark.parametrize(
    ("header", "name", "lacking"),
    [
        ("Datum;Typ;Belopp;Valuta", "spreadsheet-costs", "`Cost type` or `Cost kind`"),
        ("Datum;Kostnadstyp;Pris", "spreadsheet-costs", "`Amount` or `Cost`"),
        ("Ordre;Dag;Kroner", "spreadsheet-orders", "column called"),
    ],
)
def test_a_mapping_that_was_named_and_does_not_fit_says_which_header_it_needs(
    tmp_path: Path, header: str, name: str, lacking: str
) -> None:
    raw = export(tmp_path, header.split(";"), ["2026-08-31", *"ABC"], ["2026-09-30", *"DEF"])
    error = unknown_format(raw, named=(name,))
    assert f"`{name}` needs a column" in str(error.hint)
    assert lacking in str(error.hint)
    assert "--table" in str(error.hint)
