"""Table and Markdown: golden pages, nothing cut, nothing from the data acted upon."""

import io
import os
import re
from pathlib import Path

import pytest
from sample_report import HOSTILE, TOTALS, drawn, sample_report, split

from kpi_cli import outputs, terminal
from kpi_cli.documents.wording import LANGUAGES, Wording
from kpi_cli.layout import PLAIN_BARS, sparkline
from kpi_cli.outputs import md
from kpi_core.model.report import Report

GOLDEN = Path(__file__).parent / "golden"
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def page(
    monkeypatch: pytest.MonkeyPatch, columns: int | None, lang: str = "en", report: Report | None = None, **view: bool
) -> str:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", str(columns or 80))
    stream = Screen() if columns else io.StringIO()
    drawn("table", report or sample_report(), stream, Wording(lang), **view)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "columns", "lang"), [("80", 80, "sv"), ("100", 100, "nb"), ("200", 200, "en"), ("piped", None, "en")]
)
def test_the_page_is_the_golden_one(monkeypatch, name, columns, lang):
    written = ESCAPES.sub("", page(monkeypatch, columns, lang, is_whole=name == "piped", with_notes=name == "piped"))
    if os.environ.get("KUNDPULS_WRITE_GOLDEN"):
        (GOLDEN / f"table-{name}.txt").write_text(written, encoding="utf-8", newline="\n")
    assert written.rstrip("\n") == (GOLDEN / f"table-{name}.txt").read_text(encoding="utf-8").rstrip("\n")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("columns", [60, 80, 120, 200, None])
def test_nothing_is_cut_at_any_width(monkeypatch, columns, lang):
    written = ESCAPES.sub("", page(monkeypatch, columns, lang))
    assert not re.search("…(?! )", written)
    for result in TOTALS:
        value = Wording(lang).value(result.estimate.value, result.kpi.unit).replace("\u00a0", " ")
        assert value in written
        words = Wording(lang).label(result.kpi.name).split()
        assert all(word in written for word in words)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("columns", [80, 120, 200])
def test_no_line_is_wider_than_the_terminal(monkeypatch, columns, lang):
    written = ESCAPES.sub("", page(monkeypatch, columns, lang))
    assert max(len(line.rstrip()) for line in written.splitlines()) <= columns


def test_a_pipe_gets_no_colour_and_no_trailing_blanks(monkeypatch):
    written = page(monkeypatch, None)
    assert "\x1b" not in written
    assert not re.search(r"[ ]+$", written, re.MULTILINE)


@pytest.mark.parametrize(
    ("columns", "color", "no_color", "is_coloured"),
    [
        (80, "auto", "", True),
        (80, "auto", "1", False),
        (80, "never", "", False),
        (None, "auto", "", False),
        (None, "always", "", True),
        (None, "always", "1", True),
    ],
)
def test_colour_follows_the_flag_then_the_environment(monkeypatch, columns, color, no_color, is_coloured):
    monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "80")
    stream = Screen() if columns else io.StringIO()
    drawn("table", sample_report(), stream, Wording("en"), color=color)
    assert bool(re.search(r"\x1b\[[0-9;]*3[34]m", stream.getvalue())) is is_coloured


def test_a_dumb_terminal_gets_plain_text(monkeypatch):
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("COLUMNS", "100")
    stream = Screen()
    drawn("table", sample_report(), stream, Wording("en"))
    assert "\x1b" not in stream.getvalue()
    assert "✓ better" in stream.getvalue()


def test_a_stream_of_ascii_gets_no_arrows_bars_or_rules():
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    drawn("table", sample_report(), stream, Wording("sv"))
    stream.flush()
    written = raw.getvalue().decode("ascii")
    assert "----" in written
    assert "Asa Lind" in written
    assert "?" not in written.replace("?  ", "").replace("? ", "")
    assert sparkline((1.0, 3.0, 2.0), PLAIN_BARS) == "_#-"


