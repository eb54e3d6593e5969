"""The commands that hints suggest, about what was read: of a store its options stand where the core says FILES."""

from kpi_core.patterns import regex

_FILES = regex(r"(`kundpuls (?!config|formats|ingest|kpis|map|merge|partial|run)[^`]*?)\bFILES?\b")
"""A command that reads a store too, up to its files."""
_OF_A_KPI = regex(r"(`kundpuls kpis [^` ]+) FILES")
"""What explains a KPI, and reads files alone."""


def on_store(hint: str | None, options: str, *, has_files: bool) -> str | None:
    """A hint whose commands read the store that these options name, and files where some were; as it is without options."""
    if hint is None or not options:
        return hint
    named = f"FILES {options}" if has_files else options
    return _FILES.sub(lambda found: f"{found[1]}{named}", hint if has_files else _OF_A_KPI.sub(r"\1", hint))
