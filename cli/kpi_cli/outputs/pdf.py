"""Any document as PDF: its page for a browser, printed by a browser of this machine that needs no window."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from kpi_cli import terminal
from kpi_cli.documents.document import Document
from kpi_cli.html.page import page
from kpi_core.errors import KpiError

VARIABLE = "KUNDPULS_BROWSER"
"""The environment variable that names a browser."""
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge", "microsoft-edge")
PLACES = {
    "darwin": ("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium",
               "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge"),
    "win32": (r"C:\Program Files\Google\Chrome\Application\chrome.exe", r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
              r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe", r"C:\Program Files\Microsoft\Edge\Application\msedge.exe"),
}  # fmt: skip
PATIENCE = 60
"""Seconds that a page may take to print."""
HINT = f"install Chromium, Chrome or Edge, name one by {VARIABLE}=PATH, or write -o report.html and print it from a browser"


def write(document: Document, target: Path, color: terminal.Color) -> None:
    """Prints the document's story to a path, on A4.

    Raises:
        KpiError: there is no browser, or it prints nothing.
    """
    browser = _browser()
    with TemporaryDirectory(prefix="kundpuls-") as folder:
        source, printed = Path(folder, "page.html"), Path(folder, "page.pdf")
        source.write_text(page(document.story(), document.wording, document.brand), encoding="utf-8")
        command = [
            browser, "--headless", "--disable-gpu", "--no-pdf-header-footer", f"--user-data-dir={Path(folder, 'profile')}",
            *(["--no-sandbox"] if _is_root() else []), f"--print-to-pdf={printed}", source.as_uri(),
        ]  # fmt: skip
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)  # noqa: S603 (a browser, on our own page)
        except (OSError, subprocess.SubprocessError) as fault:
            raise KpiError(f"the browser does not print: {fault}", where=browser, hint=HINT) from None
        if not printed.exists():
            raise KpiError("the browser printed nothing", where=browser, hint=HINT)
        shutil.copyfile(printed, target)


def _browser() -> str:
    """A browser of this machine: the one named, else the first that is known.

    Raises:
        KpiError: there is none.
    """
    if named := os.environ.get(VARIABLE):
        if found := shutil.which(named):
            return found
        raise KpiError(f"{VARIABLE} names no program", where=named, hint=HINT)
    found = next(_known(), None)
    if found is None:
        raise KpiError("a PDF is printed by a browser, and none is found", hint=HINT)
    return found


def _known() -> Iterator[str]:
    yield from filter(None, map(shutil.which, NAMES))
    yield from (place for place in PLACES.get(sys.platform, ()) if Path(place).exists())


def _is_root() -> bool:
    """Whether the browser's own walls cannot stand, which it refuses to run without."""
    return hasattr(os, "geteuid") and os.geteuid() == 0
