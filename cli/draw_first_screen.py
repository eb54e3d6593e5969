"""Draws the picture that the README opens with: the first screen of `kundpuls demo`, as a terminal shows it.

python cli/draw_first_screen.py
"""

import io
import os
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

TARGET = Path(__file__).parent / "first-screen.svg"


def main() -> None:
    """Writes the picture beside this file."""
    line = [sys.executable, "-m", "kpi_cli", "demo", "--color", "always"]
    shown = subprocess.run(line, env=dict(os.environ), capture_output=True, check=True)  # noqa: S603 (our own command)
    text = Text.from_ansi(shown.stdout.decode("utf-8"))
    widest = max(line.cell_len for line in text.split())
    screen = Console(record=True, width=widest, file=io.StringIO())
    screen.print(text)
    TARGET.write_text(
        screen.export_svg(title="kundpuls demo", unique_id="first-screen"), encoding="utf-8", newline="\n"
    )


if __name__ == "__main__":
    main()
