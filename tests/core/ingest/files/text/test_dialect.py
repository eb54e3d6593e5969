"""Telling encodings and delimiters from bytes."""

from pathlib import Path

import pytest

from kpi_core.errors import ExportError
from kpi_core.ingest.files.text.dialect import SAMPLE_BYTES, detect

SWEDISH = "ärende;åtgärd\n1;löst\n"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"id;status\n1;open\n", "utf-8"),
        (SWEDISH.encode("utf-8"), "utf-8"),
        (SWEDISH.encode("utf-8-sig"), "utf-8-sig"),
        (SWEDISH.encode("cp1252"), "cp1252"),
        ("Resolution time (≥1 €)\n".replace("≥", "").encode("cp1252"), "cp1252"),
        ("größe;straße\n1;2\n".encode("latin-1"), "cp1252"),
        (SWEDISH.encode("cp850"), "cp850"),
        (SWEDISH.encode("mac_roman"), "mac_roman"),
        (SWEDISH.encode("utf-32"), "utf-32"),
        (SWEDISH.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + SWEDISH.encode("utf-16-be"), "utf-16"),
        (SWEDISH.encode("utf-16-le"), "utf-16-le"),
        (SWEDISH.encode("utf-16-be"), "utf-16-be"),
    ],
)
def test_encoding(tmp_path: Path, content: bytes, encoding: str) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(content)
    assert detect(path).encoding == encoding


def test_a_character_cut_by_the_end_of_the_sample_is_still_utf8(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(b"id,x\n" + "å".encode() * SAMPLE_BYTES)
    assert detect(path).encoding == "utf-8"


@pytest.mark.parametrize(("late", "encoding"), [("utf-8", "utf-8"), ("cp1252", "cp1252"), ("ascii", "utf-8")])
def test_an_encoding_that_shows_late_is_looked_for(tmp_path: Path, late: str, encoding: str) -> None:
    path = tmp_path / "export.csv"
    last = "2;löst\n" if late != "ascii" else "2;solved\n"
    path.write_bytes(b"id;status\n" + b"1;open\n" * (SAMPLE_BYTES // 2) + last.encode(late))
    assert detect(path).encoding == encoding


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("id,status,group\n1,open,A\n2,closed,B\n", ","),
        ("id;time\n1;2,5\n2;3,75\n", ";"),
        ("a;b;c\n1,5;2,5;3,5\n1,5;2,5;3,5\n", ";"),
        ("a;b;c\n", ";"),
        ("id\ttags\n1\ta,b,c\n2\ta,b,c\n", "\t"),
        ("id|text\n1|a, b; c\n2|d\n", "|"),
        ('id,text\n1,"a;b;c\nd;e;f"\n2,"g;h;i\nj;k;l"\n', ","),
        ("Report for March\n\nid;name\n1;x\n2;y\n3;z\n", ";"),
        ("id,a,b\n1,x,y\n2,z,w\n3,v,u\nGrand Totals\nCopyright\n", ","),
        ("id;a;b;c\n1\n2;x\n3;y;z\n4;y;z;w\n", ";"),
        ("comment\nfine\n", ","),
        ("comment\nslow; rude; never again\nfine\nfine\nok; thanks\nok\n", ","),
        ("comment\n", ","),
    ],
)
def test_delimiter(tmp_path: Path, text: str, delimiter: str) -> None:
    path = tmp_path / "export.csv"
    path.write_text(text)
    assert detect(path).delimiter == delimiter


@pytest.mark.parametrize("line", ["sep=;", "SEP=;\r", '"sep=;"'])
def test_a_sep_line_settles_the_delimiter(tmp_path: Path, line: str) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(f"{line}\na,b\n1,2\n".encode())
    dialect = detect(path)
    assert (dialect.delimiter, dialect.skip_lines) == (";", 1)
    assert detect(path, delimiter=",").delimiter == ","


def test_what_is_given_is_taken_as_given(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes("a;b\n1;é\n".encode())
    dialect = detect(path, encoding="Latin1", delimiter="tab")
    assert (dialect.encoding, dialect.delimiter) == ("iso8859-1", "\t")


def test_a_byte_order_mark_outlives_a_given_encoding(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(SWEDISH.encode("utf-8-sig"))
    assert detect(path, encoding="utf8").encoding == "utf-8-sig"


@pytest.mark.parametrize(
    ("encoding", "delimiter", "message"),
    [
        ("utf-88", None, "no encoding `utf-88`"),
        ("rot13", None, "no encoding `rot13`"),
        ("ascii", None, "export.csv:2: bytes that are not ascii text"),
        (None, ";;", "`;;` cannot be a delimiter"),
        (None, '"', '`"` cannot be a delimiter'),
        (None, "å", "`å` cannot be a delimiter"),
    ],
)
def test_impossible_wishes(tmp_path: Path, encoding: str | None, delimiter: str | None, message: str) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes("a;b\n1;é\n".encode())
    with pytest.raises(ExportError) as raised:
        detect(path, encoding=encoding, delimiter=delimiter)
    assert str(raised.value).endswith(message)
