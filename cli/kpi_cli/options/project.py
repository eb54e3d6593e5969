"""The project file: found, read, and put beneath the command line as the defaults of its options.

It is looked for from the working folder upward, then in the user's configuration folder. What it may say stands in
`settings`, which is imported only when there is one.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, cast

import typer

from kpi_cli.boundary import UsageError
from kpi_cli.options import panels
from kpi_cli.terminal import clean
from kpi_core.records import dataclass

if TYPE_CHECKING:
    from kpi_cli.documents.brand import Brand
    from kpi_cli.options.job import Job
    from kpi_core.analysis.agents.answer import Consent
    from kpi_core.kpis.benchmarks import Benchmark
    from kpi_core.model.events import Event
    from kpi_core.quality.gate import Thresholds

NAME = "kundpuls.yaml"
VARIABLE = "KUNDPULS_CONFIG"


@dataclass(frozen=True, kw_only=True)
class Project:
    """A project file that is in force; `was_named` when somebody asked for it, else it was found."""

    path: Path
    was_named: bool
    thresholds: "Thresholds"
    defaults: Mapping[str, Any]
    headlines: tuple[str, ...] = ()
    events: "tuple[Event, ...]" = ()
    consent: "Consent | None" = None
    actions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    benchmarks: "tuple[Benchmark, ...]" = ()
    jobs: "Mapping[str, Job]" = field(default_factory=dict)
    brand: "Brand | None" = None


def read(path: Path, *, was_named: bool = True) -> Project:
    """The project file at `path`.

    Raises:
        ConfigError: it cannot be read, or says something that means nothing; with file and line.
    """
    from kpi_cli.options.sections import Known
    from kpi_cli.options.settings import ProjectFile
    from kpi_core.config import yaml
    from kpi_core.errors import ConfigError

    document = yaml.load(path, ConfigError)
    known = Known.of(document.data, path.parent)
    settings = yaml.validate(document, ProjectFile, ConfigError, known)
    return Project(
        path=path, was_named=was_named, thresholds=settings.quality.thresholds(), defaults=settings.options(path.parent),
        headlines=settings.headlines, events=settings.happened(), consent=settings.privacy.consent(),
        actions=cast("Mapping[str, Mapping[str, str]]", settings.actions), benchmarks=settings.figures(known.kpis), jobs=settings.jobs, brand=settings.branding.brand(path.parent),
    )  # fmt: skip


def found() -> Path | None:
    """The nearest project file: that of the working folder, of one above it, of the user."""
    return next((path for path in _places() if _is_there(path)), None)


def _places() -> Iterator[Path]:
    """Relative to the working folder, for that is how a reader knows them best."""
    try:
        above = len(Path.cwd().parents)
    except OSError:  # the folder has been deleted
        above = -1
    for steps in range(above + 1):
        yield Path(*[os.pardir] * steps, NAME)
    if folder := user_folder():
        yield folder / NAME


def user_folder() -> Path | None:
    """Where this platform keeps a user's configuration; None for a user without a home."""
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if sys.platform == "win32":
        base = Path(os.environ.get("APPDATA") or home / "AppData" / "Roaming")
    elif sys.platform == "darwin":
        base = home / "Library" / "Application Support"
    else:
        named = Path(os.environ.get("XDG_CONFIG_HOME", ""))
        # A relative one is to be ignored, says the XDG specification.
        base = named if named.is_absolute() else home / ".config"
    return base / "kundpuls"


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a folder that may not be entered
        return False


def announce(project: Project | None, *, is_quiet: bool) -> None:
    """Says on stderr which file, found and not asked for, has a say in the answer."""
    if project is not None and not project.was_named and not is_quiet:
        typer.echo(f"using {clean(str(project.path))}", err=True)


def _apply(ctx: typer.Context, value: Path | None) -> Project | None:
    """Reads the project file before any option but itself and `--no-config`, and makes it their defaults."""
    if ctx.resilient_parsing:
        return None
    if ctx.params.get("no_config"):
        if value is not None and _was_typed(ctx):
            raise UsageError("either --config or --no-config")
        return None
    path = value or found()
    if path is None:
        return None
    project = read(path, was_named=value is not None)
    ctx.default_map = {**(ctx.default_map or {}), **project.defaults}
    return project


def _refuse(ctx: typer.Context, value: bool) -> bool:
    if value and ctx.params.get("config") is not None and _was_typed(ctx):
        raise UsageError("either --config or --no-config")
    return value


def _was_typed(ctx: typer.Context) -> bool:
    source = ctx.get_parameter_source("config")
    return source is not None and source.name == "COMMANDLINE"


Config: TypeAlias = Annotated[
    Project | None,
    typer.Option(
        "--config", metavar="FILE", parser=Path, callback=_apply, is_eager=True, envvar=VARIABLE,
        show_default=f"the nearest {NAME}", rich_help_panel=panels.PROJECT,
        help="The project file: thresholds of the quality gate and defaults of options.",
    ),
]  # fmt: skip
NoConfig: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--no-config", metavar="", callback=_refuse, is_eager=True, rich_help_panel=panels.PROJECT,
        help="Read no project file.",
    ),
]  # fmt: skip
