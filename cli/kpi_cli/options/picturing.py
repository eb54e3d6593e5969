"""How a picture is written, and how it looks."""

from typing import Annotated

from kpi_cli.boundary import UsageError
from kpi_cli.options import arguments, completion, panels
from kpi_cli.options.delivery import InForce, Language, Placed, Quiet
from kpi_core.records import dataclass

PICTURES = ("svg", "png")
"""The formats of a picture by itself."""


def _names() -> tuple[str, ...]:
    return PICTURES


@dataclass(frozen=True, kw_only=True)
class Drawn(Language, Placed, Quiet, InForce):
    """How a picture is written, where, and how it looks.

    Raises:
        UsageError: no file of a picture is named.
    """

    format: Annotated[
        str | None,
        panels.common(
            metavar="FORMAT", parser=arguments.one_of("format", _names), autocompletion=completion.offer(_names),
            show_default="by the file's extension", help=f"How the picture is written: {', '.join(PICTURES)}.",
        ),
    ] = None  # fmt: skip
    width: Annotated[
        int,
        panels.output(metavar="PIXELS", min=320, max=7680, help="How wide a PNG is; its height follows."),
    ] = 1920
    dark: Annotated[bool, panels.output("--dark", metavar="", help="On a dark ground.")] = False

    def __post_init__(self) -> None:
        super().__post_init__()
        if not all(name in PICTURES for name, _ in self.targets):
            hint = "name a file: -o csat.png, or -o csat.svg\n`kundpuls trend` writes the figures in every other format"
            raise UsageError("`chart` draws a picture", hint=hint)
