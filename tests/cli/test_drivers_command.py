"""`kundpuls drivers`: what a figure goes with, in a sentence, a table and a record."""

import json
import random
from pathlib import Path

import pytest
from invoked import piped, sample

pytestmark = pytest.mark.usefixtures("scanned_once")

FILES = (sample("arenden_2026.csv"), sample("google_forms_responses.csv"))

MAYBE = 0.24
"""How far marks follow ease so that it may matter, and is not named."""


def asked(*arguments: str) -> str:
    ended = piped("drivers", *arguments, "--zone", "Europe/Stockholm", "--period", "all")
    assert ended.code == 0, ended.err
    return ended.out


def test_the_first_sentence_names_what_the_record_names():
    document = json.loads(asked("csat", *FILES, "--format", "json"))
    named = [one["column"] for one in document["drivers"] if one["named"]]
    line = asked("csat", *FILES).splitlines()[2]
    assert ("can be distinguished from chance" in line) is (named == [])
    assert sum(one["share"] for one in document["drivers"]) == pytest.approx(document["r2"])
    assert all(one["named"] is (one["share"] > one["chance"]) for one in document["drivers"])


def written(path: Path, effect: float) -> Path:
    """Answers of two questions; marks of the second go with the first as far as `effect` says."""
    chance = random.Random(3)
    rows = []
    for row in range(60):
        ease = chance.randint(1, 7)
        mark = round(min(max(3 + effect * (ease - 4) + chance.gauss(0, 1), 1), 5))
        rows.append(f"{row},2026-09-{1 + row % 28:02},{mark},{ease}")
    head = "Response ID,Submitted at,How satisfied are you? (1-5),How easy was it to get help? (1-7)"
    path.write_text("\n".join([head, *rows, ""]), "utf-8")
    return path


def test_what_may_matter_is_the_same_in_the_sentence_the_table_and_the_record(tmp_path):
    path = written(tmp_path / "survey.csv", effect=MAYBE)
    document = json.loads(asked("csat", str(path), "--format", "json"))
    (ease,) = document["drivers"]
    assert (ease["named"], ease["may_matter"]) == (False, True)
    assert ease["may_matter_from"] < ease["share"] <= ease["chance"]
    assert (document["columns_looked_at"], document["may_matter_by_chance"]) == (1, pytest.approx(0.05))
    page = asked("csat", str(path))
    said = "? May matter, but the rows are too few to tell: Ease, as customers rate it. Where nothing does, about 5% of pages with 1 column say so by chance."
    assert said in " ".join(page.split())
    assert "? may matter, too few rows" in page
    head, row = (line.split(",") for line in asked("csat", str(path), "--format", "csv").splitlines()[:2])
    cells = dict(zip(head, row, strict=True))
    assert (cells["named"], cells["may_matter"]) == ("false", "true")
    assert float(cells["may_matter_from"]) == ease["may_matter_from"]


@pytest.mark.parametrize(
    ("lang", "sentence"), [("en", "May matter"), ("sv", "Kan ha betydelse"), ("nb", "Kan ha betydning")]
)
def test_what_is_usual_by_chance_may_not_matter(tmp_path, lang, sentence):
    for effect, is_said in ((MAYBE, True), (0.0, False)):
        page = asked("csat", str(written(tmp_path / "survey.csv", effect)), "--lang", lang)
        assert (sentence in page) is is_said


def test_no_person_is_named():
    document = json.loads(asked("csat", *FILES, "--format", "json"))
    assert [one["levels"] for one in document["drivers"] if one["column"] == "agent"] in ([], [[]])
    assert "agent" not in {one["column"] for one in document["opportunities"]}


def test_a_column_of_the_files_is_looked_at_where_it_is_asked_for():
    columns = {
        one["column"] for one in json.loads(asked("csat", *FILES, "--with", "Prioritet", "--format", "json"))["drivers"]
    }
    without = json.loads(asked("csat", *FILES, "--with", "Prioritet", "--format", "json"))["without"]
    assert "Prioritet" in columns | {one["column"] for one in without}


def test_where_nothing_is_looked_at_by_itself_the_headers_are_named_ready_to_paste(tmp_path):
    path = tmp_path / "customers.csv"
    rows = [f"c{n},{'Yes' if n % 3 == 0 else 'No'},{'Month' if n % 2 else 'Year'},{n}" for n in range(60)]
    path.write_text("\n".join(["customerID,Churn,Contract type,Distance", *rows, ""]), "utf-8")
    ended = piped("drivers", "churn_share", path, "--period", "all", "--no-config")
    assert ended.code == 3
    assert "--with 'Contract type' --with Distance" in ended.err
    assert "--with Churn" not in ended.err
    named = ("--with", "Contract type", "--with", "Distance")
    assert piped("drivers", "churn_share", path, "--period", "all", "--no-config", *named).code == 0


def test_what_is_no_mean_of_its_rows_is_refused():
    ended = piped("drivers", "tickets_created", *FILES)
    assert ended.code == 3
    assert "no mean of its rows" in ended.err


@pytest.mark.parametrize(("lang", "message"), [("sv", "Slumpnivå"), ("nb", "Tilfeldighetsnivå")])
def test_it_speaks_the_language(lang, message):
    assert message in asked("csat", *FILES, "--lang", lang)


@pytest.mark.parametrize(
    ("header", "mark"),
    [("How easy was it to get help? (1-7)", lambda csat: csat + 2), ("How much effort did it take? (1-7)", lambda csat: 6 - csat)],
    ids=["ease", "effort"],
)  # fmt: skip
@pytest.mark.parametrize(
    ("lang", "sentence", "name"),
    [
        ("en", "is higher the easier customers say it was.", "Ease, as customers rate it"),
        ("sv", "är högre ju lättare kunderna säger att det var.", "Enkelhet, enligt kunden"),
        ("nb", "er høyere jo lettere kundene sier at det var.", "Enkelhet, ifølge kunden"),
    ],
)
def test_satisfied_customers_had_it_easy_whichever_way_they_were_asked(tmp_path, lang, sentence, name, header, mark):
    """Their marks run from hard to easy here, so that what is good news for the one question is not told of the other."""
    rows = [f"{row},2026-09-{1 + row % 28:02},{1 + row % 5},{mark(1 + row % 5)}" for row in range(120)]
    path = tmp_path / "survey.csv"
    path.write_text(
        "\n".join([f"Response ID,Submitted at,How satisfied are you? (1-5),{header}", *rows]) + "\n", "utf-8"
    )
    page = asked("csat", str(path), "--lang", lang)
    assert sentence in page
    assert name in page
