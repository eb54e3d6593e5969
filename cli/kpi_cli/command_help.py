"""The help of one command: what it does, examples, and its options by panel; plain text that costs no import.

Typer's own is drawn with rich, which takes longer to load than all the rest.
"""

import os
import re
import shutil
import sys
import textwrap
from collections.abc import Iterator
from typing import Any

from kpi_cli.options.panels import PANELS

FIRST = 26
"""The widest an option's names may be for its text to stand next to them."""
WIDEST = 100


def heading(text: str) -> str:
    """`Usage:`, bold on a terminal; a question ends with its own mark."""
    said = text if text.endswith("?") else f"{text}:"
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or not sys.stdout.isatty()
    return said if plain else f"\033[1m{said}\033[0m"


def of_command(command: Any, ctx: Any) -> str:
    """The whole help."""
    width = min(shutil.get_terminal_size((80, 25)).columns, WIDEST)
    summary, *examples = [part.strip() for part in (command.help or "").split("\n\n")]
    parts = [f"{summary}\n\n{heading('Usage')} {' '.join(_usage(command, ctx))}\n"]
    if examples:
        parts.append(f"{heading('Examples')}\n" + "".join(f"  {' '.join(one.split())}\n" for one in examples))
    parts += [
        f"{heading(title)}\n{''.join(_record(*one, width) for one in records)}"
        for title, records in _panels(command, ctx)
    ]
    return "\n".join(parts)


def _usage(command: Any, ctx: Any) -> Iterator[str]:
    yield ctx.command_path
    for one in command.get_params(ctx):
        if one.param_type_name == "argument":
            name = str(one.metavar or one.name).strip("[]{}")
            name = f"{name}..." if one.nargs != 1 else name
            yield name if one.required else f"[{name}]"
    yield "[OPTIONS]"


def _panels(command: Any, ctx: Any) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The panels in order, those without a name of ours last."""
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in ("Arguments", *PANELS, "Options")}
    for one in command.get_params(ctx):
        if (record := _help_record(one, ctx)) is not None:
            is_argument = one.param_type_name == "argument"
            panel = "Arguments" if is_argument else getattr(one, "rich_help_panel", None) or "Options"
            found.setdefault(panel, []).append(record)
    return ((name, records) for name, records in found.items() if records)


def _help_record(parameter: Any, ctx: Any) -> tuple[str, str] | None:
    record = parameter.get_help_record(ctx)
    if record is None:
        return None
    if parameter.param_type_name == "argument":
        return str(parameter.metavar or parameter.name).strip("[]{}"), parameter.help or ""
    return record[0].rstrip(), re.sub(r"default: \(([^()]*)\)", r"default: \1", record[1])


def _record(names: str, text: str, width: int) -> str:
    """The names and next to them the text; under them where they are long."""
    lines = textwrap.wrap(text, width=max(width - FIRST - 4, 20), break_long_words=False, break_on_hyphens=False) or [
        ""
    ]
    if len(names) > FIRST:
        return f"  {names}\n" + "".join(f"{'':{FIRST + 4}}{line}\n" for line in lines if line)
    first, *rest = lines
    return f"  {names:<{FIRST}}  {first}".rstrip() + "\n" + "".join(f"{'':{FIRST + 4}}{line}\n" for line in rest)
