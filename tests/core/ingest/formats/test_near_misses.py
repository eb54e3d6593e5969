"""A file that lacks one of the headers by which its format is recognised: what it lacks is named, and it is never read as a list of something else."""

import csv
import io
from pathlib import Path

import pytest

from kpi_core.errors import ExportError, MappingError
from kpi_core.ingest.file_read import Choices, Understood
from kpi_core.ingest.files.inputs import Input
from kpi_core.ingest.files.opening import open_export
from kpi_core.ingest.formats.mapping import Mapping, built_in, find_mapping
from kpi_core.ingest.headers.header_rows import normal
from kpi_core.ingest.understanding import understand

EXPORTS = Path(__file__).parents[3] / "formats"
OF_NOTHING = {
    "enalyzer-answers",
    "google_forms-answers",
    "long-answers",
    "microsoft_forms-answers",
    "servicenow_log-tickets",
}
"""Formats that common headers alone make up, and one whose rows are told from those of another by one header."""


def own_export(mapping: Mapping) -> list[list[str]] | None:
    """The rows of a format's own export, where it is CSV of one byte a letter or UTF-8 with its header in the first row."""
    for path in sorted((EXPORTS / mapping.name).glob("*.csv")):
        if path.name.endswith(".expected.csv") or mapping.header_rows != 1 or path.read_bytes().startswith(b"\xff\xfe"):
            continue
        text = path.read_bytes().decode("utf-8-sig", errors="replace")
        return list(csv.reader(io.StringIO(text), delimiter=";" if text.count(";") > text.count(",") else ","))
    return None


def without(rows: list[list[str]], header: str) -> list[list[str]] | None:
    """The rows without the column of a header (`a|b` for either); None where the first row has none."""
    spellings = {normal(word) for word in header.split("|")}
    kept = [place for place, cell in enumerate(rows[0]) if normal(cell) not in spellings]
    return None if len(kept) == len(rows[0]) else [[row[place] for place in kept if place < len(row)] for row in rows]


def understood(rows: list[list[str]], path: Path, choices: Choices | None = None) -> Understood:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return understand(open_export(Input(name=path.name, path=path)), choices or Choices())


LACKING = [
    pytest.param(mapping, header, id=f"{mapping.name} without {header.split('|')[0]}")
    for mapping in built_in()
    if not mapping.fallback and mapping.name not in OF_NOTHING and (rows := own_export(mapping))
    for header in mapping.recognised_by.every
    if without(rows, header)
]


@pytest.mark.parametrize(("mapping", "header"), LACKING)
def test_what_lacks_one_header_of_a_format_is_no_list_of_something_else(
    mapping: Mapping, header: str, tmp_path: Path
) -> None:
    rows = own_export(mapping)
    assert rows is not None
    lacking = without(rows, header)
    assert lacking is not None
    try:
        found = understood(lacking, tmp_path / "export.csv")
    except ExportError:
        return
    assert found.match.mapping.table == mapping.table


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("shopify-orders", "Financial Status"),
        ("stripe-orders", "Amount"),
        ("stripe-orders", "id"),
        ("woocommerce-orders", "Status"),
        ("gorgias-tickets", "Ticket id"),
        ("delighted-answers", "score"),
        ("medallia-answers", "star_rating"),
        ("chatwoot-answers", "Recorded date"),
        ("front-messages", "Message ID"),
        ("twitter-messages", "inbound"),
    ],
)
def test_the_header_that_is_not_there_is_named_with_the_way_out(name: str, header: str, tmp_path: Path) -> None:
    mapping = find_mapping(name)
    rows = without(own_export(mapping) or [], header)
    assert rows is not None
    # Nor is there what could stand in for the number of an order or its day.
    rows = without(rows, "Name|Id|Created at") or rows if name == "shopify-orders" else rows
    with pytest.raises(ExportError, match="no known export format") as refused:
        understood(rows, tmp_path / "export.csv")
    hint = refused.value.hint or ""
    assert f"looks like {mapping.label} (`{name}`), but has no column" in hint
    assert f"`{header}`" in hint
    assert f"kundpuls map export.csv --table {mapping.table} -o m.yaml" in hint


@pytest.mark.parametrize(
    ("name", "header", "field"),
    [
        ("gorgias-tickets", "Ticket id", "ticket_id"),
        ("stripe-orders", "id", "order_id"),
        ("delighted-answers", "id", "response_id"),
    ],
)
def test_another_column_may_be_named_for_it(name: str, header: str, field: str, tmp_path: Path) -> None:
    rows = own_export(find_mapping(name))
    assert rows is not None
    renamed = [["Our number" if normal(cell) == header.casefold() else cell for cell in rows[0]], *rows[1:]]
    choices = Choices(mapping=name, columns={field: "Our number"})
    assert understood(renamed, tmp_path / "export.csv", choices).match.mapping.name == name
    with pytest.raises(MappingError, match=f"needs a column `{header}`") as refused:
        understood(renamed, tmp_path / "export.csv", Choices(mapping=name))
    assert f"--column {field}=HEADER" in (refused.value.hint or "")


@pytest.mark.parametrize("number", ["Name", "Order", "Order number"])
def test_a_shop_s_orders_are_known_without_the_inner_number(number: str, tmp_path: Path) -> None:
    """Most who cut columns out of an export keep `#1001`, and not the number of fourteen digits."""
    rows = without(own_export(find_mapping("shopify-orders")) or [], "Id")
    assert rows is not None
    rows[0] = [number if cell == "Name" else cell for cell in rows[0]]
    match = understood(rows, tmp_path / "export.csv").match
    assert (match.mapping.name, match.headers[match.index(match.mapping.columns["order_id"].headers) or 0]) == (
        "shopify-orders",
        number,
    )
