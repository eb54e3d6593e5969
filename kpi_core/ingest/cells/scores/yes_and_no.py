"""Yes and no with a few words behind them: `Ja, delvis`, `Nej, problemet är inte löst`, `Yes, it was`."""

import re
from collections.abc import Mapping

import polars as pl

from kpi_core.ingest.cells.scores.rating_words import normal_word
from kpi_core.patterns import regex

_YES = frozenset({"yes", "ja", "jo", "kyllä", "joo"})
_NO = frozenset({"no", "nej", "nei", "ei"})
_APART = regex(r"^\s*([^\W\d_]+)(\s*[,;.:!–—-]\s*|\s+)(\S.*)$", re.DOTALL)
_BLANK_ENOUGH = frozenset({"yes", "ja", "nej", "nei", "kyllä"})
"""What says yes or no before a blank too: `No idea` and `Ei koske` do not."""
_PARTLY = regex(
    r"\b(?:part(?:ly|ially)?|mostly|somewhat|to some extent|delvis|delvist|til dels|till viss del|til en viss grad|osittain|nästan|nesten|næsten|melkein)\b"
)
_BUT = regex(r"\b(?:but|though|however|men|dock|dog|mutta|fast|although|only|bara|kun)\b")
_NOT = regex(r"\b(?:not|n't|isn't|wasn't|no|never|inte|ej|aldrig|ikke|aldri|slet|ei|eivät|en)\b")
_SOLVED = regex(r"\b(?:resolved|solved|fixed|löst|löstes|løst|avklart|ratkais\w*|ratkes\w*)\b")
LONGEST = 8
"""Words behind a yes or no that still only repeat it."""


def yes_and_no(cells: pl.DataFrame) -> Mapping[str, float]:
    """By cell (`word`, its `text` as written) 1 for yes, 0 for no and 0.5 for partly, where it begins so and takes nothing back."""
    found = ((word, _step_of(text)) for word, text in cells.select("word", "text").iter_rows())
    return {word: step for word, step in found if step is not None}


def _step_of(text: str) -> float | None:
    parts = _APART.match(text)
    if parts is None:
        return None
    head, rest = parts[1].lower(), normal_word(parts[3])
    if head not in _YES | _NO or (parts[2].isspace() and head not in _BLANK_ENOUGH):
        return None
    if len(rest.split()) > LONGEST or _BUT.search(rest):
        return None
    is_partly, is_not, is_solved = (bool(pattern.search(rest)) for pattern in (_PARTLY, _NOT, _SOLVED))
    if head in _YES:
        return None if is_not else 0.5 if is_partly else 1.0
    return None if is_partly or (is_solved and not is_not) else 0.0
