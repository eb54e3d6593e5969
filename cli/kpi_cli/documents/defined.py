"""What the catalogue says of its KPIs, their competing definitions and its tables, in the language of the page.

What a user has defined is shown in the user's own words.
"""

from kpi_cli.documents.wording import Wording
from kpi_core.messages.definitions import defined
from kpi_core.messages.labels import labels
from kpi_core.model.kpi import TRADE, Kpi
from kpi_core.model.tables import TABLES
from kpi_core.variants.definition import Definition
from kpi_core.variants.families import Family


def description(kpi: Kpi, wording: Wording) -> str:
    """What the KPI is, in a sentence."""
    text = _of_kpi("definitions", kpi, kpi.description, wording)
    return text[:1].upper() + text[1:]


def formula(kpi: Kpi, wording: Wording) -> str:
    """What is divided by what."""
    return (
        wording.render(kpi.own.formula)
        if kpi.own and kpi.own.formula
        else _of_kpi("formulas", kpi, kpi.formula, wording)
    )


def left_out(kpi: Kpi, wording: Wording) -> str:
    """Which rows it leaves out; empty where it leaves out none."""
    return (
        wording.render(kpi.own.left_out)
        if kpi.own and kpi.own.left_out
        else _of_kpi("left_out", kpi, kpi.left_out, wording)
    )


def reference(kpi: Kpi, wording: Wording) -> str:
    """Where the definition comes from."""
    if kpi.reference == TRADE:
        return defined("references", "trade", wording.lang) or TRADE
    return _of_kpi("references", kpi, kpi.reference, wording)


def _of_kpi(section: str, kpi: Kpi, english: str, wording: Wording) -> str:
    return english if kpi.own or not english else defined(section, kpi.name, wording.lang) or english


def title(definition: Definition, wording: Wording) -> str:
    """What sets a competing definition apart."""
    return defined("rivals", definition.name, wording.lang) or definition.title


def formula_of(definition: Definition, wording: Wording) -> str:
    """What a competing definition divides by what."""
    if definition.kpi.own:
        return wording.render(definition.kpi.own.formula or definition.formula)
    return defined("formulas", definition.name, wording.lang) or definition.formula


def source(definition: Definition, wording: Wording) -> str:
    """Where a competing definition is written down; a page by the title it has."""
    own = defined("sources", definition.name, wording.lang)
    return own or (
        reference(definition.kpi, wording) if definition.source == definition.kpi.reference else definition.source
    )


def whose(definition: Definition, wording: Wording) -> str:
    """Whose a competing definition is; a product by its name."""
    return ", ".join(defined("whose", owner, wording.lang) or owner for owner in definition.whose)


def about(family: Family, wording: Wording) -> str:
    """What all definitions of a family claim to measure."""
    return defined("about", family.name, wording.lang) or family.about


def row(table: str, wording: Wording) -> str:
    """What a row of a canonical table is."""
    return defined("tables", table, wording.lang) or TABLES[table].row


def dated(kpi: Kpi, wording: Wording) -> str:
    """`created_at (when the case was opened)`: the date that places a row in a period."""
    column = TABLES[kpi.table].column(kpi.dated_by)
    meaning = column and (defined("columns", f"{kpi.table}.{kpi.dated_by}", wording.lang) or column.meaning)
    return f"{kpi.dated_by} ({meaning})" if meaning else kpi.dated_by


def format_label(name: str, label: str, wording: Wording) -> str:
    """What an export format is called."""
    return defined("formats", name, wording.lang) or label


def calendar(label: str, wording: Wording) -> str:
    """What a calendar is called: one of ours by its name in the language, which a zone or a group may follow."""
    known = labels(wording.lang).get("calendars", {})
    return next(
        (label.replace(english, translated, 1) for english, translated in known.items() if label.startswith(english)),
        label,
    )
