"""Several questions of one kind, such as how likely the company and how likely the product is to be recommended: which is the whole, if one is.

A survey asks of one thing in many ways, and a pattern finds them all. One is taken where it alone asks of the whole (`recommend us`, effort of getting
help) and the others of something else or of another time; else none has a value until `--column` names it.
"""

import re
from collections.abc import Collection, Sequence

import polars as pl

from kpi_core.ingest.fields.field_reader import FieldReader
from kpi_core.ingest.formats.recognise import Match
from kpi_core.ingest.headers.lookalike_questions import asks
from kpi_core.ingest.questions.overall_question import OF_ALL, OF_AN_ASPECT, OF_SUPPORT, about
from kpi_core.messages.message import Message
from kpi_core.patterns import regex

MOST_MARKS, LONGEST = 15, 40
"""Up to how many different cells of up to how many letters may be marks."""
_GROUP = regex(r"(?:[-–:_ ]|^nps) *(?:group|gruppe|grupp|kategori|category|segment)\s*$", re.IGNORECASE)
_US = regex(
    r"\b(?:us|our (?:company|business|firm|organi[sz]ation)|oss|vårt (?:företag|bolag)|vår (?:organisation|bedrift)|vårt (?:selskap|firma)|os|vores (?:virksomhed|firma)"
    r"|meitä|meille|yritystämme)\b", re.IGNORECASE
)  # fmt: skip
_HELP = regex(
    r"\b(?:help|support|issue|problem|case|request|question|contact|answer|hjälp\w*|ärende\w*|problem\w*|fråga\w*|kontakt\w*|svar|hjelp\w*|sak\w*|henvendelse\w*|hjælp\w*"
    r"|sag\w*|apua|ongelma\w*|asia\w*)\b", re.IGNORECASE
)  # fmt: skip
_PART = regex(
    r"\b(?:the|our|this|vår|våra|vårt|vores|våre|denna|denne|tämä\w*)?\s*\w*(?:products?|apps?|app(?:en|ar|er)|website|site|platform|software|tool|portal|store|shop|produkt\w*|webb\w*"
    r"|hemsid\w*|plattform\w*|verktyg\w*|butik\w*|nettside\w*|nettbutik\w*|hjemmeside\w*|verktøy\w*|tuote\w*|tuotte\w*|verkkosivu\w*|sovellu\w*)\b", re.IGNORECASE
)  # fmt: skip
_PAST = regex(
    r"\b(?:a year ago|last year|previously|in the past|before|för (?:ett|\d) år sedan|förra året|tidigare|for (?:et|\d) år siden|i fjor|sidste år|tidligere"
    r"|vuosi sitten|viime vuonna|aiemmin)\b", re.IGNORECASE
)  # fmt: skip
WHOLE, UNKNOWN, PART = range(3)


def asked_of(name: str, wording: str) -> int:
    """Whether a question asks of the whole, of a part of it or of another time, or of something unknown."""
    theme = about(wording)
    if _PAST.search(wording) or (theme != OF_ALL and (theme == OF_AN_ASPECT or _PART.search(wording))):
        return PART
    if theme in (OF_ALL, OF_SUPPORT):
        return WHOLE
    return WHOLE if (_US if name == "nps" else _HELP).search(wording) else UNKNOWN


def settled(
    reader: FieldReader, name: str, patterns: Sequence[str], place: int, taken: Collection[int]
) -> tuple[int, Message | None, bool]:
    """Of the questions that patterns find, the place of the one to read, the note on the choice, and whether it is none."""
    match = reader.match
    places = sorted([place, *_rivals(reader, patterns, place, taken)])
    if len(places) < 2:
        return place, None, False
    ranks = {each: asked_of(name, wordings(match)[each]) for each in places}
    best = [each for each in places if ranks[each] == min(ranks.values())]
    wordings_of = {each: " ".join(wordings(match)[each].split()) for each in places}
    if len(best) == 1 and ranks[best[0]] != PART:
        others = [wordings_of[each] for each in places if each != best[0]]
        return (
            best[0],
            Message("question-of-the-whole", header=wordings_of[best[0]], others=others, question=name),
            False,
        )
    return place, Message("several-questions", headers=list(wordings_of.values()), question=name), True


def _rivals(reader: FieldReader, patterns: Sequence[str], place: int, taken: Collection[int]) -> list[int]:
    """The places of further questions that patterns find apart from the one at a place; columns that only sort marks are none."""
    match, found = reader.match, []
    for other, wording in enumerate(wordings(match)):
        header = match.headers[other]
        if (
            other in taken
            or other == place
            or _is_of_one(match, place, other)
            or _GROUP.search(header)
            or _GROUP.search(wording)
        ):
            continue
        is_found = any(asks(pattern, text) for pattern in patterns for text in (header, wording))
        if is_found and _are_marks(reader.sample[f"c{other}"]):
            found.append(other)
    return found


def wordings(match: Match) -> Sequence[str]:
    """What each column asks: the wording next to its header, else the header."""
    labels = match.labels or match.headers
    return [label or header for header, label in zip(match.headers, labels, strict=True)]


def _is_of_one(match: Match, place: int, other: int) -> bool:
    """Whether two columns are options, or repeats, of one question."""
    mine, its = match.headers[place], match.headers[other]
    question = mine.rpartition(" - ")[0] or mine
    return mine == its or (bool(question) and its.rpartition(" - ")[0] == question)


def _are_marks(cells: pl.Series) -> bool:
    given = cells.drop_nulls().str.strip_chars()
    given = given.filter(given != "")
    return not given.is_empty() and given.n_unique() <= MOST_MARKS and bool((given.str.len_chars() <= LONGEST).all())
