"""What commands are given without an option's name."""

from typing import Annotated, Literal, TypeAlias

import typer

from kpi_cli.options import completion

Files: TypeAlias = Annotated[
    list[str],
    typer.Argument(metavar="FILES", default_factory=list, show_default=False,
                   help="Exports: paths, folders, globs, .zip, or - for stdin; may be left out with --store."),
]  # fmt: skip
NewFiles: TypeAlias = Annotated[
    list[str],
    typer.Argument(metavar="FILES", show_default=False, help="Exports: paths, folders, globs, .zip, or - for stdin."),
]
States: TypeAlias = Annotated[
    list[str],
    typer.Argument(metavar="STATES", help="What `kundpuls partial` wrote: paths or globs.", show_default=False),
]
File: TypeAlias = Annotated[
    str,
    typer.Argument(metavar="FILE", help="The export: a path, or - for stdin.", show_default=False),
]
Kpi: TypeAlias = Annotated[
    str,
    typer.Argument(metavar="KPI", autocompletion=completion.kpi, show_default=False, help="The KPI, by its name."),
]
Kpis: TypeAlias = Annotated[
    str,
    typer.Argument(metavar="KPI", autocompletion=completion.kpi, show_default=False,
                   help="The KPI by its name, several divided by commas, or a pattern with * and ?."),
]  # fmt: skip
KpiOrNone: TypeAlias = Annotated[
    str | None,
    typer.Argument(metavar="[NAME]", autocompletion=completion.kpi, show_default=False,
                   help="The KPI to explain; with * or ? the KPIs to list."),
]  # fmt: skip
Candidates: TypeAlias = Annotated[
    list[str] | None,
    typer.Argument(metavar="[FILES]", show_default=False, help="Exports: whether each of them can feed the KPI."),
]
Rivalled: TypeAlias = Annotated[
    str,
    typer.Argument(metavar="KPI", autocompletion=completion.rivalled, show_default=False,
                   help="first_reply, fcr, csat, reopen, resolution_rate, nps, last_7_days, or a KPI of one of them."),
]  # fmt: skip
FilesOrNone: TypeAlias = Annotated[
    list[str] | None,
    typer.Argument(metavar="[FILES]", show_default=False, help="Exports, as for `report`; none lists the definitions."),
]
FormatName: TypeAlias = Annotated[
    str | None,
    typer.Argument(metavar="[NAME]", autocompletion=completion.offer(completion.mappings), show_default=False,
                   help="The format to show in full: its name, or a mapping file of your own."),
]  # fmt: skip
KpiAndFiles: TypeAlias = Annotated[
    list[str],
    typer.Argument(metavar="[KPI] FILES", default_factory=list, autocompletion=completion.kpi, show_default=False,
                   help="A KPI that customers give a score for, then exports; without one NPS, CSAT or what else has comments."),
]  # fmt: skip
JobsOrNone: TypeAlias = Annotated[
    list[str] | None,
    typer.Argument(metavar="[JOB]", autocompletion=completion.jobs, show_default=False,
                   help="The jobs to run; all of them where none is named."),
]  # fmt: skip
ConfigAction: TypeAlias = Annotated[
    Literal["init", "check", "show", "schema"],
    typer.Argument(metavar="ACTION", show_default=False,
                   help="init writes a project file for exports, check says what is wrong with one, show how it takes effect, schema its JSON Schema."),
]  # fmt: skip
StoreAction: TypeAlias = Annotated[
    Literal["status", "log", "name", "forget", "remember", "export", "compact"],
    typer.Argument(metavar="ACTION", show_default=False,
                   help="status: what the store holds; log: its versions; name VERSION NAME: calls a version something; forget CUSTOMER: erases a "
                   "customer by address or number; remember CUSTOMER: takes one back; export FOLDER: its tables as Parquet; compact: tidies up."),
]  # fmt: skip
ActionWords: TypeAlias = Annotated[
    list[str] | None,
    typer.Argument(metavar="[WORDS]", show_default=False, help="What the action takes."),
]
ExportsOrNone: TypeAlias = Annotated[
    list[str] | None,
    typer.Argument(metavar="[FILES]", show_default=False, help="For init: the exports, as for `report`."),
]
