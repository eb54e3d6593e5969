"""What is wrong with a condition, in words of our own: found in its text, and in what it speaks of.

The library's own message is searched for names only; where it has none, nothing is added.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, time

import polars as pl

from kpi_core.patterns import regex

_QUOTED = regex(r"'(?:[^']|'')*'|\"[^\"]*\"")
_DANGLING = regex(
    r"(?:\b(?:and|or|not|in|like|ilike|between|is|then|else|when|case|cast)|[=<>!+*/,-])\s*$", re.IGNORECASE
)
_TWO_SIGNS = regex(r"(?:[=<>!]+)\s+[=<>!]+|[=<>!]{3,}|=[<>]|><")
_IN_WITHOUT = regex(r"\bin\b\s*(?![\s(])", re.IGNORECASE)
_SPELT = regex(r"\b(date|datetime|timestamp|time)\s*'([^']*)'", re.IGNORECASE)
_INTERVAL = regex(r"\binterval\s*'([^']*)'", re.IGNORECASE)
_SPAN = regex(
    r"(?:\s*[+-]?\d+\s*(?:year|month|quarter|week|day|hour|minute|second|millisecond|microsecond|nanosecond)s?\b,?)+\s*",
    re.IGNORECASE,
)
_READERS = {
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "timestamp": datetime.fromisoformat,
    "time": time.fromisoformat,
}
_CONVERSION = regex(r"conversion from .*? failed in column '([^']*)' for (\d+) out of (\d+) values: \[(.*)", re.DOTALL)
_FUNCTION = regex(r"function '?\"?(\w+)", re.IGNORECASE)
_KINDS = ((pl.String, "text"), (pl.Categorical, "text"), (pl.Boolean, "a truth"), (pl.Datetime, "a point in time"))  # fmt: skip


def unparsed(text: str, error: BaseException) -> str:
    """`: ` and what is wrong in a text that is no condition; empty where that is not known."""
    found = next(_in_the_text(text), None)
    if found is None and "function" in str(error) and (named := _FUNCTION.search(str(error))):
        found = f"there is no function `{named[1]}`"
    return f": {found}" if found else ""


def _in_the_text(text: str) -> Iterator[str]:
    bare = _QUOTED.sub(lambda quoted: "_" * len(quoted[0]), text)
    if quote := re.search(r"['\"]", bare):
        yield f"the quote at character {quote.start() + 1} is never closed"
    yield from _brackets(bare)
    if ";" in bare:
        yield f"a `;` at character {bare.index(';') + 1}: it is one condition, not several"
    if found := _DANGLING.search(bare):
        yield f"something is missing after `{found[0].strip()}`"
    if found := _TWO_SIGNS.search(bare):
        yield f"`{found[0]}` at character {found.start() + 1} is no comparison"
    if found := _IN_WITHOUT.search(bare):
        yield f"after `in` at character {found.start() + 1} stands a list in brackets, ('high', 'urgent')"
    for kind, word in _SPELT.findall(text):
        if not _is_read(kind.lower(), word):
            yield f"`{word}` is no {'date' if kind.lower() == 'date' else 'time'}"
    yield from (f"`{word}` is no span of time" for word in _INTERVAL.findall(text) if not _SPAN.fullmatch(word))


def _brackets(bare: str) -> Iterator[str]:
    opened: list[int] = []
    for place, letter in enumerate(bare):
        if letter == "(":
            opened.append(place)
        elif letter == ")":
            if not opened:
                yield f"nothing is opened that the bracket at character {place + 1} could close"
                return
            opened.pop()
    if opened:
        yield f"the bracket at character {opened[-1] + 1} is never closed"


def _is_read(kind: str, word: str) -> bool:
    try:
        _READERS[kind](word.strip())
    except ValueError:
        return False
    return True


def unasked(expression: pl.Expr, empty: pl.DataFrame, error: BaseException) -> str:
    """`: ` and why a condition cannot be asked of a table of these types."""
    if "regex" in str(error).lower():
        return ": it holds a pattern that is none"
    names = [name for name in dict.fromkeys(expression.meta.root_names()) if name in empty.schema]
    kinds = ", ".join(f"`{name}` is {_kind(empty.schema[name])}" for name in names)
    return f": {kinds}, which does not go with the rest of it" if kinds else ""


def _kind(dtype: pl.DataType) -> str:
    if dtype.is_numeric():
        return "a number"
    return next(
        (noun for kind, noun in _KINDS if dtype == kind),
        "a span of time" if dtype == pl.Duration else "of another kind",
    )


def unread(error: BaseException) -> str:
    """`: ` and what rows hold that a condition cannot be asked of; empty where that is not known."""
    found = _CONVERSION.search(str(error))
    if found is None:
        return ""
    example = re.match(r'"((?:[^"\\]|\\.)*)"|([^,\]]+)', found[4])
    shown = f", for example `{example[1] or example[2]}`" if example else ""
    return f": {int(found[2]):,} of {int(found[3]):,} cells of `{found[1]}` cannot be converted{shown}"
