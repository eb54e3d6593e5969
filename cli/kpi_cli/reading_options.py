"""The options that say how files are read, shared by every command that reads some."""

from functools import partial
from typing import Annotated, Literal, TypeAlias

import typer

from kpi_cli import arguments, completion

_reading = partial(typer.Option, rich_help_panel="How files are read")


Mapping: TypeAlias = Annotated[
    list[str],
    _reading(
        metavar="NAME|FILE|FOLDER",
        autocompletion=completion.offer(completion.mappings),
        show_default="recognised by the headers",
        help="The export format, by its name or as a YAML file of your own; repeat for more, or name a folder of them: each file takes the one that fits.",
    ),
]


Source: TypeAlias = Annotated[
    str | None,
    _reading(
        metavar="NAME",
        parser=arguments.text,
        help="Names the account, so that ticket 1 of two companies stays two tickets.",
    ),
]


Column: TypeAlias = Annotated[
    list[arguments.Heading],
    _reading(
        metavar="FIELD=HEADER",
        parser=arguments.heading,
        help="Read a field from this header, as created_at=Opened; repeat for more.",
    ),
]


Scale: TypeAlias = Annotated[
    list[arguments.Scale],
    _reading(
        metavar="QUESTION=LOW-HIGH",
        parser=arguments.scale,
        help="The scale a question was asked on, as csat=1-5; repeat for more.",
    ),
]


Direction: TypeAlias = Annotated[
    list[arguments.Direction],
    _reading(
        metavar="QUESTION=WAY",
        parser=arguments.direction,
        help="Which way is better, as ces=lower (effort) or ces=higher (ease); repeat for more.",
    ),
]


Encoding: TypeAlias = Annotated[
    str | None,
    _reading(
        metavar="NAME",
        parser=arguments.encoding,
        show_default="told from the bytes",
        help="The character encoding, as cp1252, cp850 or mac_roman.",
    ),
]


Delimiter: TypeAlias = Annotated[
    str | None,
    _reading(
        metavar="CHAR",
        parser=arguments.separator,
        show_default="told from the file",
        help="What separates the fields of a CSV: the character, or comma, semicolon, tab, pipe, space, blanks (any number of them).",
    ),
]


Decimal: TypeAlias = Annotated[
    Literal[".", ","] | None,
    _reading(metavar="CHAR", help="The decimal sign: . or a comma."),
]


DateFormat: TypeAlias = Annotated[
    str | None,
    _reading(
        metavar="FORMAT",
        parser=arguments.date_format,
        show_default="told from the dates",
        help="How dates are written: dmy, mdy, excel (numbers of days) or a pattern such as %d.%m.%Y %H:%M.",
    ),
]


NullValue: TypeAlias = Annotated[
    list[str],
    _reading(metavar="TEXT", parser=arguments.text, help="A cell that means nothing, as n/a; repeat for more."),
]


SkipLines: TypeAlias = Annotated[
    int | None,
    _reading(
        metavar="N",
        min=0,
        show_default="up to the header",
        help="Lines above the header to leave out.",
    ),
]


Sheet: TypeAlias = Annotated[
    str | None,
    _reading(metavar="NAME", help="The workbook's sheet.", show_default="the first one"),
]


Zone: TypeAlias = Annotated[
    str | None,
    _reading(
        metavar="ZONE",
        parser=arguments.zone,
        show_default="the export format's",
        help="The time zone the export was written in.",
    ),
]


Bound: TypeAlias = Annotated[
    list[arguments.Bound],
    _reading(
        metavar="NAME=VALUE",
        parser=arguments.bound,
        help="Raise a bound of what is read: unpacked, ratio, cells, cell or columns, as unpacked=8GB; repeat for more.",
    ),
]
