"""Every export format on small files of its own: recognised, and read to the rows that stand next to them.

Under `<mapping>/`, `x.csv` is an export, `x.expected.csv` its rows in the mapping's table, `x.answers.expected.csv` (or
another table) what else it holds, such as ratings inside tickets, `x.refused.csv` the rows refused. A new format needs a folder and a file. With
`python -m pytest tests/formats --write-expected` what is read now is written: read the difference before it is kept.
"""

from functools import cache
from pathlib import Path

import polars as pl
import pytest

from kpi_core.errors import MappingError
from kpi_core.ingest.dataset import Dataset, read_exports
from kpi_core.ingest.file_read import Choices
from kpi_core.ingest.files.inputs import find_files
from kpi_core.ingest.files.opening import open_export
from kpi_core.ingest.formats.mapping import Mapping, built_in, find_mapping
from kpi_core.ingest.formats.recognise import recognise
from kpi_core.model.tables import TABLES, Kind

HERE = Path(__file__).parent
ENDINGS = (".expected.csv", *(f".{table}.expected.csv" for table in TABLES), ".refused.csv")
EXPORTS = sorted(
    path
    for path in HERE.glob("*/*.*")
    if path.is_file() and not path.name.endswith(ENDINGS) and path.parent.name != "__pycache__"
)
TEXTS = frozenset(
    column.name
    for table in TABLES.values()
    for column in table.columns
    if column.kind in (Kind.TEXT, Kind.KEY, Kind.PRIORITY)
)

every_export = pytest.mark.parametrize("export", EXPORTS, ids=lambda path: f"{path.parent.name}/{path.name}")


def canonical(dataset: Dataset) -> dict[str, str]:
    """What is read from an export, as CSV by file ending: instants are UTC where the file names a zone."""
    main = dataset.reads[0].mapping.table
    found = {
        ".expected.csv" if table == main else f".{table}.expected.csv": as_text(dataset, table)
        for table in dataset.tables
    }
    if dataset.refused.height:
        found[".refused.csv"] = dataset.refused.select("row", "column", "value", "reason").write_csv()
    return found


def as_text(dataset: Dataset, name: str) -> str:
    """The rows of a table in canonical columns, keys as the file writes them."""
    table, frame = TABLES[name], dataset.tables[name]
    keys = [column.name for column in table.columns if column.kind is Kind.KEY and column.name in frame.columns]
    shown = frame.with_columns(pl.col(key).replace_strict(spelled(dataset), return_dtype=pl.String) for key in keys)
    return shown.select(one for one in table.names if one in frame.columns).write_csv(
        datetime_format="%Y-%m-%d %H:%M:%S"
    )


def spelled(dataset: Dataset) -> dict[int | None, str | None]:
    """The text behind each hashed key of the file; `row 7` where a table of it has no key."""
    written: dict[int | None, str | None] = {None: None}
    for read in dataset.reads:
        rows, key = read.narrow.frame, TABLES[read.mapping.table].key
        texts = read.narrow.texts(row_index="_row").with_columns(pl.col("_row").cast(pl.UInt32)).collect()
        result = rows.select("_row", pl.all().name.suffix(" read")).join(texts, on="_row", how="left")
        for field in (field for field in read.narrow.fields if field.kind is Kind.KEY):
            written |= dict(result.select(f"{field.name} read", field.text_name).iter_rows())
        if "_case" in read.used.columns:
            written |= {code: written[bare] for bare, code in read.used.select("ticket_id", "_case").iter_rows()}
        if key in rows.columns:
            written |= {code: written[bare] for bare, code in read.used.select(key, "_id").iter_rows()}
        else:
            written |= {code: f"row {row}" for row, code in read.used.select("_row", key).iter_rows()}
    return written


def expected_path(export: Path, ending: str) -> Path:
    return export.parent / (export.stem + ending)


@every_export
def test_five_rows_or_more_are_read_as_expected(export: Path, request: pytest.FixtureRequest) -> None:
    dataset = read_exports([str(export)], Choices(), TEXTS)
    first = dataset.reads[0]
    assert first.narrow.frame.height + sum(first.raw.folded.values()) >= 5
    found = canonical(dataset)
    if request.config.getoption("--write-expected", default=False):
        for ending in ENDINGS:
            expected_path(export, ending).unlink(missing_ok=True)
        for ending, text in found.items():
            expected_path(export, ending).write_text(text, encoding="utf-8", newline="\n")
        pytest.skip("written, not compared")
    for ending in ENDINGS:
        path = expected_path(export, ending)
        expected = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        assert found.get(ending, "").splitlines() == expected, path.name


@every_export
def test_only_its_own_format_recognises_a_file(export: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Every format is tried on every file: each is read from its own file once.
    monkeypatch.setattr("kpi_core.ingest.formats.recognise.find_mapping", named)
    (item,) = find_files([str(export)])
    raw = open_export(item)
    assert recognise(raw).mapping.name == export.parent.name
    own = {export.parent.name, *recognise(raw).mapping.also}
    others = [mapping.name for mapping in built_in() if not mapping.fallback and mapping.name not in own]
    assert [name for name in others if claims(raw, name)] == []


@cache
def named(name: str) -> Mapping:
    return find_mapping(name)


def claims(raw, name: str) -> bool:
    """Whether a format finds itself in the headers when it is named."""
    try:
        return str(recognise(raw, name).reason) != "named with --mapping"
    except MappingError:
        return False


def test_every_built_in_format_has_a_file_here() -> None:
    """But a list of who was asked, which is read next to answers alone: `tests/cases/test_who_was_asked.py`."""
    assert {path.parent.name for path in EXPORTS} == {mapping.name for mapping in built_in() if not mapping.invitations}
