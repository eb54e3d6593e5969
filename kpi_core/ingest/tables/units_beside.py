"""A unit of amounts that stands above a table, below it or in a row of its own, and not in the header: `Alla belopp i tkr`.

Which columns it is of nobody can tell for sure, and a thousand times is no rounding: nothing is computed from the amounts.
"""

from collections.abc import Iterator, Sequence

from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.headers.header_units import factor_of
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
from kpi_core.patterns import regex

CODE = "unit-beside"
AMOUNT = "amount"
HEADINGS = "headings"
KPIS = {"orders": ("revenue*", "aov*"), "costs": ("cac*", "cost_per_ticket*")}
_MONEY = r"(?:kr|kronor|kroner|sek|nok|dkk|isk|eur|euro|usd|gbp|€|\$|£)"
_UNIT = regex(
    r"(?i)(?<![^\W\d_])(?:tkr|tsek|tnok|tdkk|teur|ksek|knok|kdkk|keur|kkr|mkr|msek|mnok|mdkk|meur|öre|øre|cents|pence)(?![^\W\d_])"
    r"|\b(?:i|in)\s+(?:hel[ae]\s+)?(?:tusental|tusen|tusinde|thousands?|millions?|miljoner|millioner|1[\s.,]?000(?:-tals?)?)(?![^\W\d_])"
    rf"|(?:\b(?:tusen|thousands?|millions?|miljoner|millioner)|['’]000|(?<!\d)1[\s.,]?000)\s*(?:of\s+)?{_MONEY}(?![^\W\d_])"
    rf"|{_MONEY}\s*(?:['’]?000\b|thousands?\b|millions?\b)"
)


def unit_beside(read: FileRead, lines: Sequence[str]) -> Iterator[Finding]:
    """What is said of the amounts of a file where one of the lines above or below its table, or a row left out as heading, names their unit."""
    names = KPIS.get(read.mapping.table, ())
    header = next((found.header for found in read.narrow.fields if found.name == AMOUNT), None)
    if not names or header is None or factor_of(header) != 1:
        return
    rows = [str(word).strip("`") for each in read.findings if each.code == HEADINGS for word in _words(each)]
    line = next((line for line in (*lines, *rows) if _UNIT.search(line)), None)
    if line is not None:
        message = Message("unit-beside", file=read.name, line=line, header=header)
        yield Finding(code=CODE, message=message, kpis=names, is_serious=True, consequence=Consequence.NO_VALUE)


def _words(finding: Finding) -> Sequence[object]:
    """What the first rows left out as headings say."""
    words = finding.message.values["words"]
    names = words.values.get("names") if isinstance(words, Message) else None
    return names if isinstance(names, tuple) else ()
