"""Every message of the code has its sentence in every language, and every sentence a message."""

import ast
import re
from datetime import date
from pathlib import Path
from string import Formatter

import pytest

from kpi_core.messages.labels import LANGUAGES, SENTENCES, labels, sentences
from kpi_core.messages.message import Message

ROOT = Path(__file__).parents[1]
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
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
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
    if how == "date":
        return date(2026, 3, count)
    if how.startswith(("%", ".", "+")) or how == "time":
        return 0.25 * count
    return ("first", "second")[:count]


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
def test_every_sentence_can_be_said(lang, count):
    for key, sentence in sentences(lang).items():
        said = Message(key, **{name: sample(how, count) for name, how in fields(sentence)}).said(lang)
        assert said
        assert "{" not in said.replace("{period}", "")
        for _, how in fields(sentence):
            if "|" in how:
                forms = how.removeprefix("=").split("|")
                assert len(forms) == 2, f"{lang}: {key}"
                assert forms[count - 1] in said


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
    ("lang", "count", "said"),
    [
        ("en", 1, "1 reply has a reply time under 0: left out of it"),
        ("en", 1204, "1,204 replies have a reply time under 0: left out of it"),
        ("sv", 1204, "1\u00a0204 svar har en svarstid under 0 och är utelämnade ur den"),
        ("nb", 1204, "1\u00a0204 svar har en svartid under 0 og er utelatt fra den"),
    ],
)
def test_a_number_takes_its_form(lang, count, said):
    assert Message("negative-reply-times", count=count).said(lang) == said


@pytest.mark.parametrize(("count", "said"), [(1, "`a`"), (3, "`a`, `b`, `c`"), (5, "`a`, `b`, `c` and 2 more")])
def test_a_list_is_cut_only_where_it_is_longer(count, said):
    words = list("abcde"[:count])
    assert f"nobody knows from {said} in" in Message(
        "unknown-directions", file="f", words=words, header="h", incoming="in", outgoing="out"
    ).said("en")


def test_a_message_in_a_message_is_said_in_the_same_language():
    assert (
        Message("no-value", why=Message("mostly-unread")).said("sv")
        == "inget värde: de flesta av raderna gick inte att förstå"
    )
