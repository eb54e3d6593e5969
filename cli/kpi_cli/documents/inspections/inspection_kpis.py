"""Which KPIs the inspected files can feed, and what the others lack: the lack that costs most KPIs first.

The page gathers; JSON has each KPI with everything it lacks.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field

from kpi_cli.documents.blocks import Tone
from kpi_cli.documents.definitions import families
from kpi_cli.documents.inspections.inspection_troubles import listed
from kpi_cli.documents.page import PageBuilder
from kpi_cli.documents.wording import Wording
from kpi_core.analysis.inspection import Inspection
from kpi_core.messages.message import Message, Text
from kpi_core.messages.nouns import TABLE_OF, called
from kpi_core.model.kpi import Kpi
from kpi_core.records import dataclass

NAMED = 6
"""KPIs named of those that one thing would give."""

QUESTION = "answers to "
NO_ROWS = "a row that counts"


@dataclass(kw_only=True)
class Lacking:
    """KPIs gathered by what they lack: whole tables, survey questions, one thing, several things."""

    tables: dict[str, list[Kpi]] = field(default_factory=dict)
    questions: dict[str, list[Kpi]] = field(default_factory=dict)
    single: dict[Text, list[Kpi]] = field(default_factory=dict)
    several: list[Kpi] = field(default_factory=list)


def able(page: PageBuilder, wording: Wording, inspection: Inspection) -> None:
    """The KPIs with rows behind them, by subject."""
    counts = {kpi.name: n for kpi, n in inspection.able}
    kpis = [kpi for kpi, n in inspection.able if n]
    if not kpis:
        return
    page.title(wording.word("able_title"))
    subjects = {subject: wording.name(subject) for subject in dict.fromkeys(kpi.subject for kpi in kpis)}
    page.pairs(
        (name, "; ".join(_names([kpi for kpi in kpis if kpi.subject == subject], counts, wording)))
        for subject, name in subjects.items()
    )


def unable(page: PageBuilder, wording: Wording, inspection: Inspection) -> None:
    """The others, gathered under what they lack."""
    if lines := list(_lacks(gathered(inspection), wording)):
        page.title(wording.word("unable_title"))
        for line in lines:
            page.say(line)
        page.say(wording.word("unable_hint"), Tone.QUIET)


def gathered(inspection: Inspection) -> Lacking:
    """Every KPI that cannot be had, once."""
    found = Lacking()
    for one in inspection.unable:
        table = next((TABLE_OF[need] for need in one.needs if isinstance(need, Message) and need in TABLE_OF), None)
        if table is not None:
            found.tables.setdefault(table, []).append(one.kpi)
        elif len(one.needs) > 1:
            found.several.append(one.kpi)
        else:
            question = _question(one.needs[0])
            if question is not None:
                found.questions.setdefault(f"`{question}`", []).append(one.kpi)
            else:
                found.single.setdefault(one.needs[0], []).append(one.kpi)
    for kpi, n in inspection.able:
        if not n:
            found.single.setdefault(NO_ROWS, []).append(kpi)
    return found


def _question(need: Text) -> str | None:
    """The question whose answers are lacking; None where it is something else."""
    is_of_answers = isinstance(need, Message) and need.key == "answers-to-question"
    return str(need.values["question"]) if isinstance(need, Message) and is_of_answers else None


def _lacks(lacking: Lacking, wording: Wording) -> Iterator[str]:
    word = wording.word
    for table, kpis in lacking.tables.items():
        yield word("lacks_table", count=len(kpis), table=wording.render(called(table)))
    lone: list[str] = []
    for need, kpis in sorted(lacking.single.items(), key=lambda pair: -len(pair[1])):
        names, lack = _names(kpis), wording.render(need)
        if len(names) > 1 or need == NO_ROWS:
            yield f"{word('lacks_row') if need == NO_ROWS else lack}: {listed(names, NAMED, wording)}"
        else:
            lone.append(lack if kpis[0].name == need else f"{lack} ({kpis[0].name})")
    if lone:
        yield word("lacks_each", needs="; ".join(lone))
    if lacking.questions:
        asked = list(lacking.questions)
        count = sum(map(len, lacking.questions.values()))
        yield word("lacks_answers", questions=listed(asked, NAMED, wording), count=count)
    if lacking.several:
        yield word("lacks_several", kpis=listed(_names(lacking.several), NAMED, wording))


def _names(kpis: Sequence[Kpi], counts: Mapping[str, int] | None = None, wording: Wording | None = None) -> list[str]:
    """`csat 244`, `csat_mean 214`; the mean and p90 of a time next to its median."""
    counted = []
    for entry in families(kpis):
        rows = f" {wording.number(counts[entry.kpi.name])}" if counts and wording else ""
        counted.append(f"{entry.kpi.name}{entry.forms_text}{rows}")
    return counted
