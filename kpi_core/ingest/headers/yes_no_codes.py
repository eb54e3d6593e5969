"""What codes mean that a header explains itself: `Återöppnad (0=ja, 1=nej)`, `Solved (1 = yes, 2 = no)`, `Besvarad (J: ja, N: nej)`."""

import polars as pl

from kpi_core.messages.message import Message
from kpi_core.model.tables import Kind
from kpi_core.patterns import regex

_YES, _NO = "yes|ja|jes|jo|kyllä|sant|true|sann", "no|nej|nei|ei|false|falskt|usant"
_WORD = f"(?P<word>{_YES}|{_NO})"
_CODE = r"(?P<code>[^\W_]|\d{1,2})"
_CODE_FIRST = regex(rf"(?i)(?<![^\W_]){_CODE}\s*[=:]\s*{_WORD}(?![^\W_])")
_WORD_FIRST = regex(rf"(?i)(?<![^\W_]){_WORD}\s*[=:]\s*{_CODE}(?![^\W_])")
_IS_YES = regex(rf"(?i)^(?:{_YES})$")
USUAL = {"0": False, "1": True}
KINDS = {Kind.TRUTH: ("false", "true"), Kind.COUNT: ("0", "1")}
"""By kind of column that codes of yes and no may stand in, the words for no and yes in their place."""


def codes_of(header: str) -> dict[str, bool]:
    """By code, in lower case, whether it means yes; nothing where the header names none, or one in two ways."""
    found: dict[str, bool] = {}
    pattern = _CODE_FIRST if _CODE_FIRST.search(header) else _WORD_FIRST
    for match in pattern.finditer(header):
        code, is_yes = match["code"].lower(), bool(_IS_YES.match(match["word"]))
        if found.setdefault(code, is_yes) != is_yes:
            return {}
    if len(found) == 1 and set(found) <= set(USUAL):  # of two codes the other one is the contrary
        (code, is_yes) = next(iter(found.items()))
        found["1" if code == "0" else "0"] = not is_yes
    return found


def with_codes(text: pl.Expr, header: str, kind: Kind) -> pl.Expr:
    """The cells of a truth or a count with yes and no in place of the codes that the header explains."""
    if kind not in KINDS or not (codes := codes_of(header)):
        return text
    words = {code: KINDS[kind][is_yes] for code, is_yes in codes.items()}
    words |= {f"{code}.0": word for code, word in words.items() if code.isdigit()}
    return text.str.to_lowercase().replace(words)


def notes_of(header: str, kind: Kind) -> tuple[Message, ...]:
    """What is said of codes that mean something else than they do by themselves."""
    codes = codes_of(header) if kind in KINDS else {}
    if all(USUAL.get(code) == is_yes for code, is_yes in codes.items()):
        return ()
    yes, no = ([code for code, is_yes in codes.items() if is_yes is each] for each in (True, False))
    return (Message("column-read", header=header, how=Message("codes-of-the-header", yes=yes, no=no)),)
