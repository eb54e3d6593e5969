"""The command line of kundpuls: reads the question, calls `kpi_core`, writes the answer."""

__version__ = "0.1.0"
