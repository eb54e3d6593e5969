"""Bytes that could be text in several encodings: the words show, else the user is asked; no header is lost in silence.

The same table gives the same figures in every encoding that we claim, with whatever marks its end.
"""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invoked import piped
from reported import CASES, reported

CLAIMED = (
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1", "cp850", "cp865", "mac_roman",
)  # fmt: skip
SWEDISH = """Ärendenummer;Status;Skapad;Löst;Handläggare
1;Löst;2025-09-01 09:00;2025-09-01 11:00;Åsa Öberg
2;Löst;2025-09-02 09:00;2025-09-02 13:00;Märta Sjöö
3;Öppen;2025-09-03 09:00;;Åsa Öberg
"""
NORWEGIAN = """Saksnummer;Status;Opprettet;Løst;Saksbehandler
1;Løst;2025-09-01 09:00;2025-09-01 11:00;Øystein Ås
2;Løst;2025-09-02 09:00;2025-09-02 13:00;Bjørg Ærlig
3;Åpen;2025-09-03 09:00;;Øystein Ås
"""
FINNISH = """Tikettinumero;Tila;Luotu;Ratkaistu;Käsittelijä
1;Ratkaistu;2025-09-01 09:00;2025-09-01 11:00;Päivi Mäkelä
2;Ratkaistu;2025-09-02 09:00;2025-09-02 13:00;Yrjö Äijälä
3;Avoin;2025-09-03 09:00;;Päivi Mäkelä
"""
WORDS = st.text("abdeghijklmnoprstuvyåäöéü", min_size=1, max_size=8)
NAMES = st.builds(lambda first, last: f"{first.capitalize()} {last.capitalize()}", WORDS, WORDS)


def written(path: Path, text: str, encoding: str, end: str = "\n") -> Path:
    path.write_bytes(text.replace("\n", end).encode(encoding))
    return path


@pytest.mark.parametrize("text", [SWEDISH, NORWEGIAN, FINNISH])
@pytest.mark.parametrize("encoding", [*CLAIMED, "cp437"])
def test_the_same_table_in_every_encoding(tmp_path: Path, text: str, encoding: str) -> None:
    if encoding == "cp437" and text is NORWEGIAN:
        pytest.skip("has no ø")
    report = reported(
        written(tmp_path / "tickets.csv", text, encoding), "--by", "agent", "--min-n", 1, period="2025-09"
    )
    assert report.value("resolution_time") == 3 * 3600
    assert report.value("tickets_created") == 3
    agent = text.splitlines()[1].rpartition(";")[2]
    assert report.value("tickets_created", agent=agent) == 2


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(NAMES, min_size=2, max_size=5, unique=True), seed=st.integers(0, len(CLAIMED) - 1))
def test_figures_do_not_depend_on_the_encoding(tmp_path: Path, names: list[str], seed: int) -> None:
    rows = [
        f"{place};Löst;2025-09-0{place} 09:00;2025-09-0{place} 1{place}:00;{name}"
        for place, name in enumerate(names, 1)
    ]
    text = "\n".join([SWEDISH.splitlines()[0], *rows, ""])
    plain = reported(written(tmp_path / "plain.csv", text, "utf-8"), "--by", "agent", "--min-n", 1)
    other = reported(written(tmp_path / "other.csv", text, CLAIMED[seed]), "--by", "agent", "--min-n", 1)
    assert plain.document["results"] == other.document["results"]


@pytest.mark.parametrize(
    ("encoding", "end", "note"),
    [
        ("cp850", "\r\n", "read as cp850, as Excel's CSV (MS-DOS) writes it: `Ärendenummer`"),
        ("mac_roman", "\r", "read as mac_roman, as Excel's CSV (Macintosh) writes it: `Ärendenummer`"),
    ],
)
def test_an_encoding_that_was_guessed_is_reported_in_the_report(
    tmp_path: Path, encoding: str, end: str, note: str
) -> None:
    report = reported(written(tmp_path / "tickets.csv", SWEDISH, encoding, end))
    assert note in report.notes
    assert report.value("resolution_time") == 3 * 3600


