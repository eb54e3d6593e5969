"""The way in: `kundpuls` and `python -m kpi_cli`."""

import sys

from kpi_cli import __version__


def main() -> None:
    """Runs the command line and ends the process with its exit code."""
    if sys.argv[1:2] == ["--version"]:
        # Answered before anything is imported: scripts ask for it often.
        print(f"kundpuls {__version__}")
        return
    from kpi_cli.app import app

    app()


if __name__ == "__main__":
    main()
