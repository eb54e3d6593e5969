"""Every command's page in Swedish and Norwegian over Swedish files: no English is left on it."""

import json
import re
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from openpyxl import load_workbook

from kpi_cli.app import NAMES
from kpi_cli.documents.definitions import DefinitionDocument
from kpi_cli.documents.formats import FormatDocument
from kpi_cli.documents.wording import Wording
from kpi_cli.outputs.table import write
from kpi_core.ingest.formats.mapping import built_in
from kpi_core.kpis import CATALOGUE
from kpi_core.model.tables import TABLES
from kpi_core.variants.names import FAMILIES
from tests.cli.invoked import on_terminal, piped, sample
from tests.english import english

pytestmark = pytest.mark.usefixtures("scanned_once")

LANGUAGES = ("sv", "nb")
FILES = (sample("arenden_2026.csv"), sample("google_forms_responses.csv"))
TERMS = {*TABLES, *(column.name for table in TABLES.values() for column in table.columns)}
"""Names of canonical tables and columns, which are the same in every language."""
MEANING = re.compile(
    r"= (?:solved|open|new|pending|on_hold|closed|true|false|urgent|high|normal|low|email|phone|chat|web)\b"
)
"""What a word of a file was read as: a canonical value."""
SOURCE = re.compile(r"\((?:Källa|Kilde): [^()]*(?:\([^()]*\)[^()]*)*\)")
"""Pages that definitions are written down in, by the titles they have."""

PAGES = {
    "report": ("report", *FILES, "--period", "2026-09"),
    "report, whole": ("report", *FILES, "--period", "2026-09", "--all", "--notes", "--by", "group", "--calendar", "se", "--sla", "first_reply=4h",
                      "--target", "csat=80%", "--min-n", "10", "--where", "Grupp = 'Kundtjänst'"),
    "demo": ("demo",),
    "inspect": ("inspect", *FILES),
    "rows, counted": ("rows", "csat", *FILES, "--period", "2026-09", "--limit", "30"),
    "rows, left out": ("rows", "first_reply_time", *FILES, "--period", "2026-09", "--only", "left-out"),
    "trend": ("trend", "csat,first_reply_time,tickets_created", *FILES, "--grain", "week", "--target", "csat=85%", "--event", "2026-07-01=Ny portal"),
    "targets": ("targets", *FILES, "--target", "csat=85%", "--target", "first_reply_time=1h", "--target", "backlog=5", "--target", "retention_rate=75%",
                "--target", "churn_rate=5%", "--target", "tickets_created=100", "--grain", "week"),
    "targets, proposed": ("targets", *FILES, "--suggest", "--grain", "week"),
    "compare": ("compare", "csat,first_reply_time", *FILES, "--by", "group"),
    "drivers": ("drivers", "csat", *FILES),
    "voices": ("voices", *FILES, "--period", "all", "--by", "group"),
    "why": ("why", "csat", *FILES),
    "agents": ("agents", *FILES, sample("freshdesk_tickets.csv")),
    "agents, answers": ("agents", sample("freshdesk_tickets.csv"), sample("surveymonkey_responses.csv"), "--kpi", "csat"),
    "growth": ("growth", "--base", "customers=1000,frequency=2.3,order-value=1484", "--what-if", "frequency=+4%"),
    "reconcile": ("reconcile", FILES[0]),
    "kpis": ("kpis",),
    "formats": ("formats",),
    "formats, with notes": ("formats", "servicenow_log-tickets"),
    **{f"define, {family}": ("define", family) for family in FAMILIES},
    **{f"define, {family}, of files": ("define", family, *FILES) for family in ("first_reply", "csat", "resolution_rate", "last_7_days")},
}  # fmt: skip


KEPT = {
    "ingest": ("ingest", *FILES, "--store", "lager", "--taken", "2026-10-31"),
    "ingest, known": ("ingest", FILES[0], "kopia.csv", "tomt", "--store", "lager"),
    "store status": ("store", "status", "--store", "lager"),
    "store log": ("store", "log", "--store", "lager"),
    "store name": ("store", "name", "1", "q3", "--store", "lager"),
    "store status, named": ("store", "status", "--store", "lager", "--as-of-version", "q3"),
    "report": ("report", "--store", "lager", "--period", "2026-09", "--notes"),
    "partial": ("partial", *FILES, "-o", "allt.state"),
    "merge": ("merge", "allt.state", "--period", "2026-09", "--notes"),
    "store forget": ("store", "forget", "lena.akesson@example.se", "--store", "lager"),
    "store forget, again": ("store", "forget", "lena.akesson@example.se", "--store", "lager"),
    "ingest, forgotten": ("ingest", "igen.csv", "--store", "lager"),
    "store remember": ("store", "remember", "lena.akesson@example.se", "--store", "lager"),
    "store status, forgotten": ("store", "status", "--store", "lager"),
    "store export": ("store", "export", "tabeller", "--store", "lager"),
    "store compact": ("store", "compact", "--store", "lager"),
}  # fmt: skip
"""Commands that keep exports, one after another in one folder."""


def test_every_command_that_draws_a_page_is_looked_at():
    looked_at = (*PAGES.values(), *KEPT.values(), *CHARTS.values())
    assert {line[0] for line in looked_at} == set(NAMES) - {"map", "config", "run"}


