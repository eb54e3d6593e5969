"""What stands above a table, below it or in a row of its own and means its cells: the unit of amounts (`Alla belopp i tkr`), the scale of answers.

Which columns a line is about is never certain, and a thousand times or the other end of a scale is no rounding: where
header and reading say otherwise, nothing is computed from them.
"""

from collections.abc import Iterator, Sequence

import polars as pl

from kpi_core.ingest.cells.scores.stated_scales import Stated, stated
from kpi_core.ingest.fields.narrow_scan import collect
from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.headers.header_rows import normal
from kpi_core.ingest.headers.header_units import factor_of
from kpi_core.ingest.questions.survey_questions import Question
from kpi_core.messages.message import Message
from kpi_core.model.findings import Consequence, Finding
from kpi_core.patterns import regex

UNIT = "unit-beside"
AMOUNT = "amount"
MOST = 1000
"""Different cells of such a column that are looked at."""
HEADINGS = "headings"
KPIS = {"orders": ("revenue*", "aov*"), "costs": ("cac*", "cost_per_ticket*")}
_MONEY = r"(?:kr|kronor|kroner|sek|nok|dkk|isk|eur|euro|usd|gbp|€|\$|£)"
_UNIT = regex(
    r"(?i)(?<![^\W\d_])(?:tkr|tsek|tnok|tdkk|teur|ksek|knok|kdkk|keur|kkr|mkr|msek|mnok|mdkk|meur|öre|øre|cents|pence)(?![^\W\d_])"
    r"|\b(?:i|in)\s+(?:hel[ae]\s+)?(?:tusental|tusen|tusinde|thousands?|millions?|miljoner|millioner|1[\s.,]?000(?:-tals?)?)(?![^\W\d_])"
    rf"|(?:\b(?:tusen|thousands?|millions?|miljoner|millioner)|['’]000|(?<!\d)1[\s.,]?000)\s*(?:of\s+)?{_MONEY}(?![^\W\d_])"
    rf"|{_MONEY}\s*(?:['’]?000\b|thousands?\b|millions?\b)"
)
BY_ROW = regex(
    r"(?i)^(?:enhet(?:er)?|unit|måttenhet|valör|(?:moms|mva|vat|tax|alv)[ _-]?(?:typ|type|status|kod|kode|ingår|inkluderad|included|inkludert)?|yksikkö)$"
)
"""Headers of columns that may say of each row in which unit its amount is, or whether with VAT."""
_WITH, _WITHOUT = regex(r"(?i)^(?:ink|inc|med\b|with\b)"), regex(r"(?i)^(?:ex|eks|utan\b|uten\b|uden\b|without\b)")
SCALE = "scale-beside"
_STEP = regex(r"^\d{1,2}$")
_FEWEST_STEPS = 3
_OF_SCALE = regex(r"(?i)\b(?:skala\w*|skalor|scales?|asteikko\w*)\b")
EFFORT = "ces"
"""Of which nobody takes a direction for granted."""


def stated_unit(read: FileRead, lines: Sequence[str]) -> Iterator[Finding]:
    """The finding on the amounts of a file where one of the lines above or below its table, or a row left out as heading, names their unit."""
    names = KPIS.get(read.mapping.table, ())
    header = next((found.header for found in read.narrow.fields if found.name == AMOUNT), None)
    if not names or header is None or factor_of(header) != 1:
        return
    rows = [str(word).strip("`") for each in read.findings if each.code == HEADINGS for word in _words(each)]
    line = next((line for line in (*lines, *rows) if _UNIT.search(line)), None)
    if line is not None:
        message = Message("unit-beside", file=read.name, line=line, header=header)
        yield Finding(code=UNIT, message=message, kpis=names, is_serious=True, consequence=Consequence.NO_VALUE)


def _words(finding: Finding) -> Sequence[object]:
    """What the first rows left out as headings say."""
    words = finding.message.values["words"]
    names = words.values.get("names") if isinstance(words, Message) else None
    return names if isinstance(names, tuple) else ()


