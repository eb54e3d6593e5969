"""How files are read: the options, and the same for the core."""

from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from kpi_cli.options import arguments, completion, panels
from kpi_cli.options.repeated import once
from kpi_cli.options.storing import Stored
from kpi_core.records import dataclass

if TYPE_CHECKING:
    from kpi_core.ingest.file_read import Choices
    from kpi_core.model.columns import Kind
    from kpi_core.model.kpi import Kpi

DATE_ORDERS = ("dmy", "mdy")

ZoneOption: TypeAlias = Annotated[
    str | None,
    panels.reading(
        metavar="ZONE",
        parser=arguments.zone,
        show_default="the export format's",
        help="The time zone the export was written in.",
    ),
]


@dataclass(frozen=True, kw_only=True)
class Formats:
    """Which format a file is of."""

    mapping: Annotated[
        tuple[str, ...],
        panels.reading(
            metavar="NAME|FILE|FOLDER",
            autocompletion=completion.offer(completion.mappings),
            show_default="recognised by the headers",
            help="The export format, by its name or as a YAML file of your own; repeat for more, or name a folder of them: each file takes the one that fits.",
        ),
    ] = ()


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """Whose rows they are, and what their answers mean."""

    source: Annotated[
        str | None,
        panels.reading(
            metavar="NAME",
            parser=arguments.text,
            help="Names the account, so that ticket 1 of two companies stays two tickets.",
        ),
    ] = None
    scale: Annotated[
        tuple[arguments.Scale, ...],
        panels.reading(
            metavar="QUESTION=LOW-HIGH",
            parser=arguments.scale,
            help="The scale a question was asked on, as csat=1-5; repeat for more.",
        ),
    ] = ()
    direction: Annotated[
        tuple[arguments.Direction, ...],
        panels.reading(
            metavar="QUESTION=WAY",
            parser=arguments.direction,
            help="Which way is better, as ces=lower (effort) or ces=higher (ease); repeat for more.",
        ),
    ] = ()


@dataclass(frozen=True, kw_only=True)
class Cells:
    """How the cells of a file are read."""

    column: Annotated[
        tuple[arguments.Heading, ...],
        panels.reading(
            metavar="FIELD=HEADER",
            parser=arguments.heading,
            help="Read a field from this header, as created_at=Opened; repeat for more.",
        ),
    ] = ()
    encoding: Annotated[
        str | None,
        panels.reading(
            metavar="NAME",
            parser=arguments.encoding,
            show_default="detected from the bytes",
            help="The character encoding, as cp1252, cp850 or mac_roman.",
        ),
    ] = None
    delimiter: Annotated[
        str | None,
        panels.reading(
            metavar="CHAR",
            parser=arguments.separator,
            show_default="detected from the file",
            help="What separates the fields of a CSV: the character, or comma, semicolon, tab, pipe, space, blanks (any number of them).",
        ),
    ] = None
    decimal: Annotated[
        Literal[".", ","] | None,
        panels.reading(metavar="CHAR", help="The decimal sign: . or a comma."),
    ] = None
    date_format: Annotated[
        str | None,
        panels.reading(
            metavar="FORMAT",
            parser=arguments.date_format,
            show_default="detected from the dates",
            help="How dates are written: dmy, mdy, excel (numbers of days) or a pattern such as %d.%m.%Y %H:%M.",
        ),
    ] = None
    null_value: Annotated[
        tuple[str, ...],
        panels.reading(
            metavar="TEXT", parser=arguments.text, help="A cell that means nothing, as n/a; repeat for more."
        ),
    ] = ()
    skip_lines: Annotated[
        int | None,
        panels.reading(
            metavar="N",
            min=0,
            show_default="up to the header",
            help="Lines above the header to leave out.",
        ),
    ] = None
    sheet: Annotated[
        str | None,
        panels.reading(metavar="NAME", help="The workbook's sheet.", show_default="the first one"),
    ] = None
    zone: ZoneOption = None
    bound: Annotated[
        tuple[arguments.Bound, ...],
        panels.reading(
            metavar="NAME=VALUE",
            parser=arguments.bound,
            help="Raise a bound of what is read: unpacked, ratio, cells, cell or columns, as unpacked=8GB; repeat for more.",
        ),
    ] = ()

    def choices(self, known: "tuple[Kpi, ...]" = ()) -> "Choices":
        """The same for the core; of `known`, the KPIs there are, those of users say what a header holds."""
        from kpi_core.ingest.fields.sample_cells import ReadingChoices
        from kpi_core.ingest.file_read import Choices
        from kpi_core.ingest.files.limits import Limits
        from kpi_core.ingest.files.raw_export import ReadOptions

        ordered = self.date_format in DATE_ORDERS
        formats = self if isinstance(self, Formats) else Formats()
        meaning = self if isinstance(self, Meaning) else Meaning()
        return Choices(
            options=ReadOptions(encoding=self.encoding, delimiter=self.delimiter, sheet=self.sheet, skip_lines=self.skip_lines or 0,
                                limits=Limits(**{bound.name: bound.value for bound in self.bound})),
            cells=ReadingChoices(
                decimal=self.decimal,
                date_order=self.date_format if ordered else None,
                date_formats=(self.date_format,) if self.date_format and not ordered else (),
                null_values=self.null_value,
                zone=self.zone,
            ),
            mapping=formats.mapping or None,
            source=meaning.source,
            columns=once("--column", ((heading.column, heading.header) for heading in self.column)),
            scales=once("--scale", ((scale.question, scale.ends) for scale in meaning.scale)),
            directions=once("--direction", ((one.question, one.better) for one in meaning.direction)),
            own=_own_columns(known),
            rating=self.rating if isinstance(self, Ratings) else "newest",
            stored=self.stored() if isinstance(self, Stored) else (),
            engine=self.engine if isinstance(self, Cluster) else None,
        )  # fmt: skip


def _own_columns(known: "tuple[Kpi, ...]") -> "dict[str, dict[str, Kind]]":
    if not any(kpi.own for kpi in known):
        return {}
    from kpi_core.user_kpis import columns_read

    return columns_read(known)


@dataclass(frozen=True, kw_only=True)
class Ratings:
    """Which of several ratings of one case counts."""

    rating: Annotated[
        Literal["newest", "first", "worst"],
        panels.reading(
            metavar="WHICH", help="Of several answers to one question about one ticket: newest, first or worst counts."
        ),
    ] = "newest"


@dataclass(frozen=True, kw_only=True)
class Ingestion(Formats, Meaning, Ratings, Cells):
    """How files are read that go into a store."""


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """Which machines read the files."""

    engine: Annotated[
        str | None,
        panels.reading(
            metavar="URL",
            parser=arguments.cluster,
            show_default="this one",
            help="Read the files on a Spark cluster: spark://host:7077, yarn, k8s://… or local[4].",
        ),
    ] = None


@dataclass(frozen=True, kw_only=True)
class Reading(Stored, Cluster, Ingestion):
    """How files are read, all of it, where, and the store that is read with them."""


@dataclass(frozen=True, kw_only=True)
class Scanning(Formats, Cells):
    """How the cells of files are read."""


@dataclass(frozen=True, kw_only=True)
class Times(Stored, Scanning):
    """How files are read whose answers nobody asks for."""


@dataclass(frozen=True, kw_only=True)
class Unmapped(Meaning, Cells):
    """How a file is read for which there is no mapping yet."""
