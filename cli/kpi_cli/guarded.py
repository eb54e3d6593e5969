"""What is checked of every command before it reads anything: options given twice, and outputs that would overwrite an input.

It stands at the one place where commands are run, so that no command can forget it.
"""

import os
import stat
import sys
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperOption

from kpi_cli import command_help, leftovers, writing
from kpi_cli.boundary import UsageError
from kpi_cli.options.storing import Stored
from kpi_cli.terminal import clean
from kpi_core.errors import KpiError

WRITTEN = ("output", "refused", "calendar_out", "pseudonyms", "todo", "subject")
"""The parameters that name a file to write."""

READ = ("files", "file", "name", "mapping", "kpis_file", "calendar", "config", "template")
"""The parameters that may name files to read."""

HOW = {
    "output": "-o",
    "refused": "--refused",
    "calendar_out": "--calendar-out",
    "pseudonyms": "--pseudonyms",
    "todo": "--todo",
    "subject": "--subject",
}


class GuardedCommand(TyperCommand):
    """A command whose options are checked together before it runs."""

    def make_context(self, *args: Any, **settings: Any) -> Any:
        """Reads the command line, which already prints where `--help` is asked."""
        with writing.answering():
            return super().make_context(*args, **settings)

    def make_parser(self, ctx: Any) -> Any:
        """The parser of a command line, made once: it is asked here before the values are read, and to read them."""
        key = f"{__name__}: parser of {ctx.command_path}"
        if key not in ctx.meta:
            ctx.meta[key] = super().make_parser(ctx)
        return ctx.meta[key]

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Examples, then the options by panel."""
        formatter.write(command_help.of_command(self, ctx))

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        """Reads the command line; while the shell completes it, values stay as they were typed.

        Raises:
            UsageError: an option that takes one value is given twice, or the name of a file is empty.
        """
        if ctx.resilient_parsing:
            for parameter in self.params:
                vars(parameter)["process_value"] = _as_typed
        elif args:
            given, _, order = self._parsed(ctx, args)
            self._check_names(given, ctx)
            seen = set()
            for option in order:
                if not isinstance(option, TyperOption) or option.multiple or option.is_flag:
                    continue
                if option.name in seen:
                    raise UsageError(f"`{option.opts[0]}` is given twice and takes one value", ctx=ctx)
                seen.add(option.name)
        return super().parse_args(ctx, args)

    def _parsed(self, ctx: Any, args: list[str]) -> Any:
        """What was given, by parameter, and in which order; a fault knows the command that it is one of."""
        try:
            return self.make_parser(ctx).parse_args(args=list(args))
        except Exception as error:
            if getattr(error, "ctx", ctx) is None:
                vars(error)["ctx"] = ctx
            raise

    def _check_names(self, given: dict[str, Any], ctx: Any) -> None:
        """Refuses the empty name of a file, which would stand for the folder one is in."""
        for parameter in self.params:
            value = given.get(parameter.name or "") if parameter.name in (*READ, *WRITTEN) else None
            names = value if isinstance(value, list | tuple) else [value]
            if any(isinstance(name, str) and not name.strip() for name in names):
                which = f"`{parameter.opts[0]}`" if isinstance(parameter, TyperOption) else "a file"
                raise UsageError(f"the name of {which} is empty", hint="leave it out, or name a file", ctx=ctx)

    def invoke(self, ctx: Any) -> Any:
        """Runs the command.

        Raises:
            UsageError: a file to write is one that is read, or two answers go to one file.
            KpiError: a file to write cannot be written.
        """
        self._settle_store(ctx)
        written = dict(_to_write(ctx.params))
        # A project file that is written anew is read for its defaults only.
        read = list(_named({**ctx.params, "config": None} if self.name == "config" else ctx.params))
        check_outputs(written, read)
        known = set(written.values())

        def guard(path: Path) -> None:
            """A name that was not known before, as of a period."""
            if path not in known:
                check_outputs({HOW["output"]: path}, read)

        leftovers.sweep_copies()
        with writing.announcing(_pass_over if ctx.params.get("quiet") else _say_written, guard):
            try:
                return super().invoke(ctx)
            except (KpiError, UsageError) as error:
                error.hint = _about_what_is_read(error, ctx.params)
                raise

    def _settle_store(self, ctx: Any) -> None:
        """The store of the project file is read where no files are named; without it and without files there is nothing to read."""
        names = next((one for one in self.params if one.name in ("files", "named")), None)
        if names is None or "as_of_version" not in ctx.params:
            return
        source, given = ctx.get_parameter_source("store"), ctx.params[names.name] or []
        is_kpi_alone = names.name == "named" and len(given) == 1 and not Path(given[0]).exists()
        if given and not is_kpi_alone and source is not None and source.name == "DEFAULT_MAP":
            ctx.params["store"] = None
        if ctx.params[names.name] == [] and ctx.params["store"] is None:
            fault = UsageError(f"missing argument `{names.metavar}`", ctx=ctx)
            vars(fault)["param"] = names
            raise fault


def _about_what_is_read(error: KpiError | UsageError, params: dict[str, Any]) -> str | None:
    """The hint of an error, its commands on the store that is read."""
    hint = error.way_out if isinstance(error, KpiError) else error.hint
    names = [one.name for one in fields(Stored)]
    if not params.keys() >= {*names}:
        return hint
    store = Stored(**{name: params[name] for name in names})
    return store.hint(hint, has_files=bool(params.get("files")))


def _to_write(params: dict[str, Any]) -> Iterator[tuple[str, Path]]:
    """The files to write by the option that names them, numbered where it names several."""
    for name in WRITTEN:
        value = params.get(name)
        for place, path in enumerate(value if isinstance(value, list | tuple) else (value,)):
            if path is not None:
                yield HOW[name] if not place else f"{HOW[name]} (no. {place + 1})", path


def _as_typed(_: Any, value: Any) -> Any:
    return value


def _say_written(path: Path) -> None:
    typer.echo(f"wrote {clean(str(path))}", err=True)


def _pass_over(_: Path) -> None:
    pass


def check_outputs(written: dict[str, Path], read: Iterable[str]) -> None:
    """Whether the files to write can be written and are none of those that are read, by whatever name.

    Args:
        written: the files by the option that names them.
        read: files, folders and patterns as they were typed.

    Raises:
        UsageError: a file to write is one that is read, or two answers go to one file.
        KpiError: a file to write cannot be written.
    """
    for path in written.values():
        writing.check(path)
    _check_apart(written)
    targets = [
        (f"`{clean(str(path))}`", option, status) for option, path in written.items() if (status := _status(path))
    ]
    if (redirected := _regular(sys.__stdout__)) is not None:
        targets.append(("standard output", "", redirected))
    if not targets:
        return
    for place, source in _sources(read):
        for shown, option, target in targets:
            if os.path.samestat(source, target):
                same = "" if shown == f"`{place}`" else f", which is `{clean(place)}`"
                hint = f"name another file after {option}" if option else "send it to another file"
                raise UsageError(f"{shown} would overwrite a file that is read{same}", hint=hint)


def _check_apart(written: dict[str, Path]) -> None:
    """Two answers may not go to one file."""
    places: dict[str, str] = {}
    for option, path in written.items():
        place = os.path.realpath(path)
        if place in places and not writing.is_stdout(path) and (not path.exists() or path.is_file()):
            raise UsageError(f"{places[place]} and {option} both name `{clean(str(path))}`", hint="name two files")
        places[place] = option


def _named(params: dict[str, Any]) -> Iterator[str]:
    """What the parameters name to be read."""
    for name in READ:
        value = params.get(name)
        for one in value if isinstance(value, list | tuple) else (value,):
            if one is not None:
                yield str(getattr(one, "path", one))


def _sources(read: Iterable[str]) -> Iterator[tuple[str, os.stat_result]]:
    """The files that are read, standard input among them, with what the system knows them by."""
    from kpi_core.ingest.files.inputs import STDIN, files_meant

    for argument in read:
        if argument == STDIN:
            if (status := _regular(sys.__stdin__)) is not None:
                yield "standard input", status
            continue
        for place in files_meant(argument):
            if (status := _status(place)) is not None:
                yield str(place), status


def _status(path: Path) -> os.stat_result | None:
    """What the system knows a plain file by; None for stdout, devices and what is not there."""
    if writing.is_stdout(path):
        return None
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status if stat.S_ISREG(status.st_mode) else None


def _regular(stream: Any) -> os.stat_result | None:
    """The plain file that a standard stream is redirected to or from, if it is one."""
    try:
        status = os.fstat(stream.fileno())
    except (AttributeError, OSError, ValueError):
        return None
    return status if stat.S_ISREG(status.st_mode) else None
