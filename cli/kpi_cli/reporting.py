"""Making a report and handing it over: what `report` and `demo` share."""

from typing import TYPE_CHECKING

import typer

from kpi_cli import boundary, outputs, refused
from kpi_cli.options import project
from kpi_cli.options.arguments import Gate
from kpi_cli.options.delivery import Delivery, Page, placed
from kpi_cli.options.question import Demonstration, Question
from kpi_cli.options.reading import Reading
from kpi_cli.progress import read
from kpi_cli.terminal import clean
from kpi_core.records import dataclass

SET_ASIDE = "set-aside"
"""The code of the finding that a file was not read."""
OUT_OF_DATE = ("hardly-understood", "old-export")
"""The codes of findings that the report is of nothing, or of an earlier time than was meant."""

if TYPE_CHECKING:
    from pathlib import Path

    from kpi_cli.documents.document import Document
    from kpi_cli.documents.report import ReportDocument
    from kpi_cli.documents.wording import Wording
    from kpi_core.analysis.request import Request
    from kpi_core.analysis.story.behind import Behind, Looking
    from kpi_core.ingest.dataset import Dataset
    from kpi_core.model.kpi import Kpi
    from kpi_core.model.report import Report
    from kpi_core.quality.gate import Breach


def answer(files: list[str], reading: Reading, question: Question, delivery: Delivery) -> None:
    """Makes the report and hands it over; leaves with the exit code that it earns under the gates asked for."""
    project.announce(delivery.config, is_quiet=delivery.quiet)
    config, known = delivery.config, question.catalogue(hashed=files)
    listing = _listing(question, known) if delivery.todo else None
    found = made(files, reading, question, delivery, known, config, listing)
    report = found.report
    document = hand_over(found, delivery, question, config)
    if delivery.subject is not None:
        _write_subject(document, placed(delivery.subject, document.period))
    if listing is not None and found.dataset is not None:
        _list(found, listing, delivery, known)
    _report_set_aside(report, delivery)
    is_missed = _report_missed(report, delivery)
    _report_unjudged(report, question, known)
    if delivery.strict or Gate.QUALITY in delivery.gates:
        _check_quality(report, delivery, reading, has_files=bool(files))
    if is_missed:
        raise typer.Exit(boundary.ExitCode.TARGET)


@dataclass(frozen=True)
class Made:
    """A report, how it is worded, what lies behind it where that was looked at, and what was read where more is asked of it."""

    report: "Report"
    wording: "Wording"
    behind: "Behind | None" = None
    dataset: "Dataset | None" = None


def _listing(question: Question, known: "tuple[Kpi, ...]") -> "Request":
    """What is asked of the targets, for the list of what to do; without any it is a list of signals."""
    from dataclasses import replace

    request = question.request(known)
    kpis = tuple(one for one in known if one.name in request.targets)
    return replace(request, kpis=kpis)


def _list(made: Made, listing: "Request", delivery: Delivery, known: "tuple[Kpi, ...]") -> None:
    """Writes the list of what to do, by the verdicts of the report next to it."""
    from kpi_cli.documents.wording import Wording
    from kpi_cli.todo import lists
    from kpi_core.analysis.goals.actions import answered

    own = delivery.config.actions if delivery.config else {}
    assert made.dataset is not None
    found = answered(made.dataset, listing, own, lists.watched(known, delivery.config), report=made.report)
    lists.write(found, delivery.todo, Wording(delivery.lang))


def made(
    files: list[str], reading: Reading, question: Demonstration, page: Page, known: "tuple[Kpi, ...]",
    config: "project.Config" = None, listing: "Request | None" = None,
) -> Made:  # fmt: skip
    """The report on the files, with what lies behind it for an output that has room for it; the rows they refuse are written where they are wanted.

    What `listing` asks of the same files is read too.
    """
    from dataclasses import replace
    from functools import partial

    from kpi_core.threads import at_leisure, import_at_leisure

    request = question.request(known, is_long=page.long)
    wording = reading.wording(page.lang, files)
    at_leisure("words", partial(wording.word, "service_report"))  # which loads the words, wanted when all is counted
    for name in ("kpi_cli.documents.report", "kpi_core.analysis.report"):
        import_at_leisure(name)
    has_room = any(outputs.OUTPUTS[name].has_room for name, _ in page.targets)
    looking = _looking(known, config) if has_room else None
    texts = request.texts() if looking is None else looking.texts(request)
    if listing is not None:
        from kpi_cli.todo import lists
        from kpi_core.analysis.goals.standings import texts as also

        texts |= also(listing, lists.watched(known, config))
    dataset = read(files, reading.choices(known), texts, is_quiet=page.quiet)
    refused.write(dataset, page.refused, page.lang)
    from kpi_core.analysis.report import summarise

    request = replace(request, title=wording.word("service_report"))
    report = summarise(dataset, request)
    behind = None
    if looking is not None:
        from kpi_core.kpis.headlines import headlines

        by_name = {kpi.name: kpi for kpi in request.kpis}
        shown = [one.kpi for one in report.totals if one.estimate.value is not None]
        names = headlines(shown, config.headlines if config else ())
        behind = looking.behind(dataset, request, report, [by_name[name] for name in names if name in by_name])
    return Made(report, wording, behind, None if listing is None else dataset)


def _looking(known: "tuple[Kpi, ...]", config: "project.Config") -> "Looking":
    from kpi_core.analysis.story.behind import Looking

    return Looking(
        catalogue=known, actions=config.actions if config else {}, consent=config.consent if config else None
    )


