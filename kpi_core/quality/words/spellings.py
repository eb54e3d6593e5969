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
NAMED = 3


def in_one_spelling(facts: Mapping[str, Facts], by: Iterable[str]) -> tuple[dict[str, Facts], list[Finding]]:
    """Facts with one spelling for each word of the columns that rows are split or counted by; and what was taken as one."""
    respelt, findings = dict(facts), []
    for column in dict.fromkeys((*by, *ALWAYS)):
        own = [name for name, each in respelt.items() if each.frame.schema.get(column) in (pl.Categorical, pl.String)]
        counts: Counter[str] = Counter()
        if not _differ({word for name in own for word in distinct(respelt[name].frame[column]).to_list()}, column):
            continue
        for name in own:
            counts.update(dict(respelt[name].frame[column].cast(pl.String).drop_nulls().value_counts().iter_rows()))
        instead = _instead(counts, column)
        for name in own:
            frame = respelt[name].frame
            words = pl.col(column).cast(pl.String).replace(instead).cast(frame.schema[column])
            respelt[name] = replace(respelt[name], frame=frame.with_columns(words))
        listed = [f"{word} = {kept}" for word, kept in sorted(instead.items())]
        text = Message("one-spelling", column=column, words=first_of(listed, NAMED))
        findings.append(Finding(code="one-spelling", message=text))
    return respelt, findings


def _one(word: str, column: str) -> str:
    """What a word has in common with its other spellings; of an agent also with `Berg, Anna` for `Anna Berg`, and with `7.0` for `7`."""
    plain = one_word(word)
    if column not in ALWAYS:
        return plain
    if name := _LAST_FIRST.fullmatch(plain):
        return f"{name[2]} {name[1]}"
    number = _FRACTION.fullmatch(plain)
    return number[1] if number else plain


def _differ(words: set[str], column: str) -> bool:
    """Whether any two of the words are one."""
    return len({_one(word, column) for word in words}) < len(words)


def _instead(counts: Mapping[str, int], column: str) -> dict[str, str]:
    """By word the commonest of its spellings, where that is another."""
    best: dict[str, str] = {}
    for word in sorted(counts, key=lambda word: (-counts[word], word)):
        best.setdefault(_one(word, column), word)
    return {word: kept for word in counts if (kept := best[_one(word, column)]) != word}