CHARTS = {
    "one": ("chart", "tickets_created", *FILES, "--grain", "week", "--rules", "nhs", "--screened"),
    "several": ("chart", "csat,first_reply_time,tickets_created,backlog,nps", *FILES, "--grain", "week", "--target", "csat=85%"),
    "few points": ("chart", "csat", *FILES, "--grain", "quarter"),
}  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", CHARTS)
def test_no_english_stands_on_a_chart(name, lang):
    ended = piped(*CHARTS[name], "--lang", lang, "--format", "svg")
    assert ended.code == 0, ended.err
    texts = [one for one in ET.fromstring(ended.out).iter() if one.tag.rpartition("}")[2] in SAID_IN_A_CHART]
    assert len(texts) > 12
    assert left("\n".join(one.text or "" for one in texts)) == []


SAID_IN_A_CHART = ("title", "desc", "text")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_english_stands_on_the_pages_of_a_store(lang, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KUNDPULS_LANG", lang)
    Path("kopia.csv").write_bytes(Path(FILES[0]).read_bytes())
    Path("igen.csv").write_bytes(Path(FILES[0]).read_bytes() + b"\n")
    Path("tomt").mkdir()
    Path("tomt/dubbel.csv").write_bytes(Path(FILES[0]).read_bytes())
    found = {}
    for name, line in KEPT.items():
        ended = piped(*line)
        assert ended.code == 0, (name, ended.err)
        found[name] = left(ended.out)
    assert {name: words for name, words in found.items() if words} == {}


def left(text):
    """The English on a page, names and canonical values aside, each with where it stands."""
    text = SOURCE.sub("", MEANING.sub("=", text)).replace("Google Business", "")
    found = []
    for line in text.splitlines():
        words = [word for word in english(line) if word.casefold() not in TERMS]
        found += [(words, line.strip())] if words else []
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_no_english_stands_on_a_page(name, lang):
    ended = piped(*PAGES[name], "--lang", lang)
    assert ended.code == 0
    assert ended.out
    assert left(ended.out) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_english_stands_on_the_page_of_a_format_next_to_its_headers(lang):
    """Headers and words of the export are the system's own: the sentences about them are not."""
    found = {}
    for mapping in built_in():
        document = FormatDocument(mapping, Wording(lang))
        page = document.record()["format"]
        messages = drawn(document).replace("Google Business", "")
        own = {key: page[key] for key in ("columns", "answers", "missing", "constants")}
        for text in sorted(texts_of(own), key=len, reverse=True):
            messages = messages.replace(text, "")
        heads = [
            line for line in messages.splitlines() if not line.startswith(("Identifierad genom", "Identifisert ved"))
        ]
        found[mapping.name] = left("\n".join(heads))
    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("file", FILES)
def test_no_english_stands_in_the_comments_of_a_draft(file, lang):
    drafted = piped("map", file, "--lang", lang, "--quiet").out
    shown = [line.partition("# ")[2] for line in drafted.splitlines() if "# " in line]
    assert shown
    assert left("\n".join(line for line in shown if not line.startswith(("kundpuls report", "columns:")))) == []


def drawn(document):
    """A page as a pipe is given it."""
    stream = StringIO()
    write(document, stream, "never")
    return stream.getvalue()


def texts_of(value):
    """Every text in a piece of JSON, keys and values."""
    if isinstance(value, dict):
        return [text for pair in value.items() for one in pair for text in texts_of(one)]
    return [text for one in value for text in texts_of(one)] if isinstance(value, list) else [str(value)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_english_stands_on_the_page_of_a_kpi(lang):
    found = {kpi.name: left(drawn(DefinitionDocument(kpi, Wording(lang)))) for kpi in CATALOGUE}
    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["report, whole", "inspect", "rows, left out", "kpis"])
def test_no_english_stands_in_a_workbook(name, lang, tmp_path):
    target = tmp_path / "page.xlsx"
    piped(*PAGES[name], "--lang", lang, "-o", target)
    book = load_workbook(target)
    shown = [sheet.title for sheet in book]
    shown += [
        str(cell.value) for sheet in book for row in sheet for cell in row if cell.data_type == "s"
    ]  # no formulas
    assert left("\n".join(shown)) == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [80, 100])
@pytest.mark.parametrize("name", ["report", "inspect", "kpis", "reconcile", "define, csat, of files", "agents"])
def test_no_page_is_wider_than_the_terminal(monkeypatch, name, width, lang):
    shown = on_terminal(monkeypatch, width, *PAGES[name], "--lang", lang)
    assert [line for line in shown.splitlines() if len(line) > width] == []


@pytest.mark.parametrize(("lang", "tickets"), [("en", "tickets"), ("sv", "ärenden"), ("nb", "saker")])
def test_tables_of_files_are_called_as_the_reader_calls_them_and_by_their_key_in_json(lang, tickets, tmp_path):
    page = piped("report", FILES[0], "--lang", lang, "--format", "html").out
    assert re.search(rf">{Path(FILES[0]).name}</th><td>{tickets}</td>", page)
    assert f" {tickets}: " in " ".join(piped("inspect", FILES[0], "--lang", lang).out.split())
    sources = json.loads(piped("report", FILES[0], "--lang", lang, "--format", "json").out)["sources"]
    assert sources[0]["table"] == "tickets"
