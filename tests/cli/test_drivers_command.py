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


def test_what_is_no_mean_of_its_rows_is_refused():
    ended = piped("drivers", "tickets_created", *FILES)
    assert ended.code == 3
    assert "no mean of its rows" in ended.err


@pytest.mark.parametrize(("lang", "message"), [("sv", "Av slump"), ("nb", "Tilfeldig")])
def test_it_speaks_the_language(lang, message):
    assert message in asked("csat", *FILES, "--lang", lang)
