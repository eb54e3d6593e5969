"""How an answer is written, where it goes, and what it must pass."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias, get_args

from kpi_cli import outputs
from kpi_cli import refused as refused_rows
from kpi_cli.boundary import UsageError
from kpi_cli.options import arguments, completion, panels
from kpi_cli.options.project import Config, NoConfig
from kpi_cli.options.todo_list import Todo
from kpi_core.records import dataclass

if TYPE_CHECKING:
    from kpi_cli.documents.document import Document

LanguageName = Literal["en", "sv", "nb"]
LANGUAGES: tuple[str, ...] = get_args(LanguageName)
"""The languages there are labels in."""

RefusedRows: TypeAlias = Annotated[
    Path | None,
    panels.output(metavar="FILE", help="Write every refused row to this file, as CSV, or as JSON if it ends in .json."),
]


@dataclass(frozen=True, kw_only=True)
class Language:
    """The language that a page is written in."""

    lang: Annotated[
        LanguageName,
        panels.common(
            metavar="LANG",
            envvar="KUNDPULS_LANG",
            help=f"The language of the page: {', '.join(LANGUAGES)}.",
        ),
    ] = "en"


@dataclass(frozen=True, kw_only=True)
class Colour:
    """How an answer looks on a screen."""

    color: Annotated[
        Literal["auto", "always", "never"],
        panels.output(metavar="WHEN", help="Colours: auto, always or never."),
    ] = "auto"


@dataclass(frozen=True, kw_only=True)
class Quiet:
    """How much is printed besides an answer."""

    quiet: Annotated[
        bool,
        panels.output("--quiet", "-q", metavar="", help="Say nothing on stderr when nothing is wrong."),
    ] = False


@dataclass(frozen=True, kw_only=True)
class Output:
    """Where a draft goes."""

    output: Annotated[
        Path | None,
        panels.common("--output", "-o", metavar="FILE", help="Write to this file, not to stdout."),
    ] = None


@dataclass(frozen=True, kw_only=True)
class Placed:
    """How an answer is written, and where.

    Raises:
        UsageError: it cannot go there.
    """

    output: Annotated[
        tuple[Path, ...],
        panels.common("--output", "-o", metavar="FILE", show_default=False,
                      help="Write to this file, not to stdout; repeat for more. {period} in its name stands for the answer's."),
    ] = ()  # fmt: skip

    format: Annotated[
        str | None,
        panels.common(
            metavar="FORMAT",
            parser=arguments.one_of("format", outputs.names),
            autocompletion=completion.offer(outputs.names),
            show_default="by the file's extension, else table",
            help=f"How the answer is written: {', '.join(outputs.names())}.",
        ),
    ] = None

    def __post_init__(self) -> None:
        _ = self.targets

    @property
    def targets(self) -> tuple[tuple[str, Path | None], ...]:
        """The output's name and the file of everything that is written; None for stdout."""
        if self.format is not None and len(self.output) > 1:
            raise UsageError(
                "`--format` says one format, and there are several files", hint="leave it out: their endings say theirs"
            )
        return tuple((format_for(self.format, path), path) for path in self.output or (None,))

    def deliver(self, document: "Document") -> None:
        """Writes the document as and where it was asked for.

        Raises:
            UsageError: a name has a `{period}`, and the answer has none.
        """
        if isinstance(self, InForce) and self.config is not None and self.config.brand is not None:
            document.brand = self.config.brand
        color = self.color if isinstance(self, Colour) else "auto"
        for name, path in self.targets:
            outputs.deliver(document, name, placed(path, document.period), color)


@dataclass(frozen=True, kw_only=True)
class Written(Placed, Colour):
    """How an answer is written, and where: every command that has one takes this."""


@dataclass(frozen=True, kw_only=True)
class Form:
    """How much of a report is written."""

    all: Annotated[
        bool,
        panels.common(
            "--all",
            metavar="",
            help="Every KPI the files can feed, with its interval, and what they lack for the rest.",
        ),
    ] = False
    notes: Annotated[
        bool,
        panels.common("--notes", metavar="", help="How each number was counted, every finding, and the files."),
    ] = False
    long: Annotated[
        bool,
        panels.output(
            "--long", metavar="", help="CSV for Tableau, Power BI and the like: one row a KPI, period and group."
        ),
    ] = False
    refused: RefusedRows = None


