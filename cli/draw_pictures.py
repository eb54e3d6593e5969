"""Draws the README's pictures: the first screen of `kundpuls demo`, its page and the first sheet of its workbook.

    python cli/draw_pictures.py

The first screen needs nothing; the page a browser (Chromium, Chrome, Edge), the workbook LibreOffice and poppler's `pdftoppm`.
What the two say in words is written next to them, so that a test knows whether they are of today's report without any of these.
"""

import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import load_workbook
from rich.console import Console
from rich.text import Text

from kpi_cli.outputs.pdf import NAMES

HERE = Path(__file__).parent
SCREEN, PAGE, WORKBOOK, WORDS = (
    HERE / name for name in ("first-screen.svg", "page.png", "workbook.png", "pictures.json")
)
DEMO = ("demo", "--by", "group")
WINDOW = "1180,1240"
"""Of the browser, in pixels."""


def main() -> None:
    """Writes the pictures next to this file."""
    screen()
    with TemporaryDirectory() as name:
        folder = Path(name)
        html, book = folder / "page.html", folder / "workbook.xlsx"
        kundpuls(*DEMO, "--quiet", "-o", str(html), "-o", str(book))
        browser = next(filter(None, map(shutil.which, NAMES)))
        run(browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--window-size={WINDOW}",
            f"--screenshot={PAGE}", html.as_uri())  # fmt: skip
        run("soffice", "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(book))
        run("pdftoppm", "-r", "90", "-f", "1", "-l", "1", "-singlefile", "-png", str(folder / "workbook.pdf"), str(WORKBOOK.with_suffix("")))  # fmt: skip
        words = {"page": words_of_page(html.read_text("utf-8")), "workbook": list(words_of_sheet(book))}
    WORDS.write_text(json.dumps(words, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")


def screen() -> None:
    """The first screen, a picture whose words are text."""
    text = Text.from_ansi(kundpuls("demo", "--color", "always"))
    widest = max(line.cell_len for line in text.split())
    drawn = Console(record=True, width=widest, file=io.StringIO())
    drawn.print(text)
    SCREEN.write_text(drawn.export_svg(title="kundpuls demo", unique_id="first-screen"), encoding="utf-8", newline="\n")


def words_of_page(page: str) -> list[str]:
    """What the page says at its top: its title, the answer, the cards."""
    top = page[page.index("<h1>") : page.index("</section>")]
    return [word for part in re.sub(r"<[^>]*>", "\n", top).split("\n") if (word := part.strip())]


def words_of_sheet(book: Path) -> Iterator[str]:
    """What the workbook's first sheet says, cell by cell, numbers as they are kept."""
    for row in load_workbook(book).worksheets[0].iter_rows(values_only=True):
        yield from (str(cell) for cell in row if cell is not None)


def kundpuls(*arguments: str) -> str:
    """What the command writes to stdout."""
    line = [sys.executable, "-m", "kpi_cli", *arguments]
    return subprocess.run(line, env=dict(os.environ), capture_output=True, check=True).stdout.decode("utf-8")  # noqa: S603 (our own command)


def run(*line: str) -> None:
    """Runs a program that must end well."""
    subprocess.run(line, check=True, capture_output=True)  # noqa: S603 (programs that draw)


if __name__ == "__main__":
    main()
