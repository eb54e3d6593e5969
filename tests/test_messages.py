"""Every message of the code has its sentence in every language, and every sentence a message."""

import ast
import io
import re
from datetime import date
from pathlib import Path
from string import Formatter

import pytest

from kpi_cli import outputs
from kpi_cli.documents.inspections.inspection import InspectionDocument
from kpi_cli.documents.report import ReportDocument, View
from kpi_cli.documents.wording import Wording
from kpi_core.analysis.inspection import inspect
from kpi_core.analysis.report import summarise
from kpi_core.analysis.request import Request
from kpi_core.ingest.dataset import read_exports
from kpi_core.ingest.file_read import Choices
from kpi_core.kpis import CATALOGUE
from kpi_core.messages.definitions import Defined
from kpi_core.messages.labels import LANGUAGES, SENTENCES, labels, sentences
from kpi_core.messages.message import Message
from kpi_core.messages.packed import packed, unpacked
from kpi_core.quality.gate import Thresholds, breaches
from tests.english import english

ROOT = Path(__file__).parents[1]
SAMPLES, CASES = ROOT / "sample_data", ROOT / "tests" / "cases"
SOURCES = [path for room in ("kpi_core", "cli") for path in sorted((ROOT / room).rglob("*.py"))]
ENGLISH = re.compile(r"\b(the|of|and|is|are|were|was|with|without|which|that|this|by|from|not|left out|counts?|rows?|tickets?|files?|answers?|has|have|its|their|those|says?)\b")  # fmt: skip
NAMED = re.compile(r"`[^`]*`|--[a-z][\w-]*(?: [\w=<>-]+)?|\b[a-z]+(?:_[a-z]+)+\b|\{[^}]*\}|kundpuls \w+")
"""What stands in a sentence as it is in every language: names in a file, options, names of KPIs, values."""


