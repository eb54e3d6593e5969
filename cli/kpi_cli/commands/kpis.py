"""`kundpuls kpis`: the catalogue, or one definition and which files can feed it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kpi_cli.boundary import UsageError
from kpi_cli.documents.page import Page
from kpi_cli.options import completion, project
from kpi_cli.options.delivery import Drawn as Format
from kpi_cli.options.delivery import ShownIn
from kpi_cli.options.question import Own
from kpi_cli.options.reading import Reading
from kpi_cli.progress import progress

if TYPE_CHECKING:
    from kpi_core.errors import KpiError
    from kpi_core.ingest.file_read import Choices
    from kpi_core.model.kpi import Kpi

WILDCARDS = "*?["

Name = Annotated[
    str | None,
    typer.Argument(metavar="[NAME]", autocompletion=completion.kpi, show_default=False,
                   help="The KPI to explain; with * or ? the KPIs to list."),
]  # fmt: skip
Candidates = Annotated[
    list[str] | None,
    typer.Argument(metavar="[FILES]", show_default=False, help="Exports: whether each of them can feed the KPI."),
]


def command(own: Own, shown: ShownIn, name: Name = None, files: Candidates = None, format: Format = "table") -> None:
    """The KPIs there are, or one explained.

    kundpuls kpis

    kundpuls kpis 'first_reply*'

    kundpuls kpis csat tickets.csv survey.xlsx
    """
    from kpi_cli.documents import definitions
    from kpi_cli.documents.wording import Wording
    from kpi_cli.outputs import deliver

    project.tell(shown.config, is_quiet=shown.quiet)
    known = own.catalogue()
    wording, chosen = Wording(shown.lang).knowing(known), _chosen(name, known)
    if name is None or any(mark in name for mark in WILDCARDS):
        if files:
            raise UsageError(
                "files are asked about one KPI at a time", hint=f"`kundpuls inspect {files[0]}` tells of all"
            )
        deliver(format, shown.color, lambda page: definitions.listing(page, chosen, wording),
                lambda: {"kpis": [definitions.record(kpi, wording, known) for kpi in chosen]})  # fmt: skip
        return
    kpi = chosen[0]
    answers = _abilities(kpi, files or [], Reading().choices(known), is_quiet=shown.quiet)

    def draw(page: Page) -> None:
        definitions.explanation(page, kpi, wording, known)
        definitions.abilities(page, answers, wording)

    deliver(
        format,
        shown.color,
        draw,
        lambda: {"kpi": definitions.record(kpi, wording, known), **({"files": answers} if files else {})},
    )


def _chosen(name: str | None, known: "tuple[Kpi, ...]") -> "tuple[Kpi, ...]":
    """The KPIs meant.

    Raises:
        UsageError: there is none of that name.
    """
    from kpi_core.errors import DefinitionError
    from kpi_core.kpis import select

    try:
        return select([] if name is None else [name], known)
    except DefinitionError as error:
        if name and Path(name).exists():
            hint = f"`kundpuls inspect {name}` says which KPIs it can feed; `kundpuls kpis csat {name}` asks about one"
            raise UsageError(f"`{name}` is a file, not a KPI", hint=hint) from None
        raise UsageError(error.message, hint=error.hint) from None


def _abilities(kpi: "Kpi", files: list[str], choices: "Choices", *, is_quiet: bool) -> list[dict[str, Any]]:
    """For each file alone whether it can feed the KPI, from how many rows, else what it lacks or why it cannot be read."""
    if not files:
        return []
    from kpi_core.errors import KpiError
    from kpi_core.ingest.files.inputs import look_for

    found: list[dict[str, Any]] = []
    with progress(is_quiet=is_quiet) as tell:
        meant = look_for(files)
        found += [_unable(str(left.where), left) for left in meant.set_aside]
        for item in meant.files:
            tell(item.name)
            try:
                n, needs = _rows_behind(kpi, str(item.path), choices)
            except KpiError as error:
                found.append(_unable(item.name, error))
                continue
            found.append({"path": item.name, "can_compute": n > 0, "n": n, "needs": list(needs), "error": None})
    return found


def _unable(name: str, error: "KpiError") -> dict[str, Any]:
    return {"path": name, "can_compute": False, "n": 0, "needs": [], "error": error.message}


def _rows_behind(kpi: "Kpi", path: str, choices: "Choices") -> tuple[int, tuple[str, ...]]:
    """How many rows of a file the KPI rests on, and what it lacks."""
    from kpi_core.analysis.report import summarise
    from kpi_core.analysis.request import Request
    from kpi_core.ingest.dataset import read_exports

    request = Request(kpis=(kpi,), period="all", compare="none")
    report = summarise(read_exports([path], choices, request.texts()), request)
    if report.unavailable:
        return 0, report.unavailable[0].needs or ("a row that counts",)
    n = report.totals[0].estimate.n
    return n, () if n else ("a row that counts",)
