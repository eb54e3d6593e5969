"""The panels that a command's options stand in, in the order of its help."""

from functools import partial

import typer

COMMON, FIGURES, JUDGING, READING, OUTPUT, PROJECT = (
    "Common",
    "Which figures",
    "How they are judged",
    "How files are read",
    "What comes out",
    "Project",
)
PANELS = (COMMON, FIGURES, JUDGING, READING, OUTPUT, PROJECT)

common = partial(typer.Option, rich_help_panel=COMMON)
figures = partial(typer.Option, rich_help_panel=FIGURES)
judging = partial(typer.Option, rich_help_panel=JUDGING)
reading = partial(typer.Option, rich_help_panel=READING)
output = partial(typer.Option, rich_help_panel=OUTPUT)
project = partial(typer.Option, rich_help_panel=PROJECT)