def unit_by_row(read: FileRead) -> Iterator[Finding]:
    """The finding on the amounts of a file where another column gives each row's unit, and these are several."""
    names = KPIS.get(read.mapping.table, ())
    header = next((found.header for found in read.narrow.fields if found.name == AMOUNT), None)
    if not names or header is None:
        return
    for place, other in enumerate(read.headers[: read.raw.width]):
        if other != header and BY_ROW.match(other.strip()):
            cell = pl.col(f"c{place}").str.strip_chars()
            units = collect(read.raw, read.raw.scan(skip=read.match.skip).select(cell).unique().head(MOST))
            words = sorted(word for word in units.to_series().to_list() if word)
            if len({_unit_of(word) for word in words}) > 1:
                message = Message("unit-by-row", file=read.name, other=other, words=words[:3], header=header)
                yield Finding(code=UNIT, message=message, kpis=names, is_serious=True, consequence=Consequence.NO_VALUE)


def _unit_of(word: str) -> str:
    """What a cell says of an amount: with VAT or without it, or how many its number stands for."""
    if _WITH.match(word) or _WITHOUT.match(word):
        return "with" if _WITH.match(word) else "without"
    return f"{factor_of(f'x ({word})'):g}"


def legend(rows: Sequence[Sequence[str]]) -> str | None:
    """A scale that is written one step a row, a number and its word, as one line: `1 = Mycket nöjd, 2 = Nöjd, …`; None where there is none."""
    steps = dict[int, str]()
    for row in rows:
        cells = [cell.strip() for cell in row if cell.strip()]
        if len(cells) != 2 or all(map(_STEP.match, cells)) or not any(map(_STEP.match, cells)):
            continue
        number, word = cells if _STEP.match(cells[0]) else cells[::-1]
        steps.setdefault(int(number), word)
    numbers = list(steps)
    first = min(numbers, default=2)
    is_run = sorted(numbers) == list(range(first, first + len(numbers))) and numbers in (
        sorted(numbers),
        sorted(numbers)[::-1],
    )
    is_scale = first <= 1 and len(numbers) >= _FEWEST_STEPS and is_run
    return ", ".join(f"{number} = {steps[number]}" for number in sorted(numbers)) if is_scale else None


def stated_scale(read: FileRead, lines: Sequence[str]) -> Iterator[Finding]:
    """The finding on the questions of a file whose scale a line next to the table gives otherwise; what the user or the header says goes before it."""
    if not read.questions:
        return
    stated_lines = [
        (line, says) for line in lines if (says := stated(line)).way or (says.ends and _OF_SCALE.search(line))
    ]
    for question in read.questions:
        own = [(line, says) for line, says in stated_lines if _names(line, question)]
        meant = own or [(line, says) for line, says in stated_lines if _is_meant(question, line, says, read.questions)]
        line = next((line for line, says in meant if _is_against(question, says)), None)
        if line is not None:
            message = Message("scale-beside", file=read.name, line=line, header=question.header, question=question.name)
            yield Finding(
                code=SCALE, message=message, kpis=(f"{question.name}*", "nki*"), is_serious=True, consequence=Consequence.NO_VALUE
            )  # fmt: skip


def _is_meant(question: Question, line: str, says: Stated, questions: Sequence[Question]) -> bool:
    """Whether a line that does not name this question is of it: it names none of those of the file, and gives a scale that no other of them has."""
    if any(_names(line, each) for each in questions):
        return False
    scales = [each.reading.scale for each in questions if each is not question]
    return says.way == "lower" or all(scale is None or tuple(scale) != says.ends for scale in scales)


def _names(line: str, question: Question) -> bool:
    words = normal(line)
    asked = normal(question.header)
    return bool(asked) and (asked in words or question.name in words.split())


def _is_against(question: Question, says: Stated) -> bool:
    scale = question.reading.scale
    is_other = says.ends is not None and scale is not None and question.declared is None and tuple(scale) != says.ends
    is_turned = says.way == "lower" and question.way is None and question.name != EFFORT and not question.reading.words
    return is_other or is_turned