def hand_over(found: Made, page: Page, question: Demonstration, config: "project.Config" = None) -> "ReportDocument":
    """Writes the report where it is wanted, and gives what was written; a file appears whole or not at all."""
    from kpi_cli.documents.phrases import kpis
    from kpi_cli.documents.report import ReportDocument, View

    view = View(
        is_whole=page.all,
        with_notes=page.notes,
        is_chosen=bool(question.kpi),
        headlines=config.headlines if config else (),
        is_compared=question.compare != "none",
        is_long=page.long,
        figures=config.benchmarks if config else (),
    )
    wording, events = found.wording.knowing(kpis(found.report)), config.events if config else ()
    document = ReportDocument(found.report, wording, view, found.behind, events)
    document.template = page.template if isinstance(page, Delivery) else None
    page.deliver(document)
    return document


def _write_subject(document: "Document", path: "Path | None") -> None:
    """The title and the first sentence, on one line."""
    from kpi_cli.writing import atomic_text

    page = document.page()
    sentences = [f"{one.sign} {one.text}".strip() for one in page.headline[:1]]
    with atomic_text(path) as stream:
        stream.write(clean(": ".join([page.title, *sentences])) + "\n")


def recognise(files: list[str], reading: Reading, question: Question) -> None:
    """Says what each file would be read as, and settles the question by their rows: a group or a condition that they do not have is refused."""
    from kpi_core.errors import UnreadableError
    from kpi_core.ingest.dataset import meant_by
    from kpi_core.ingest.files.inputs import nothing_left
    from kpi_core.ingest.files.opening import open_export
    from kpi_core.ingest.understanding import understand

    known = question.catalogue()
    request = question.request(known)
    choices = reading.choices(known)
    meant = meant_by(files, choices)
    aside = list(meant.set_aside)
    for item in meant.files:
        try:
            export = open_export(item, choices.options)
        except UnreadableError as error:
            if item.is_named:
                raise
            aside.append(error)
            continue
        match = understand(export, choices, is_alone=len(meant.files) == 1).match
        typer.echo(clean(f"{item.name}: {match.mapping.name} ({match.reason})"))
    if len(aside) == len(meant.files) + len(meant.set_aside):
        raise nothing_left(aside)
    for left in aside:
        typer.echo(clean(f"{left}: nothing of it is counted"))
    from kpi_core.analysis.report import prepare

    prepare(read(files, choices, request.texts(), is_quiet=True), request)


def _check_quality(report: "Report", delivery: Delivery, reading: Reading, *, has_files: bool) -> None:
    """Leaves with the code of the gate, having printed on stderr what crosses which threshold."""
    from dataclasses import replace

    from kpi_core.quality.gate import Thresholds, breaches, unjudged

    thresholds = delivery.config.thresholds if delivery.config else Thresholds()
    for line in unjudged(report, thresholds):
        typer.echo(clean(f"threshold not judged: {line}"), err=True)
    if found := breaches(report, replace(thresholds, is_strict=delivery.strict)):
        crossed = "\n".join(breach.text for breach in found)
        hint = reading.hint("\n".join(_ways(found, delivery)), has_files=has_files)
        raise typer.Exit(boundary.print_fault(crossed, hint, boundary.ExitCode.QUALITY))


def _ways(found: "tuple[Breach, ...]", delivery: Delivery) -> list[str]:
    """Where to look, and where the thresholds come from."""
    about, written, config = {breach.about for breach in found}, delivery.refused, delivery.config
    ways = []
    if "rows" in about:
        ways.append(
            f"`{written}` holds the refused rows" if written else "`--refused FILE` writes the refused rows to a file"
        )
    if "words" in about:
        ways.append("`kundpuls inspect FILES` lists the words")
    if delivery.strict:
        ways.append(
            "`--strict` allows no refused row, unknown word or serious finding, `--fail-on quality` goes by thresholds"
        )
    elif config:
        ways.append(f"the thresholds are those of `quality` in {config.path}")
    else:
        ways.append(f"thresholds of your own go into {project.NAME}")
    return ways


def _report_set_aside(report: "Report", delivery: Delivery) -> None:
    """Says on stderr, quiet or not, which files of a folder were not read, and that the report is not the one that was meant.

    Only where the answer goes to files that nobody looks at now, and in English as all of stderr.
    """
    if not delivery.output:
        return
    for finding in report.findings:
        if finding.code == SET_ASIDE:
            typer.echo(clean(f"not read: {finding.message}"), err=True)
        elif finding.code in OUT_OF_DATE:
            typer.echo(clean(f"warning: {finding.message}"), err=True)


def _report_missed(report: "Report", delivery: Delivery) -> bool:
    """Says on stderr which targets are missed, quiet or not; gives whether a gate asks about them."""
    from kpi_cli.documents.missed_targets import lines, missed
    from kpi_cli.documents.phrases import kpis
    from kpi_cli.documents.wording import Wording

    found = missed(report, by_value=Gate.TARGET_POINT in delivery.gates)
    for line in lines(found, Wording(delivery.lang).knowing(kpis(report))):
        typer.echo(clean(line), err=True)
    surely = missed(report, by_value=False)
    return bool((Gate.TARGET in delivery.gates and surely) or (Gate.TARGET_POINT in delivery.gates and found))


def _report_unjudged(report: "Report", question: Question, known: "tuple[Kpi, ...]") -> None:
    """Says which targets could not be judged: silence, and a gate that is open, would say that they are met."""
    from kpi_cli.documents.missed_targets import of_groups, unjudged
    from kpi_cli.options.targets import goals

    asked = goals(question.target, known)
    for line in (*unjudged(report, asked), *of_groups(report, asked)):
        typer.echo(clean(line), err=True)
