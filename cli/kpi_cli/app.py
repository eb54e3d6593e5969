"""The `kundpuls` command: which commands there are, and how one is found.

A command's module is imported when the command runs or its own help is asked, never for the others: the
summaries stand here. A module of `commands` offers one function, `command`, with typer's annotations.
"""

import difflib
from pathlib import Path
from typing import Annotated, Any

import typer

from kpi_cli import __version__
from kpi_cli.boundary import Boundary, UsageError
from kpi_cli.command_help import heading
from kpi_cli.jobs.loading import command_called

COMMANDS = {
    "What are the figures?": {
        "report": "The KPIs of a period, each with its uncertainty and its change",
        "run": "The reports that kundpuls.yaml describes, written where it says",
        "merge": "The report on states, the same as on their files",
        "demo": "The same on the sample data that comes with the tool",
    },
    "Did it really change?": {
        "compare": "Two periods, segments or companies: which is better, and is it real",
        "trend": "KPIs over time: ordinary ups and downs, or something to look at",
        "chart": "KPIs over time as one picture for a slide, SVG or PNG",
    },
    "Why?": {
        "why": "Why a KPI moved: which segments, by rate or by mix",
        "drivers": "What a KPI goes with, and where most could be gained",
        "agents": "Is it load, or some teams' outcome: fairly, and without a ranking",
        "voices": "What customers wrote next to a score, and which words go with it",
    },
    "Is it good enough, what now, and what is it worth?": {
        "targets": "Every target: met, missed, on pace or off it, and what to do",
        "growth": "What growth is made of: customers, orders, order value; what if",
    },
    "Can I trust a figure?": {
        "rows": "The rows behind one number, each with the part it plays in it",
        "define": "One KPI under competing definitions, and how far apart they lie",
        "inspect": "What was recognised in a file, what is wrong, and what that costs",
        "reconcile": "An export's own durations recomputed, and the hours behind them",
    },
    "How are files set up and kept?": {
        "config": "The project file: written for your exports, checked, shown",
        "map": "The draft of a mapping for an unknown spreadsheet",
        "ingest": "Exports into a store that remembers them, month by month",
        "store": "What a store holds, its versions, and a customer forgotten",
        "partial": "Exports kept in one state, for `merge`: make, Slurm, Airflow",
    },
    "What does it know?": {
        "kpis": "The KPIs there are, or one explained",
        "formats": "The export formats there are, or one explained",
    },
}
"""The commands by chapter of the help, and what each does in one line."""

NAMES = tuple(name for chapter in COMMANDS.values() for name in chapter)

_EXAMPLES = (
    ("kundpuls demo", "see what comes out, without a file of your own"),
    ("kundpuls inspect tickets.csv", "check what is read before you trust a number"),
    ("kundpuls report tickets.csv survey.xlsx", "the newest complete month against the one before"),
    ("kundpuls report exports/ --period 2026-Q3 --by group -o q3.xlsx", "a quarter by team, as a workbook"),
)
_OPTIONS = (
    ("-h, --help", "show this, or a command's options after its name"),
    ("--version", "show the version"),
    ("--install-completion", "let the shell complete commands, options and KPI names"),
    ("--show-completion", "print the completion script instead of installing it"),
)
_EXIT_CODES = (
    ("0", "done"),
    ("1", "a bug"),
    ("2", "the command line means nothing"),
    ("3", "a file cannot be read or written, or says nothing that is understood"),
    ("4", "the data-quality gate failed"),
    ("5", "a target is missed"),
    ("130", "interrupted (143 by SIGTERM, 129 by SIGHUP)"),
)


class Commands(Boundary):
    """The group whose commands are imported when they are needed."""

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        """Reads the command line up to the command."""
        for parameter in self.get_params(ctx):
            # Typer's own switches default to None, and reading that imports pydantic: 0.1 s.
            parameter.default = parameter.default or False
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: Any) -> list[str]:
        """The names, in the order of the help."""
        return list(NAMES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command called `cmd_name`, imported now; None where there is none."""
        return command_called(cmd_name) if cmd_name in NAMES else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command the arguments begin with.

        Raises:
            UsageError: there is none of that name.
        """
        name = args[0]
        if name in NAMES or name.startswith("-") or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        if near := difflib.get_close_matches(name, NAMES, n=1):
            raise UsageError(f"no command `{name}`", hint=f"did you mean `{near[0]}`?", ctx=ctx)
        if name.strip() and Path(name).exists():
            hint = f"to read a file: `kundpuls report {name}`"
            raise UsageError(f"`{name}` is a file, not a command", hint=hint, ctx=ctx)
        raise UsageError(f"no command `{name}`", hint=f"there are {', '.join(NAMES)}", ctx=ctx)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Examples first, then the commands by chapter; the exit codes close."""
        formatter.write("Customer-service KPIs from the files you already have.\n")
        formatter.write(f"\n{heading('Usage')} kundpuls COMMAND [FILES]... [OPTIONS]\n")
        chapters = {name: tuple(commands.items()) for name, commands in COMMANDS.items()}
        for title, lines in {
            "Examples": _EXAMPLES, **chapters, "Options": _OPTIONS, "Exit codes": _EXIT_CODES,
        }.items():  # fmt: skip
            formatter.write(f"\n{heading(title)}\n{_listed(lines)}")


def _listed(lines: tuple[tuple[str, str], ...]) -> str:
    """Two columns, or the second one under the first where the first is long."""
    width = max(len(left) for left, _ in lines)
    if width > 24:
        return "".join(f"  {left}\n      {right}\n" for left, right in lines)
    return "".join(f"  {left:<{width}}  {right}\n" for left, right in lines)


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"kundpuls {__version__}")
        raise typer.Exit


@app.callback()
def kundpuls(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="The version.")
    ] = False,
) -> None:
    """Customer-service KPIs from the files you already have."""
