"""Making a report and handing it over: what `report` and `demo` share."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from kpi_cli import asking, boundary, project, refused
from kpi_cli.arguments import Gate
from kpi_cli.boundary import UsageError
from kpi_cli.terminal import clean

if TYPE_CHECKING:
    from kpi_core.quality import Breach
    from kpi_core.report import Report


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """How and where the answer goes, as typed, what it must pass, and the project file that has a say in it.

    Raises:
        UsageError: it cannot go there.
    """

    format: str | None
    output: Path | None
    refused: Path | None
    lang: str
    color: str
    is_quiet: bool
    config: project.Project | None = None
    gates: frozenset[Gate] = frozenset()
    is_strict: bool = False
    is_long: bool = False
    is_whole: bool = False
    with_notes: bool = False

    def __post_init__(self) -> None:
        if self.is_long and self.name != "csv":
            raise UsageError("`--long` is a form of CSV", hint="say --format csv, or -o with a name that ends in .csv")
        refused.check(self.refused, self.output)

    @property
    def name(self) -> str:
        """The output's name."""
        return asking.format_for(self.format, self.output)


def answer(files: list[str], reading: asking.Reading, question: asking.Question, delivery: Delivery) -> None:
    """Makes the report and hands it over; leaves with the exit code that it earns under the gates asked for."""
    project.tell(delivery.config, is_quiet=delivery.is_quiet)
    report = _made(files, reading, question, delivery)
    _hand_over(report, delivery, is_chosen=bool(question.kpi))
    is_missed = _tell_missed(report, delivery)
    _tell_unjudged(report, question, delivery)
    if delivery.is_strict or Gate.QUALITY in delivery.gates:
        _check_quality(report, delivery)
    if is_missed:
        raise typer.Exit(boundary.ExitCode.TARGET)


def _made(files: list[str], reading: asking.Reading, question: asking.Question, delivery: Delivery) -> "Report":
    """The report on the files; the rows they refuse are written where they are wanted."""
    from dataclasses import replace
    from importlib import import_module
    from threading import Thread

    from kpi_cli.wording import Wording
    from kpi_core.ingest.dataset import read_exports

    request = question.request()
    request = replace(request, title=request.title or Wording(delivery.lang).word("service_report"))
    Thread(target=import_module, args=["kpi_core.analysis.summary"], daemon=True).start()  # beside the reading
    with asking.progress(is_quiet=delivery.is_quiet) as tell:
        dataset = read_exports(files, reading.choices(), request.texts(), tell)
    refused.write(dataset, delivery.refused)
    from kpi_core.analysis.summary import summarise

    return summarise(dataset, request)


def _hand_over(report: "Report", delivery: Delivery, *, is_chosen: bool) -> None:
    """Writes the report where it is wanted; a file appears whole or not at all."""
    from kpi_cli import outputs, writing
    from kpi_cli.documents.report import View, document
    from kpi_cli.phrases import kpis
    from kpi_cli.wording import Wording

    name, output, wording = delivery.name, delivery.output, Wording(delivery.lang).knowing(kpis(report))
    if name in outputs.BINARY and output is not None:
        with writing.atomic_path(output) as draft:
            outputs.writer(name)(report, draft, wording)
        return
    with writing.atomic_text(output) as stream:
        if name in outputs.PAGES:
            headlines = delivery.config.headlines if delivery.config else ()
            view = View(
                is_whole=delivery.is_whole, with_notes=delivery.with_notes, is_chosen=is_chosen, headlines=headlines
            )
            outputs.page(name, document(report, wording, view), stream, wording, delivery.color)
        else:
            outputs.writer("csv_long" if delivery.is_long else name)(report, stream, wording)


def _check_quality(report: "Report", delivery: Delivery) -> None:
    """Leaves with the code of the gate, having said on stderr what crosses which threshold."""
    from dataclasses import replace

    from kpi_core.quality import Thresholds, breaches, unjudged

    thresholds = delivery.config.thresholds if delivery.config else Thresholds()
    for line in unjudged(report, thresholds):
        typer.echo(clean(f"threshold not judged: {line}"), err=True)
    if found := breaches(report, replace(thresholds, is_strict=delivery.is_strict)):
        told = "\n".join(breach.text for breach in found)
        hint = "\n".join(_ways(found, delivery))
        raise typer.Exit(boundary.tell(told, hint, boundary.ExitCode.QUALITY))


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
    if delivery.is_strict:
        ways.append(
            "`--strict` allows no refused row, unknown word or serious finding, `--fail-on quality` goes by thresholds"
        )
    elif config:
        ways.append(f"the thresholds are those of `quality` in {config.path}")
    else:
        ways.append(f"thresholds of your own go into {project.NAME}")
    return ways


def _tell_missed(report: "Report", delivery: Delivery) -> bool:
    """Says on stderr which targets are missed, quiet or not; gives whether a gate asks about them."""
    from kpi_cli.missed import lines, missed
    from kpi_cli.phrases import kpis
    from kpi_cli.wording import Wording

    found = missed(report, by_value=Gate.TARGET_POINT in delivery.gates)
    for line in lines(found, Wording(delivery.lang).knowing(kpis(report))):
        typer.echo(clean(line), err=True)
    surely = missed(report, by_value=False)
    return bool((Gate.TARGET in delivery.gates and surely) or (Gate.TARGET_POINT in delivery.gates and found))


def _tell_unjudged(report: "Report", question: asking.Question, delivery: Delivery) -> None:
    """Says which targets a gate was asked about and could not judge, since a gate that is open says that they are met."""
    from kpi_cli.missed import unjudged

    if {Gate.TARGET, Gate.TARGET_POINT} & delivery.gates:
        for line in unjudged(report, [target.kpi for target in question.target]):
            typer.echo(clean(line), err=True)
