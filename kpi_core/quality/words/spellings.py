"""Words that differ in case or blanks alone, which are one group: `Anna`, `ANNA` and `anna`.

The commonest spelling stands for all. Conditions find every spelling of the word that they name.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

import polars as pl

from kpi_core.config.spelling import one_word
from kpi_core.facts import Facts
from kpi_core.messages.lists import first_of
from kpi_core.messages.message import Message
from kpi_core.model.columns import distinct
from kpi_core.model.findings import Finding
from kpi_core.patterns import regex

ALWAYS = ("agent",)
"""What is counted by its different words, whether or not it is split by."""
_LAST_FIRST = regex(r"([^\W\d_][^,\d]*), ?([^\W\d_][^,\d]*)")
"""`Berg, Anna`."""
_FRACTION = regex(r"(\d+)[.,]0{1,2}")
_SHOWN = regex(r"\s*([^<@]+?)\s*[<(][^<>@\s]+@[^<>\s]+[>)]\s*")
"""`Anna Berg <anna@firma.se>`."""
_LOCAL = regex(r"\s*([^@\s]+)@[^@\s]+\s*")
_APART = regex(r"[._-]+")
_LETTERS = str.maketrans({"å": "a", "ä": "a", "ö": "o", "ø": "o", "é": "e", "è": "e", "ü": "u", "æ": "ae"})
NAMED = 3


def in_one_spelling(facts: Mapping[str, Facts], by: Iterable[str]) -> tuple[dict[str, Facts], list[Finding]]:
    """Facts with one spelling for each word of the columns that rows are split or counted by; and what was taken as one."""
    respelt, findings = dict(facts), []
    for column in dict.fromkeys((*by, *ALWAYS)):
        own = [name for name, each in respelt.items() if each.frame.schema.get(column) in (pl.Categorical, pl.String)]
        counts: Counter[str] = Counter()
        words_of_all = {
            word for name in own for word in distinct(respelt[name].frame[column]).to_list() if word is not None
        }
        named = _of_addresses(words_of_all) if column in ALWAYS else {}
        if not _differ(words_of_all, column, named):
            continue
        for name in own:
            counts.update(dict(respelt[name].frame[column].cast(pl.String).drop_nulls().value_counts().iter_rows()))
        instead = _instead(counts, column, named)
        for name in own:
            frame = respelt[name].frame
            words = pl.col(column).cast(pl.String).replace(instead).cast(frame.schema[column])
            respelt[name] = replace(respelt[name], frame=frame.with_columns(words))
        listed = [f"{word} = {kept}" for word, kept in sorted(instead.items())]
        text = Message("one-spelling", column=column, words=first_of(listed, NAMED))
        findings.append(Finding(code="one-spelling", message=text))
    return respelt, findings


def _of_addresses(words: Iterable[str]) -> dict[str, str]:
    """By address (`anna.berg@firma.se`, `Anna Berg <…>`) the agent among the words whose name it has, where that is one alone."""
    addresses = [word for word in words if "@" in word]
    if not addresses:
        return {}
    names: dict[str, list[str]] = {}
    for word in words:
        if "@" not in word:
            names.setdefault(_plain(_one(word, "agent", {})), []).append(word)
    found = {}
    for address in addresses:
        shown, local = _SHOWN.match(address), _LOCAL.match(address)
        called = shown[1] if shown else " ".join(_APART.split(local[1])) if local else ""
        same = {_one(name, "agent", {}) for name in names.get(_plain(called), ())}
        if len(called.split()) > 1 and len(same) == 1:
            found[address] = same.pop()
    return found


def _plain(name: str) -> str:
    """A name in the letters of addresses: `åsa öberg` as `asa oberg`."""
    return name.casefold().strip().translate(_LETTERS)


def _one(word: str, column: str, named: Mapping[str, str]) -> str:
    """What a word has in common with its other spellings; of an agent also with `Berg, Anna` for `Anna Berg`, with an address, and with `7.0` for `7`."""
    if word in named:
        return named[word]
    plain = one_word(word)
    if column not in ALWAYS:
        return plain
    if name := _LAST_FIRST.fullmatch(plain):
        return f"{name[2]} {name[1]}"
    number = _FRACTION.fullmatch(plain)
    return number[1] if number else plain


def _differ(words: set[str], column: str, named: Mapping[str, str]) -> bool:
    """Whether any two of the words are one."""
    return len({_one(word, column, named) for word in words}) < len(words)


def _instead(counts: Mapping[str, int], column: str, named: Mapping[str, str]) -> dict[str, str]:
    """By word the commonest of its spellings, where that is another."""
    best: dict[str, str] = {}
    for word in sorted(counts, key=lambda word: (word in named, -counts[word], word)):
        best.setdefault(_one(word, column, named), word)
    return {word: kept for word in counts if (kept := best[_one(word, column, named)]) != word}