def test_one_that_is_sure_is_not(tmp_path: Path) -> None:
    assert "read as" not in reported(written(tmp_path / "tickets.csv", SWEDISH, "cp1252")).notes


def test_a_header_that_reads_in_several_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_bytes(b"Ticket ID,Created at,Status,Na\x95ve\n1,2025-09-01,Open,a\n")
    ended = piped("report", path)
    assert ended.code == 3
    assert "its encoding cannot be detected from its words" in ended.err
    assert "--encoding cp850 or cp865 or cp437 reads `Naòve`" in ended.err
    assert "--encoding mac_roman reads `Naïve`" in ended.err
    assert piped("report", path, "--encoding", "mac_roman").code == 0


def test_a_header_in_another_alphabet_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_bytes("Ticket ID,Created at,Status,Агент\n1,2025-09-01,Open,Анна\n".encode("cp1251"))
    assert piped("report", path).code == 3
    assert reported(path, "--encoding", "cp1251").value("tickets_created") == 1


def test_utf_8_with_a_broken_line_is_not_read_as_something_else(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_bytes(SWEDISH.encode() + "4;Löst;2025-09-04 09:00;2025-09-04 10:00;Bo\n".encode("cp1252"))
    ended = piped("report", path)
    assert ended.code == 3
    assert "tickets.csv:5: bytes that are not utf-8 text" in ended.err


@pytest.mark.parametrize("end", ["\x1a", "\0", "\0" * 5000, "\x1a\0\0"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "cp850"])
def test_a_mark_of_the_end_is_no_ticket(tmp_path: Path, end: str, encoding: str) -> None:
    marked = SWEDISH + (end if encoding == "utf-8" else end[:500])  # a cell of thousands takes two seconds
    report = reported(written(tmp_path / "tickets.csv", marked, encoding))
    assert report.value("tickets_created") == 3
    assert report.refused == [{}]


def test_a_mark_of_the_end_far_behind_the_sample(tmp_path: Path) -> None:
    rows = "".join(f"{place};Open;2025-09-01 09:00\n" for place in range(60_000))
    path = tmp_path / "tickets.csv"
    path.write_bytes(f"Ticket ID;Status;Created at\n{rows}\x1a".encode() + b"\0" * 100)
    report = reported(path)
    assert report.value("tickets_created") == 60_000
    assert report.refused == [{}]


def test_json_with_a_mark_of_its_end(tmp_path: Path) -> None:
    path = tmp_path / "tickets.json"
    path.write_bytes(json.dumps([{"Ticket ID": 1, "Created at": "2025-09-01", "Status": "Open"}]).encode() + b"\0\0")
    assert reported(path).value("tickets_created") == 1


def test_columns_apart_by_runs_of_blanks(tmp_path: Path) -> None:
    mapping = tmp_path / "own.yaml"
    mapping.write_text(
        "name: own\nlabel: Own\nsystem: own\ntable: orders\n"
        "columns: {customer_id: customer_id, ordered_at: date, amount: dollar_value}\n"
    )
    path = CASES / "columns-apart-by-blanks.txt"
    report = reported(path, "--delimiter", "blanks", "--mapping", mapping)
    assert report.value("revenue") == pytest.approx(100.77)
    ended = piped("report", path, "--delimiter", "space", "--mapping", mapping)
    assert ended.code == 3
    assert "its columns are padded" in ended.err
    assert "--delimiter blanks" in ended.err


@pytest.mark.parametrize("padding", [" ", "   "])
def test_padded_columns_of_other_tables(tmp_path: Path, padding: str) -> None:
    path = tmp_path / "tickets.txt"
    path.write_text(f"Ticket_ID{padding}Created_at Status\n1  2025-09-01  Open\n22 2025-09-02{padding}Open\n")
    assert reported(path, "--delimiter", "blanks").value("tickets_created") == 2
    assert piped("report", path, "--delimiter", "space").code == 3


def test_single_blanks_are_a_delimiter(tmp_path: Path) -> None:
    path = tmp_path / "tickets.txt"
    path.write_text("Ticket_ID Created_at Status\n1 2025-09-01 Open\n22 2025-09-02 Open\n")
    assert reported(path, "--delimiter", "space").value("tickets_created") == 2
