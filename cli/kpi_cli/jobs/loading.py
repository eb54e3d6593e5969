"""One command, made when it is asked for: its module is imported then, and never for the others."""

from functools import cache
from importlib import import_module
from typing import Any

import typer

from kpi_cli.guarded import GuardedCommand
from kpi_cli.options.expanded import expanded


@cache
def command_called(name: str) -> Any:
    """The command of a name. A module of `commands`, `chart_limits` for `chart-limits`, offers one function, `command`, with typer's annotations."""
    module = name.replace("-", "_")
    single = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    single.command(name, cls=GuardedCommand)(expanded(import_module(f"kpi_cli.commands.{module}").command))
    return typer.main.get_command(single)
