"""`kundpuls voices`: the first sentence, what a file may hold, and what no output lets through."""

import csv
import io
import json

import openpyxl
import pytest
from invoked import piped, sample

pytestmark = pytest.mark.usefixtures("scanned_once")

SURVEY = sample("surveymonkey_responses.csv")
HEADER = ("Response ID", "Customer ID", "Date", "Team", "CSAT", "Comment")
FORMULA = '=HYPERLINK("http://evil.example","x")'


def asked(*arguments: str, code: int = 0) -> str:
    ended = piped("voices", *arguments, "--zone", "UTC", "--period", "all", "--scale", "csat=1-5")
    assert ended.code == code, ended.err
    return ended.out if code == 0 else ended.err


@pytest.fixture
def written(tmp_path):
    def write(texts, score=lambda n: 1 + n % 5):
        path = tmp_path / "said.csv"
        with path.open("w", encoding="utf-8", newline="") as target:
            rows = [(n, f"c{n}", f"2026-09-{1 + n % 28:02}", "A", score(n), text) for n, text in enumerate(texts)]
            csv.writer(target).writerows([HEADER, *rows])
        return str(path)

    return write


def test_the_first_sentence_names_what_the_record_names():
    record = json.loads(asked("nps", SURVEY, "--format", "json"))
    named = [one for one in record["words"] if one["named"]]
    line = asked("nps", SURVEY).splitlines()[2]
    assert ("No word goes with" in line) is (not named)
    assert record["words_looked_at"] == len(record["words"])
    assert record["written"] == sum(one["written"] for one in record["bands"])
    assert [one["ask"] for one in record["bands"]][1] == "What would it have taken for a 9 or a 10?"


def test_the_kpi_need_not_be_named():
    assert json.loads(asked(SURVEY, "--format", "json"))["kpi"] == "nps"


def test_random_scores_name_no_word(written):
    words = ("faktura", "leverans", "snabb", "trevlig", "fel")
    path = written([f"{words[n % 5]} {words[n * 7 % 3]}" for n in range(300)], score=lambda n: 1 + (n * 7919 % 101) % 5)
    assert "No word goes with" in asked("csat", path)


def test_a_word_that_begins_a_formula_is_a_text_in_every_output(written, tmp_path):
    path = written([FORMULA, "+46 cmd|calc", "@SUM(A1)", "-1+1", "=1+1", "\tfel"] * 10, score=lambda _: 1)
    for form in ("csv", "md", "table", "ndjson", "json"):
        assert "evil.example" not in asked("csat", path, "--format", form, "--quotes", "50")
    rows = list(csv.reader(io.StringIO(asked("csat", path, "--format", "csv"))))
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)
    target = tmp_path / "said.xlsx"
    asked("csat", path, "--quotes", "50", "-o", str(target))
    book = openpyxl.load_workbook(target)
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize(
    "text",
    ["a" * 10_000, "ord " * 2500, "<script>alert(1)</script><b>fel</b> " * 50, "👍🏽😡 " * 300, "\x1b[31mröd\x1b[0m", "\u200b\u202efel\u202c", "[bold]fel[/bold]", "| a | b |\n|---|"],
    ids=["one word", "many words", "markup", "emoji", "escapes", "invisible", "rich", "markdown"],
)  # fmt: skip
def test_whatever_is_written_is_shown_as_text(written, text):
    path = written([text] * 12 + ["fel"] * 12, score=lambda n: 1 + n % 2)
    for form in ("table", "md", "json", "csv"):
        out = asked("csat", path, "--format", form)
        assert not any(one in out for one in ("\x1b", "<script>", "\u202e"))


def test_a_long_comment_is_cut_on_a_page_and_whole_in_the_record(written):
    path = written([f"{'mycket lång väntan ' * 100} {n}" for n in range(12)], score=lambda _: 1)
    assert max(map(len, asked("csat", path).splitlines())) < 400
    assert len(json.loads(asked("csat", path, "--format", "json"))["quotes"][0]["text"]) > 1500


def test_personal_data_is_shown_only_where_it_is_asked_for(written):
    path = written([f"Ring 070-123 45 6{n % 10}, mvh Anna" for n in range(20)], score=lambda _: 1)
    out = asked("csat", path, "--lang", "sv")
    assert not {"070", "Anna"} & set(out.replace(",", " ").split())
    assert "[telefon], mvh [namn]" in out
    assert "telefon 20" in out
    bare = asked("csat", path, "--unmasked")
    assert "070-123 45 6" in bare
    assert "Not masked" in bare


def test_without_the_library_words_are_as_they_are_written_and_that_is_reported(written, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "simplemma", None)
    path = written(["fakturan var fel"] * 10 + ["fakturor saknas"] * 10)
    record = json.loads(asked("csat", path, "--format", "json"))
    assert record["lemmatised"] is False
    assert "kundpuls[voices]" in asked("csat", path)


def test_what_cannot_be_answered_says_the_way_out(written, tmp_path):
    assert "--column comment=" in asked(sample("zendesk_tickets.csv"), code=3)
    assert "no score that customers give" in asked("tickets_created", SURVEY, code=3)
    assert "which files?" in asked("csat", code=2)
    assert "did you mean `csat`" in asked("csta", SURVEY, code=2)


def test_a_column_is_named_where_its_header_says_nothing(tmp_path):
    path = tmp_path / "odd.csv"
    rows = [(n, f"2026-09-{1 + n % 28:02}", 1 + n % 5, "fakturan var fel") for n in range(20)]
    with path.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows([("Response ID", "Date", "CSAT", "Q9"), *rows])
    assert "no column of comments" in asked("csat", str(path), code=3)
    assert json.loads(asked("csat", str(path), "--column", "comment=Q9", "--format", "json"))["written"] == 20


@pytest.mark.parametrize("lang", ["en", "sv", "nb"])
def test_the_first_lines_fit_80_columns(lang):
    lines = asked("nps", SURVEY, "--lang", lang).splitlines()
    assert all(len(line) <= 80 for line in lines[2:5])


def test_comments_are_no_groups(written):
    path = written(["Anna var sen", "fel"] * 20)
    for name in ("report", "voices"):
        ended = piped(name, path, "--by", "comment", "--zone", "UTC", "--period", "all", "--scale", "csat=1-5")
        assert ended.code == 3
        assert "comments are no groups" in ended.err
        assert "Anna" not in ended.out
