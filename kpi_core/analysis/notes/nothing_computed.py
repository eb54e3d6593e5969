"""Whether a report is one at all: what to say first where next to nothing could be computed, and the command that goes on."""

import shlex
from collections import Counter
from collections.abc import Sequence
from datetime import date

from kpi_core.engine.plan import leaves
from kpi_core.ingest.dataset import Dataset
from kpi_core.ingest.file_read import FileRead
from kpi_core.ingest.files.endings import store_of
from kpi_core.ingest.formats.mapping import built_in_names
from kpi_core.ingest.headers.header_rows import is_sentence
from kpi_core.ingest.tables.costs.kinds_of_costs import UNKNOWN as COSTS_OF_NO_KIND
from kpi_core.messages.message import Given, Message
from kpi_core.messages.nouns import called
from kpi_core.model.findings import Finding
from kpi_core.model.kpi import Kpi
from kpi_core.model.periods import Period
from kpi_core.model.report import KpiResult

HARDLY = "hardly-understood"
CAUSES = ("unread-opening", COSTS_OF_NO_KIND)
"""Findings that say why a list feeds no figure, and what to do."""
HANDFUL = 3
"""KPIs with a value that are still next to nothing, where most columns are not used."""
MANY = 10
"""KPIs that must have been asked for, for so few to say anything."""
NAMED = 6


def hardly_understood(
    dataset: Dataset, results: Sequence[KpiResult], asked: Sequence[Kpi], days: tuple[date, date] | None = None
) -> Finding | None:
    """The finding that nothing, or next to nothing, was computed from the files; None where enough was.

    `days` are the first and the last that any table covers.

    Next to nothing are a handful of values of the many KPIs that their tables may feed, where most of their columns
    have no meaning to the tool: a small file that is understood whole is none such.
    """
    valued = sum(_says_something(one) for one in results if not one.group)
    if valued > HANDFUL or not dataset.reads:
        return None
    fed = [kpi for kpi in asked if all((leaf.table or kpi.table) in dataset.tables for leaf in leaves(kpi))]
    reads = {read.name: read for read in dataset.reads}
    unused = [name for read in reads.values() for name in _unused(read)]
    total = sum(len(_named(read)) for read in reads.values())
    is_strange = 2 * len(unused) > total
    if valued and not (is_strange and len(fed) >= MANY):
        return None
    first = dataset.reads[0]
    file = first.name
    undated = next((finding for finding in dataset.findings if finding.code in CAUSES), None)
    if undated is not None:
        way = Message("way-because", why=undated.message)
    elif results and all(one.estimate.n == 0 and one.trust is None for one in results):
        way = _of_no_rows(results[0].period, _as_read(first), days)
    elif any(finding.code == "unknown-scale" for finding in dataset.findings):
        way = Message("way-scale")
    elif any(one.trust is not None and one.trust.is_withheld for one in results):
        way = Message("way-inspect", file=_as_read(first))
    elif reasons := Counter(note.values["why"] for one in results for note in one.notes if note.key == "no-value"):
        why, _ = reasons.most_common(1)[0]
        way = Message("way-because", why=why) if len(reasons) == 1 else Message("way-because-mostly", why=why)
    elif is_strange:
        way = Message("way-map", file=file)
    else:
        way = Message("way-lacking")
    text = Message(
        "hardly-computed" if valued else "nothing-computed",
        valued=valued, asked=len(asked), files=_files(dataset), tables=_tables(dataset),
        used=total - len(unused), total=total, left=_left(unused), way=way,
    )  # fmt: skip
    return Finding(code=HARDLY, message=text, is_serious=True)


def _says_something(result: KpiResult) -> bool:
    """Whether there is a value, one that is withheld, or anything counted of one that there is not."""
    estimate = result.estimate
    if estimate.value is not None or result.suppressed:
        return True
    return estimate.is_known and (estimate.n > 0 or any(vars(estimate.parts).values()))


def _of_no_rows(period: Period, name: str, days: tuple[date, date] | None) -> Message:
    """What goes on where no row counts: another period, unless all of them were looked at."""
    if days and period.start and period.end and (period.end <= days[0] or days[1] < period.start):
        return Message("way-period-outside", period=period.name, first=days[0].isoformat(), last=days[1].isoformat())
    if not period.is_all:
        return Message("way-period", period=period.name)
    return Message("way-no-rows", file=name)


def _as_read(file: FileRead) -> str:
    """How a command names a file; one in a store by the store."""
    store = store_of(file.raw.path.parent.parent)
    return file.name if store is None else f"--store {shlex.quote(str(store))}"


def _files(dataset: Dataset) -> Given:
    files = list(dict.fromkeys(read.name for read in dataset.reads))
    return files[0] if len(files) == 1 else Message("so-many-files", count=len(files))


def _tables(dataset: Dataset) -> list[Message | str]:
    return [called(table) for table in dict.fromkeys(read.mapping.table for read in dataset.reads)]


def _left(unused: Sequence[str]) -> Given:
    """The first headers that are not used; nothing where all are."""
    if not unused:
        return ""
    if len(unused) > NAMED:
        return Message("columns-not-used-among", names=unused[:NAMED])
    return Message("columns-not-used", names=unused)


def _named(read: FileRead) -> list[str]:
    return [read.headers[place] for place in _telling(read)]


def _telling(read: FileRead) -> list[int]:
    """The columns of a file that have a name; of a survey tool's export those that read like a question: the others are the tool's own."""
    match = read.match
    named = [place for place, header in enumerate(match.headers) if header and header.strip()]
    if match.mapping.table != "answers" or match.mapping.fallback or match.mapping.name not in built_in_names():
        return named
    asked = {question.place for question in read.questions}
    wordings = match.labels or match.headers
    return [
        place for place in named if place in asked or is_sentence(match.headers[place]) or is_sentence(wordings[place])
    ]


def _unused(read: FileRead) -> list[str]:
    """The headers of a file that its mapping has no use for."""
    match, mapping = read.match, read.mapping
    specs = mapping.columns.values()
    places = {place for spec in specs for place in match.places((*spec.headers, *spec.others, *spec.time))}
    places |= {question.place for question in read.questions} | {field.place for field in read.narrow.fields}
    return [read.headers[place] for place in _telling(read) if place not in places]
