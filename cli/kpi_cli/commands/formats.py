"""`kundpuls formats`: the export formats that are known, or one in full."""

from typing import TYPE_CHECKING, Annotated

import typer

from kpi_cli.boundary import UsageError
from kpi_cli.options import completion
from kpi_cli.options.delivery import Colour
from kpi_cli.options.delivery import Drawn as Format

if TYPE_CHECKING:
    from kpi_core.ingest.formats.mapping import Mapping

Name = Annotated[
    str | None,
    typer.Argument(metavar="[NAME]", autocompletion=completion.offer(completion.mappings), show_default=False,
                   help="The format to show in full: its name, or a mapping file of your own."),
]  # fmt: skip


def command(colour: Colour, name: Name = None, format: Format = "table") -> None:
    """The export formats there are, or one explained.

    kundpuls formats

    kundpuls formats zendesk-tickets

    kundpuls formats mappings/mine.yaml
    """
    from kpi_cli.documents import formats
    from kpi_cli.outputs import deliver
    from kpi_core.ingest.formats.mapping import built_in

    if name is None:
        known = built_in()
        deliver(
            format,
            colour.color,
            lambda page: formats.listing(page, known),
            lambda: {"formats": [formats.summary(one) for one in known]},
        )
        return
    mapping = _named(name)
    deliver(
        format,
        colour.color,
        lambda page: formats.explanation(page, mapping),
        lambda: {"format": formats.record(mapping)},
    )


def _named(name: str) -> "Mapping":
    """The format called so, or in that file.

    Raises:
        UsageError: there is none of that name.
        MappingError: the file is no mapping.
    """
    from kpi_core.config.yaml import suggestion
    from kpi_core.ingest.formats.mapping import find_mapping

    known = completion.mappings()
    if name not in known and not name.endswith((".yaml", ".yml")):
        hint = f"there are {', '.join(known)}; a file of your own ends in .yaml"
        raise UsageError(f"no format `{name}`{suggestion(name, known)}", hint=hint)
    return find_mapping(name)