@pytest.mark.parametrize("name", ["table", "md"])
def test_no_control_character_of_the_data_reaches_the_page(name):
    stream = io.StringIO()
    drawn(name, sample_report(), stream, Wording("en"))
    assert HOSTILE not in stream.getvalue()
    assert not set(stream.getvalue()) & {"\x1b", "\u202e", "\x07", "\r"}


def test_markup_of_the_data_is_shown_as_written(monkeypatch):
    assert '=HYPERLINK("http://evil")[red][31m|' in page(monkeypatch, None)


def test_a_small_group_is_named_and_not_counted(monkeypatch):
    lines = [line for line in page(monkeypatch, None).splitlines() if line.startswith("Kim Holm")]
    assert lines
    assert all("too few to show" in line and not re.search(r"\d", line) for line in lines)
    [line] = [line for line in page(monkeypatch, None, is_whole=False).splitlines() if line.startswith("Kim Holm")]
    assert not re.search(r"\d", line)


def test_a_report_without_anything_to_compare_has_no_columns_for_it(monkeypatch):
    written = page(monkeypatch, None, report=sample_report(results=TOTALS[6:7], families=()))
    assert "Verdict" not in written
    assert "Judgement together" not in written


@pytest.mark.parametrize(
    ("values", "bars"),
    [
        ((1, 2, 3, 4, 5), "▁▂▃▅▇"),
        ((1, None, 5), "▁ ▇"),
        ((2, 2, 2), "▃▃▃"),
        ((None, 4), ""),
        ((), ""),
        (tuple(range(20)), "▁▁▂▂▂▃▃▅▅▅▇▇"),
    ],
)
def test_sparklines_run_from_the_lowest_to_the_highest(values, bars):
    assert sparkline(values) == bars


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain åäö", "plain åäö"),
        ("two\nlines\tand tab", "two lines and tab"),
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("abc\u202edef", "abcdef"),
        ("half \ud800", "half "),
    ],
)
def test_cleaning_keeps_what_can_be_read(text, shown):
    assert terminal.clean(text) == shown


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a|b", r"a\|b"),
        ("*bold* _it_", r"\*bold\* \_it\_"),
        ("<script>", r"&lt;script\>"),
        ("a & b", "a &amp; b"),
        ("[x](y)", r"\[x\](y)"),
        ("back\\slash", r"back\\slash"),
        ("two\nlines", "two lines"),
    ],
)
def test_markdown_is_escaped(text, written):
    assert md.escaped(text) == written


def test_every_row_of_a_markdown_table_has_as_many_cells_as_its_head():
    stream = io.StringIO()
    drawn("md", sample_report(), stream, Wording("nb"))
    rows = [re.split(r"(?<!\\)\|", line) for line in stream.getvalue().splitlines() if line.startswith("|")]
    head = 0
    for row in rows:
        head = len(row) if row[1].strip() in ("Nøkkeltall", "Gruppe", "Saksbehandler") else head
        assert len(row) == head
    assert len(rows) > 40


@pytest.mark.parametrize(
    ("extension", "name"), [(".xlsx", "xlsx"), (".JSON", "json"), (".jsonl", "ndjson"), (".md", "md"), (".docx", None)]
)
def test_a_file_name_asks_for_its_output(extension, name):
    assert outputs.by_extension(extension) == name
    assert name is None or name in outputs.names()


def test_long_names_of_groups_are_cut_where_that_saves_bands_and_stand_whole_below(monkeypatch):
    long = [f"Department of complaints, refunds and warranty number {number}" for number in range(3)]
    report = sample_report(results=(*TOTALS, *split("group", tuple(long))))
    written = ESCAPES.sub("", page(monkeypatch, 80, report=report, is_whole=False, with_notes=False))
    assert max(map(len, written.splitlines())) <= 80
    words = " ".join(written.split())
    for number, name in enumerate(long, start=1):
        assert f"… [{number}]" in words
        assert f"[{number}] {name}" in words
    wide = ESCAPES.sub("", page(monkeypatch, 200, report=report, is_whole=False, with_notes=False))
    assert "… [1]" not in wide