def keys_of(node):
    """The keys that the first argument of a message can be; None where it is no literal."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return [*(keys_of(node.body) or [""]), *(keys_of(node.orelse) or [""])]
    return None


def calls():
    """(place, key, names of the values given) of every message that the code makes."""
    for path in SOURCES:
        text = path.read_text("utf-8")
        for node in ast.walk(ast.parse(text)) if "Message(" in text else ():
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Message":
                place = f"{path.relative_to(ROOT)}:{node.lineno}"
                for key in keys_of(node.args[0]) or [""]:
                    yield place, key, {keyword.arg for keyword in node.keywords}


CALLS = list(calls())


def fields(sentence):
    return {(name, how) for _, name, how, _ in Formatter().parse(sentence) if name is not None}


def shown(sentence):
    """The values that a sentence shows; a number that only picks a form (`{count:=is|are}`) may do so in one language alone."""
    return {name for name, how in fields(sentence) if not how.startswith("=")}


def sample(how, count):
    if how == "" or "|" in how:
        return count
    if how in ("date", "clock"):
        return date(2026, 3, count)
    if how.startswith(("%", ".", "+")) or how == "time":
        return 0.25 * count
    return "agent" if how in ("word", "inside") else ("first", "second")[:count]


def test_every_key_is_written_where_the_message_is_made():
    assert [place for place, key, _ in CALLS if not key] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_message_has_its_sentence(lang):
    assert sorted({key for _, key, _ in CALLS} - sentences(lang).keys()) == []


def test_every_sentence_has_its_message():
    assert sorted(sentences("en").keys() - {key for _, key, _ in CALLS}) == []


def test_a_key_stands_in_one_section():
    listed = [key for section in SENTENCES for key in labels("en")[section] or {}]
    assert len(listed) == len(set(listed))


def test_what_a_sentence_wants_is_given():
    missing = [
        f"{place}: `{key}` lacks {', '.join(sorted(lacking))}"
        for place, key, given in CALLS
        if key in sentences("en") and None not in given
        if (lacking := {name for name, _ in fields(sentences("en")[key])} - given)
    ]
    assert missing == []


@pytest.mark.parametrize("lang", [lang for lang in LANGUAGES if lang != "en"])
def test_languages_have_the_same_sentences_with_the_same_values(lang):
    english, others = sentences("en"), sentences(lang)
    assert sorted(english.keys() ^ others.keys()) == []
    assert [key for key in english if shown(english[key]) != shown(others[key])] == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("count", [1, 2])
def test_every_sentence_can_be_rendered(lang, count):
    for key, sentence in sentences(lang).items():
        text = Message(key, **{name: sample(how, count) for name, how in fields(sentence)}).render(lang)
        assert text
        assert "{" not in text.replace("{period}", "")
        for _, how in fields(sentence):
            if "|" in how:
                forms = how.removeprefix("=").split("|")
                assert len(forms) == 2, f"{lang}: {key}"
                assert forms[count - 1] in text


@pytest.mark.parametrize("lang", [lang for lang in LANGUAGES if lang != "en"])
def test_no_english_is_left_in_a_sentence(lang):
    left = {
        key: found.group()
        for key, sentence in sentences(lang).items()
        if (found := ENGLISH.search(NAMED.sub("", sentence)))
    }
    assert left == {}


def test_messages_are_compared_and_counted_by_what_they_say():
    one, same = Message("x", count=3, names=["a", "b"]), Message("x", names=("a", "b"), count=3)
    assert one == same
    assert {one: 1}[same] == 1
    assert one != Message("x", count=4, names=["a", "b"])


@pytest.mark.parametrize(
    ("lang", "count", "message"),
    [
        ("en", 1, "1 reply has a reply time under 0: left out of it"),
        ("en", 1204, "1,204 replies have a reply time under 0: left out of it"),
        ("sv", 1204, "1\u00a0204 svar har en svarstid under 0 och är utelämnade ur den"),
        ("nb", 1204, "1\u00a0204 svar har en svartid under 0 og er utelatt fra den"),
    ],
)
def test_a_number_takes_its_form(lang, count, message):
    assert Message("negative-reply-times", count=count).render(lang) == message


@pytest.mark.parametrize(("count", "message"), [(1, "`a`"), (3, "`a`, `b`, `c`"), (5, "`a`, `b`, `c` and 2 more")])
def test_a_list_is_cut_only_where_it_is_longer(count, message):
    words = list("abcde"[:count])
    assert f"nobody knows from {message} in" in Message(
        "unknown-directions", file="f", words=words, header="h", incoming="in", outgoing="out"
    ).render("en")


def test_a_message_in_a_message_is_rendered_in_the_same_language():
    assert (
        Message("no-value", why=Message("mostly-unread")).render("sv")
        == "inget värde: de flesta av raderna gick inte att förstå"
    )


def test_a_message_in_a_cell_is_the_message_again():
    nested = Message("no-value", why=Message("left-out", what=Defined("left_out", "csat", "not answered")))
    for message in (nested, Message("x", names=["a", "b"], share=0.25, count=3), Message("mostly-unread")):
        assert unpacked(packed(message)) == message


FILES = [[SAMPLES / "arenden_2026.csv"], [SAMPLES / "freshdesk_tickets.csv", SAMPLES / "surveymonkey_responses.csv"],
         [SAMPLES / "zendesk_tickets.csv", SAMPLES / "google_forms_responses.csv", SAMPLES / "messages_2026.csv"],
         *([path] for path in sorted(CASES.iterdir()) if path.suffix in (".csv", ".xlsx", ".json"))]  # fmt: skip
"""The sample data, and every small input of the cases."""
NO_REPORT = {"answers-with-damaged-words", "call-log-with-a-lead-number", "dates-as-scores", "event-log-feb", "event-log-jan", "event-log-with-a-timestamp",
             "far-cell", "orders-without-number", "survey-with-a-value"}  # fmt: skip
"""The inputs that are refused as they are."""
COLUMN = re.compile(r"\w+")


def texts_of(report, inspection):
    """(where, text) of all that a report and an inspection say, and of what they leave unreported."""
    for result in report.results:
        reasons = result.trust.reasons if result.trust else ()
        noted = [result.change.note] if result.change and result.change.note else []
        yield from ((result.kpi.name, text) for text in (*result.notes, *result.excluded, *reasons, *noted))
    yield from (("findings", finding.message) for finding in (*report.findings, *inspection.findings))
    yield from (("defects", defect.message) for defect in inspection.defects)
    yield from (("costs", defect.cost.if_so) for defect in inspection.defects if defect.cost)
    yield from (("gate", breach.message) for breach in breaches(report, Thresholds(is_strict=True)))
    yield from (("sources", text) for source in report.sources for text in (*source.notes, *source.rows_refused))
    yield from (("needs", need) for one in (*report.unavailable, *inspection.unable) for need in one.needs)
    yield from (("recognised", file.reason) for file in inspection.files)
    yield from (("columns", how) for file in inspection.files for column in file.columns for how in column.how)


def pages_of(report, inspection, lang):
    """The lines of a report and of an inspection in a language, those that are cells of the files apart."""
    wording = Wording(lang)
    for document in (ReportDocument(report, wording, View(is_whole=True, with_notes=True)), InspectionDocument(inspection, wording)):  # fmt: skip
        stream = io.StringIO()
        outputs.writer("md")(document, stream, "never")
        is_report = isinstance(document, ReportDocument)
        yield from (line.replace("\\", "") for line in stream.getvalue().splitlines() if is_report or line[:1] != "|")


@pytest.mark.parametrize("paths", FILES, ids=lambda paths: paths[0].stem)
def test_what_is_reported_of_files_is_a_message_and_no_english_stands_on_a_page(paths, monkeypatch):
    if paths[0].stem in NO_REPORT:
        pytest.skip("refused as it is")
    monkeypatch.chdir(paths[0].parent)
    request = Request(kpis=CATALOGUE)
    dataset = read_exports([path.name for path in paths], Choices(), request.texts())
    report, inspection = summarise(dataset, request), inspect(dataset)
    texts = list(texts_of(report, inspection))
    assert [text for where, text in texts if not isinstance(text, Message) and not (where == "needs" and COLUMN.fullmatch(text))] == []  # fmt: skip
    own = {*(header for read in dataset.reads for header in read.headers if header), *(read.mapping.name for read in dataset.reads),
           *(read.mapping.label for read in dataset.reads)}  # fmt: skip
    named = re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(name) for name in sorted(own, key=len, reverse=True))})(?!\w)")
    for lang in ("sv", "nb"):
        message = [text.render(lang) for _, text in texts if isinstance(text, Message)]
        assert [text for text in message if english(named.sub("", text))] == []
        assert [line for line in pages_of(report, inspection, lang) if len(english(named.sub("", line))) > 2] == []
