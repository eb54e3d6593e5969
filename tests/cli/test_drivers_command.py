"""`kundpuls drivers`: what a figure goes with, in a sentence, a table and a record."""

import json

import pytest
from invoked import piped, sample

pytestmark = pytest.mark.usefixtures("scanned_once")

FILES = (sample("arenden_2026.csv"), sample("google_forms_responses.csv"))


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
