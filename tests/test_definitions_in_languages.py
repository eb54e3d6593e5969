"""What a KPI, a competing definition and a table is, is written in Swedish and Norwegian too, and says the same."""

import re

import pytest

from kpi_cli.documents import defined as page
from kpi_cli.documents.wording import Wording
from kpi_core.kpis import BY_NAME, CATALOGUE
from kpi_core.messages.definitions import FORMS, defined
from kpi_core.messages.labels import labels
from kpi_core.model.kpi import TRADE
from kpi_core.model.tables import TABLES
from kpi_core.variants.families import family
from kpi_core.variants.names import FAMILIES, NOT_TOOLS, OURS
from tests.english import english

OTHERS = ("sv", "nb")
DEFINITIONS = [definition for name in FAMILIES for definition in family(name).definitions]
SECTIONS = ("definitions", "formulas", "left_out", "references", "rivals", "statistics", "sources", "fits", "whose", "about", "tables", "columns")  # fmt: skip
TITLES = re.compile(r"(?:Zendesk|Zoho Desk|Intercom|Intercom community|Gorgias|Freshservice|Freshworks community|Help Scout), [^;(]*(?:: [A-Z][^;(]*)?")  # fmt: skip
"""Pages by the titles they have."""
NUMBER = re.compile(r"\d+(?:[.–]\d+)?")
OPTION = re.compile(r"--[\w-]+")
SPELT = {"en": {"a third": "1/3", "nine in ten": "9/10"}}


@pytest.mark.parametrize("lang", OTHERS)
def test_every_kpi_is_described_and_has_its_formula_and_says_what_it_leaves_out(lang):
    missing = [
        (kpi.name, section)
        for kpi in CATALOGUE
        for section, english in (
            ("definitions", kpi.description),
            ("formulas", kpi.formula),
            ("left_out", kpi.left_out),
        )
        if bool(defined(section, kpi.name, lang)) != bool(english)
    ]
    assert missing == []


@pytest.mark.parametrize("lang", OTHERS)
def test_every_competing_definition_says_what_sets_it_apart_and_how_it_is_computed(lang):
    wording = Wording(lang)
    missing = [
        (one.name, what)
        for one in DEFINITIONS
        for what, messages, english in (
            ("title", page.title(one, wording), one.title),
            ("formula", page.formula_of(one, wording), one.formula),
            ("fits", defined("fits", one.name, lang) or "", one.fits),
        )
        if bool(messages) != bool(english) or (messages == english and re.search(r"[a-z]{3}", messages))
    ]
    assert missing == []
    assert {name for name in FAMILIES if not defined("about", name, lang)} == set()
    assert {owner for owner in {OURS, *NOT_TOOLS} if not defined("whose", owner, lang)} == set()


@pytest.mark.parametrize("lang", OTHERS)
def test_every_table_and_every_date_has_its_words(lang):
    dates = {f"{table.name}.{column.name}" for table in TABLES.values() for column in table.columns if column.kind.name == "INSTANT"}  # fmt: skip
    assert labels(lang)["tables"].keys() == TABLES.keys()
    assert dates - labels(lang)["columns"].keys() == set()


@pytest.mark.parametrize("lang", OTHERS)
def test_nothing_is_defined_that_there_is_not(lang):
    known = {*BY_NAME, *(one.name for one in DEFINITIONS)}
    for section in ("definitions", "formulas", "left_out", "rivals", "sources", "fits"):
        assert labels(lang)[section].keys() - known == set(), section
    assert labels(lang)["references"].keys() - known == {"trade"}


def test_both_languages_say_as_much():
    assert [section for section in SECTIONS if labels("sv")[section].keys() != labels("nb")[section].keys()] == []


@pytest.mark.parametrize("lang", OTHERS)
def test_no_english_is_left(lang):
    wording = Wording(lang)
    shown = [text for section in SECTIONS for text in labels(lang)[section].values()]
    shown += [page.reference(kpi, wording) for kpi in CATALOGUE] + [page.source(one, wording) for one in DEFINITIONS]
    assert [(text, left) for text in shown if (left := english(TITLES.sub("", text)))] == []


@pytest.mark.parametrize("lang", OTHERS)
def test_numbers_and_options_are_those_of_the_english(lang):
    wording, unlike = Wording(lang), []
    for kpi in CATALOGUE:
        for english_text, messages in (
            (kpi.description, page.description(kpi, wording)), (kpi.formula, page.formula(kpi, wording)), (kpi.left_out, page.left_out(kpi, wording)),
        ):  # fmt: skip
            if figures(english_text) != figures(messages):
                unlike.append((kpi.name, figures(english_text), figures(messages)))
    for one in DEFINITIONS:
        for english_text, messages in (
            (one.formula, page.formula_of(one, wording)),
            (one.title, page.title(one, wording)),
        ):
            if figures(english_text) != figures(messages):
                unlike.append((one.name, figures(english_text), figures(messages)))
    assert unlike == []


def figures(text):
    return sorted(NUMBER.findall(text)), sorted(OPTION.findall(text))


@pytest.mark.parametrize("lang", OTHERS)
def test_mean_and_percentile_of_a_time_name_their_statistic(lang):
    for kpi in CATALOGUE:
        for ending, statistic in FORMS:
            median = kpi.name.removesuffix(ending)
            if kpi.name.endswith(ending) and labels(lang)["definitions"].get(median, "").startswith("{statistic}"):
                messages = page.description(kpi, Wording(lang))
                assert messages.casefold().startswith(labels(lang)["statistics"][statistic].casefold()), kpi.name
                assert messages[0].isupper() or messages[0].isdigit()


def test_english_is_the_codes_own():
    assert all(page.description(kpi, Wording("en")) == kpi.description for kpi in CATALOGUE)
    assert page.reference(BY_NAME["csat"], Wording("en")) == TRADE
