"""`--refused FILE`: every refused row, written out for whoever mends the export.

CSV with the guard that the report's CSV has against formulas, or JSON when the file's name ends so.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from kpi_cli.boundary import UsageError
from kpi_cli.writing import atomic_text

if TYPE_CHECKING:
    import polars as pl

    from kpi_core.ingest.dataset import Dataset

STDOUT = "-"
ROWS_AT_ONCE = 50_000


def check(refused: Path | None, output: Sequence[Path]) -> None:
    """Whether the rows can go where they are asked to next to the answer, which goes to files or to stdout.

    Raises:
        UsageError: they cannot.
    """
    if refused is None:
        return
    if str(refused) == STDOUT:
        if not output or STDOUT in map(str, output):
            hint = "name a file: --refused refused.csv"
            raise UsageError("the refused rows and the answer cannot both go to stdout", hint=hint)
        return
    if refused.suffix.lower() not in ("", ".csv", ".json"):
        raise UsageError(
            f"refused rows are not written as `{refused.suffix}`", hint="name a file that ends in .csv or .json"
        )


def write(dataset: "Dataset", refused: Path | None, lang: str = "en") -> None:
    """Writes all refused rows to a file, which appears whole or not at all; nothing where no file is named.

    A sheet says the reasons in a language; JSON, which programs read, in English.
    """
    from kpi_core.ingest.all_refusals import all_refused

    if refused is None:
        return
    rows = (part for frame in all_refused(dataset) for part in frame.iter_slices(ROWS_AT_ONCE))
    with atomic_text(refused) as stream:
        if refused.suffix.lower() == ".json":
            _json(rows, stream)
        else:
            _csv((_with_reasons(part, dataset, lang) for part in rows), stream)


def _with_reasons(part: "pl.DataFrame", dataset: "Dataset", lang: str) -> "pl.DataFrame":
    """The rows with their reasons in a language."""
    import polars as pl

    from kpi_core.model.findings import why_refused

    if lang == "en":
        return part
    words = {english: message.render(lang) for english, message in why_refused(dataset.sources).items()}
    return part.with_columns(pl.col("reason").replace(words))


def _csv(parts: "Iterator[pl.DataFrame]", stream: TextIO) -> None:
    from kpi_core.model.findings import REFUSED_SCHEMA

    stream.write(",".join(REFUSED_SCHEMA) + "\n")
    stream.writelines(_guarded(part).write_csv(include_header=False) for part in parts)


def _guarded(part: "pl.DataFrame") -> "pl.DataFrame":
    """The rows with an apostrophe before each text that a spreadsheet would run."""
    import polars as pl

    from kpi_cli.outputs.csv import RISKY, RISKY_INSIDE

    texts = [name for name, kind in part.schema.items() if kind == pl.String()]
    mended = {name: pl.col(name).str.replace_all(RISKY_INSIDE, "${1}'${2}") for name in texts}
    return part.with_columns(
        pl.when(text.str.contains(RISKY)).then("'" + text).otherwise(text).alias(name) for name, text in mended.items()
    )


def _json(parts: "Iterator[pl.DataFrame]", stream: TextIO) -> None:
    """A list of records, written as it is made."""
    before, end = "[\n", "[]\n"
    for part in parts:
        # Line ends inside of a text are escaped; what other separators of lines there are is not.
        if lines := part.write_ndjson().rstrip("\n").replace("\n", ",\n"):
            stream.write(before + lines)
            before, end = ",\n", "\n]\n"
    stream.write(end)
