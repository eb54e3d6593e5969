"""Making a report and handing it over: what `report` and `demo` share."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from kpi_cli import asking
from kpi_cli.arguments import Gate

if TYPE_CHECKING:
    from kpi_core.report import Report

TOLERATED = 0.05
"""The share of a file's rows that may be refused before `--fail-on quality` fails."""


def make(
    files: list[str], reading: asking.Reading, question: asking.Question, lang: str, *, is_quiet: bool
) -> "Report":
    """The report on the files."""
    from dataclasses import replace

    from kpi_cli.wording import Wording
    from kpi_core.analysis.summary import summarise
    from kpi_core.ingest.dataset import read_exports

    request = question.request()
    request = replace(request, title=request.title or Wording(lang).word("service_report"))
    with asking.progress(is_quiet=is_quiet) as tell:
        dataset = read_exports(files, reading.choices(), request.texts(), tell)
    return summarise(dataset, request)


def deliver(report: "Report", name: str, output: Path | None, lang: str, color: str) -> None:
    """Writes the report where it is wanted; a file appears whole or not at all."""
    from kpi_cli import outputs, writing
    from kpi_cli.wording import Wording

    write, wording = outputs.writer(name), Wording(lang)
    if name in outputs.BINARY and output is not None:
        with writing.atomic_path(output) as draft:
            write(report, draft, wording)
        return
    with writing.atomic_text(output) as stream:
        if name == "table":
            from kpi_cli.outputs import table

            table.write(report, stream, wording, color=color)  # type: ignore[arg-type]
        else:
            write(report, stream, wording)


def gate(report: "Report", gates: frozenset[Gate], *, is_strict: bool) -> None:
    """Leaves with the exit code that the report earns under the gates asked for."""
    from kpi_cli.boundary import ExitCode
    from kpi_core.analysis.targets import is_point_missed
    from kpi_core.report import Status

    serious = any(finding.is_serious for finding in report.findings)
    shares = [sum(source.rows_refused.values()) / source.rows_read for source in report.sources if source.rows_read]
    if (is_strict and (serious or any(shares))) or (
        Gate.QUALITY in gates and (serious or any(share > TOLERATED for share in shares))
    ):
        raise typer.Exit(ExitCode.QUALITY)
    aimed = [result for result in report.results if result.target is not None]
    missed = Gate.TARGET in gates and any(result.target and result.target.status is Status.MISSED for result in aimed)
    beside = Gate.TARGET_POINT in gates and any(
        result.target and is_point_missed(result.kpi, result.estimate, result.target.value) for result in aimed
    )
    if missed or beside:
        raise typer.Exit(ExitCode.TARGET)
