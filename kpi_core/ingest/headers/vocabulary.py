"""What the words of a header speak of, so that `case_enquiry_id` and `Ärendenr` are known for the number of a case.

The words are data (`configs/values/headers.yaml`); here stands how a header is taken apart and how well it says
what a phrase such as `open date` says.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from pydantic import BaseModel, ConfigDict

from kpi_core.config import yaml
from kpi_core.config.resources import configs
from kpi_core.errors import MappingError
from kpi_core.ingest.headers.header_zones import without_zone

Spoken = tuple[frozenset[str], ...]
"""For each telling word of a header what it may speak of; an empty set for an unknown word."""

_SHORTEST_PART = 3
_LATER = 0.005
_TIMELY = frozenset({"date", "time", "clock"})
_STROKES = str.maketrans({"ø": "o", "æ": "a", "đ": "d", "ß": "s"})


class Vocabulary(BaseModel):
    """The words of headers, and the phrases by which columns and questions are known."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    words: dict[str, tuple[str, ...]]
    silent: tuple[str, ...]
    until: tuple[str, ...]
    negations: tuple[str, ...]
    rows: dict[str, str]
    columns: dict[str, dict[str, tuple[str, ...]]]
    questions: dict[str, tuple[str, ...]]
    telling: dict[str, tuple[str, ...]]
    channels: tuple[str, ...]
    order_states: tuple[str, ...]
    common: tuple[str, ...]
    plain_amounts: tuple[str, ...]
    money: tuple[str, ...]

    @property
    def uninformative(self) -> frozenset[str]:
        """The words that say nothing of which column it is: silent ones and currencies."""
        return frozenset((*self.silent, *self.money))


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The words shipped with the tool."""
    return yaml.validate(yaml.load(configs() / "values" / "headers.yaml", MappingError), Vocabulary, MappingError)


@lru_cache(maxsize=1)
def _subjects() -> dict[str, frozenset[str]]:
    """Each word and what it may speak of; a spelling without accents where it is no other word."""
    found: dict[str, frozenset[str]] = {}
    for subject, words in vocabulary().words.items():
        for word in words:
            found[word] = found.get(word, frozenset()) | {subject}
    plain: dict[str, frozenset[str]] = {}
    for word, subjects in found.items():
        plain[folded(word)] = plain.get(folded(word), frozenset()) | subjects
    return {**plain, **found}


def folded(word: str) -> str:
    """The word without accents and strokes, as systems write it that know only ASCII."""
    parts = unicodedata.normalize("NFKD", word.translate(_STROKES))
    return "".join(part for part in parts if not unicodedata.combining(part))


@lru_cache(maxsize=4096)
def spoken(header: str) -> Spoken:
    """What each word of a header speaks of, silent words (`of`, `hours`) and figures left out."""
    words = _words(header)
    silent = vocabulary().uninformative
    promise = _promise(words)
    with_subjects = [(word, _subjects_of(word)) for word in words if word not in silent and word != promise]
    if any("sla" in subjects for _, subjects in with_subjects):
        with_subjects = [(word, subjects) for word, subjects in with_subjects if word not in vocabulary().negations]
    return (*(subjects for _, subjects in with_subjects), *([frozenset({"due"})] if promise else []))


def _promise(words: Sequence[str]) -> str:
    """The last word of a header that says by when something is to be done (`Resolve by`, `Lös senast`); empty for others."""
    last = next((word for word in reversed(words) if not _subjects_of(word) & _TIMELY), "")
    return last if last in vocabulary().until and last != words[0] else ""


def says_the_contrary(header: str) -> bool:
    """Whether yes in a column means that something was missed: `SLA breached`, `Försenad`, not `Not breached`."""
    is_negated = not set(vocabulary().negations).isdisjoint(_words(header))
    return speaks_of(header, "late") is not is_negated


def _words(header: str) -> list[str]:
    return [word.casefold() for word in re.findall(r"[^\W\d_]+", _apart(header))]


def _apart(header: str) -> str:
    """The header without its time zone and with a blank before each capital inside a word, as in `createdAt`."""
    return re.sub(r"(?<=[a-zà-þ])(?=[A-Z])", " ", without_zone(header))


def _subjects_of(word: str) -> frozenset[str]:
    known = _subjects()
    if found := known.get(word) or known.get(folded(word)):
        return found
    for split in range(_SHORTEST_PART, len(word) - 1):
        left, right = word[:split], word[split:]
        first = known.get(left) or known.get(left.removesuffix("s")) or known.get(left.removesuffix("e"))
        if first and (second := known.get(right)):
            return first | second
    return frozenset()


@lru_cache(maxsize=4096)
def stem(header: str) -> frozenset[frozenset[str] | str]:
    """What a header says apart from being a date, a time or a clock: `Created_Date` and `Created_Time` have one stem."""
    words = [word.casefold() for word in re.findall(r"[^\W\d_]+", _apart(header))]
    meant: set[frozenset[str] | str] = set()
    for word in words:
        known = _subjects_of(word)
        if word in vocabulary().uninformative or (known and known <= _TIMELY):
            continue
        meant.add(known - _TIMELY or word)
    return frozenset(meant)


def is_common(header: str) -> bool:
    """Whether the header says nothing that separates one table from another: a bare date, a number, a total."""
    words = [word.casefold() for word in re.findall(r"[^\W\d_]+", _apart(header))]
    telling = [
        word for word in words if word not in vocabulary().uninformative and word not in vocabulary().plain_amounts
    ]
    return set(vocabulary().money).isdisjoint(words) and all(
        _subjects_of(word) <= set(vocabulary().common) for word in telling
    )


def speaks_of(header: str, *subjects: str) -> bool:
    """Whether any word of the header speaks of one of the subjects."""
    return any(word & set(subjects) for word in spoken(header))


def begins_with(name: str, subject: str) -> bool:
    """Whether a word of a file's name begins with one of the subject's: `csatraw` with `csat`."""
    known = tuple(word for word in vocabulary().words[subject] if len(word) >= _SHORTEST_PART)
    return any(word.startswith(known) for word in re.findall(r"[^\W\d_]+", name.casefold()))


def says(header: str, phrases: Iterable[str], *rows: str) -> float:
    """How much of the header the best phrase explains: 1 all of it, 0 that none is in it; earlier phrases go before.

    A word that says no more than what a row is (`ticket` in tickets, one of the subjects `rows`) needs no explaining; one that is
    known and speaks of something else counts double.
    """
    words = spoken(header)
    subjects = frozenset[str]().union(*words)
    said = ((place, parts) for place, parts in enumerate(map(_parts, phrases)) if parts <= subjects)
    return max((_explained(words, parts, rows) * (1 - place * _LATER) for place, parts in said), default=0.0)


@lru_cache(maxsize=4096)
def _parts(phrase: str) -> frozenset[str]:
    """The subjects that a phrase is made of."""
    return frozenset(phrase.split())


def _explained(words: Spoken, phrase: frozenset[str], rows: tuple[str, ...]) -> float:
    """How much of a header a phrase explains all of whose subjects are in it."""
    explained = sum(bool(word & phrase) for word in words)
    open_ones = sum(1 + bool(word) for word in words if not word & phrase and word.isdisjoint(rows))
    return explained / (explained + open_ones)