@dataclass(frozen=True, kw_only=True)
class Gates:
    """What a report must pass."""

    strict: Annotated[
        bool,
        panels.judging(
            "--strict",
            metavar="",
            help="Exit with 4 when a row was refused, a word is unknown or a finding is serious.",
        ),
    ] = False
    fail_on: Annotated[
        frozenset[arguments.Gate] | None,
        panels.judging(
            metavar="GATES",
            parser=arguments.gates,
            autocompletion=completion.offer(lambda: tuple(arguments.Gate)),
            help="Exit with 4 on quality, with 5 on target or target-point; several with commas.",
        ),
    ] = None


@dataclass(frozen=True, kw_only=True)
class InForce:
    """The project file that has a say."""

    config: Config = None
    no_config: NoConfig = False


@dataclass(frozen=True, kw_only=True)
class Page(Language, Form, Written, Quiet):
    """How a report is written, and where.

    Raises:
        UsageError: it cannot go there.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.long and not any(outputs.OUTPUTS[name].has_rows for name, _ in self.targets):
            raise UsageError("`--long` is a form of CSV", hint="say --format csv, or -o with a name that ends in .csv")
        refused_rows.check(self.refused, self.output)


@dataclass(frozen=True, kw_only=True)
class Delivery(Page, Gates, Todo, InForce):
    """How a report is written, where it goes, and what it must pass.

    Raises:
        UsageError: it cannot go there.
    """

    subject: Annotated[
        Path | None,
        panels.output("--subject", metavar="FILE", show_default=False,
                      help="Write the title and the first sentence to this file, for the subject of a mail."),
    ] = None  # fmt: skip

    template: Annotated[
        Path | None,
        panels.output("--template", metavar="FILE", show_default=False,
                      help="Fill the named cells (csat, csat_change, period …) of this .xlsx of yours, and write it as the workbook of -o."),
    ] = None  # fmt: skip

    def __post_init__(self) -> None:
        super().__post_init__()
        Todo.__post_init__(self)
        if self.template is not None:
            self._check_template(self.template)

    def _check_template(self, template: Path) -> None:
        if template.suffix.lower() != ".xlsx" or not template.is_file():
            why = "is no file" if template.suffix.lower() == ".xlsx" else "is no .xlsx"
            raise UsageError(f"`{template}` {why}", hint="name a workbook of yours after --template")
        if not any(name == "xlsx" for name, _ in self.targets):
            raise UsageError("`--template` is filled into a new workbook", hint="name one: -o september.xlsx")

    @property
    def gates(self) -> frozenset[arguments.Gate]:
        """The gates asked for."""
        return self.fail_on or frozenset()


@dataclass(frozen=True, kw_only=True)
class Answer(Language, Written, Quiet, InForce):
    """How an answer is written, where, and in which language."""


@dataclass(frozen=True, kw_only=True)
class Draft(Language, Output, Quiet, InForce):
    """Where a draft goes, and in which language its comments are."""


PERIOD = "{period}"


def placed(path: Path | None, period: str | None) -> Path | None:
    """The file with what `{period}` in its name stands for: `2026-09`, or the first and last day.

    Raises:
        UsageError: the answer has no period.
    """
    if path is None or PERIOD not in str(path):
        return path
    if period is None:
        raise UsageError(f"this answer has no period to put into `{path}`", hint="name the file without {period}")
    return Path(str(path).replace(PERIOD, period.replace("..", "_")))


def format_for(name: str | None, output: Path | None) -> str:
    """The output asked for: by name, else by the file's extension, else the table.

    Raises:
        UsageError: the extension is no output's, or a workbook is to go to stdout.
    """
    output = None if output is None or str(output) == "-" else output
    by_name = None if output is None else outputs.by_extension(output.suffix)
    endings, binary = tuple(outputs.endings()), {one for one, kind in outputs.OUTPUTS.items() if kind.is_binary}
    if name is None and output is not None and by_name is None:
        message = (
            f"`{output.suffix}` is no format" if output.suffix else f"`{output}` has no ending that says its format"
        )
        raise UsageError(message, hint=f"end it in {', '.join(endings[:-1])} or {endings[-1]}\n"
                         f"pass --format with one of {', '.join(outputs.names())}")  # fmt: skip
    if name is not None and by_name not in (None, name) and (by_name != "table" or name in binary):
        raise UsageError(
            f"`{output}` is a name for {by_name}, not for {name}", hint="leave out --format, or rename the file"
        )
    name = name or by_name or "table"
    if name in binary and output is None:
        raise UsageError(f"{name} cannot go to stdout", hint=f"name a file: -o report.{name}")
    return name
