"""Rows that stand for many: a column says how many tickets, answers, reviews or orders a row sums, or how much an answer weighs.

A row counts as one, so that what it is counted in has no value.
"""

import re
from collections.abc import Collection, Iterator

from kpi_core.ingest.fields.field_reader import FieldReader
from kpi_core.ingest.headers.header_rows import normal
from kpi_core.ingest.questions.unread_answers import KPIS
from kpi_core.messages.message import Message
from kpi_core.messages.nouns import called
from kpi_core.model.findings import Consequence, Finding
from kpi_core.model.kpis_of_tables import OF
from kpi_core.patterns import regex

CODE = "rows-of-many"
_MANY = ("count", "counts", "frequency", "freq", "n", "antal", "antall", "frekvens", "anzahl", "lukumäärä", "lkm")
_THINGS = {
    "tickets": "tickets|cases|calls|contacts|enquiries|ärenden|samtal|kontakter|besök|mejl|saker|henvendelser|samtaler|sager|opkald|tapauksia|tiketit",
    "answers": "answers|responses|respondents|replies|ratings|votes|svar|svarande|besvarelser|respondenter|röster|stemmer|vastauksia|vastaukset",
    "reviews": "reviews|ratings|recensioner|omdömen|betyg|anmeldelser|omtaler|vurderinger|arvosteluja|arvostelut",
    "orders": "orders|purchases|sales|ordrar|order|köp|beställningar|ordre|ordrer|kjøp|køb|bestillinger|tilauksia|tilaukset",
    "leads": "leads|prospects|prospekt|emner|liidejä|liidit",
    "customers": "customers|kunder|asiakkaita|asiakkaat|subscribers|prenumeranter|abonnenter",
}
"""What a row of a table may be many of."""
_COUNTED = (
    r"(?:number of|no\.? of|nr of|count of|# of|#|antal|antall|lukumäärä) (?:{0})|(?:{0})[ -]?(?:count|antal|antall)"
)
_ENDED = (
    r"solved|resolved|closed|created|opened|handled|answered|received|completed|lösta|avslutade|stängda|skapade|besvarade|inkomna|hanterade"
    r"|løste|lukkede|avsluttede|opprettede|besvarte|mottatte|håndterte|avsluttede|modtagne|besvarede|håndterede|ratkaistut|suljetut"
)
"""What became of the things of a tally: `Tickets solved`, `Lösta ärenden`."""
_MEAN = regex(
    r"(?:avg|average|mean|median|genomsnitt\w*|snitt\w*|medel\w*|gjennomsnitt\w*|gennemsnit\w*|keskiarvo|keskimääräinen)\b"
)
"""How the header of a tally's mean begins: it is no single case's."""
_WEIGHTS = frozenset({"weight", "weights", "weighting", "sample weight", "vikt", "viktning", "vekt", "vekting", "vægt", "vægtning", "paino"})  # fmt: skip
_AUTHOR = regex(r"author|reviewer|user|name|namn|navn|recensent|författare|forfatter|nimi|text|title|titel|tittel|review$|recension$")  # fmt: skip
"""What a list of single reviews has: a count of reviews is then one of their authors."""
TIME = r"\d[:.]\d\d(?:[:.]\d\d)?(?:\s?[ap]m)?$"
_ONE = r"^[01](?:[.,]0+)?$"
_NUMBER = r"^\d+(?:[.,]\d+)?$"
_OF_A_CASE = frozenset(
    {
        "ticket_id",
        "customer_id",
        "customer_email",
        "resolved_at",
        "closed_at",
        "first_replied_at",
        "due_at",
        "updated_at",
    }
)
"""What a list of single tickets has, and one of tallies has not."""
KPIS_OF_ROWS = {
    "tickets": OF["tickets"],
    "answers": (*dict.fromkeys(kpi for kpis in KPIS.values() for kpi in kpis), "answers_received", "response_rate*"),
    "reviews": ("review_*",),
    "orders": ("aov*", "orders_per_customer*", "repurchase_*", "active_customers*", "tickets_per_order*"),
    "leads": ("conversion_rate*",),
    "customers": (
        *("retention_*", "churn_*", "net_customer_change*", "customer_growth*", "cac*", "tickets_per_customer*"),
    ),
}
"""The KPIs that count the rows of a table."""
_NOT_WEIGHED = ("answers_received", "response_rate*")


def rows_of_many(reader: FieldReader, taken: Collection[int]) -> Iterator[Finding]:
    """That a column which is not read says how many each row stands for, where some stand for other than one.

    Args:
        reader: the file.
        taken: the places of the columns that are read, keys aside: a number of things is none.
    """
    table = reader.mapping.table
    if table not in _THINGS or reader.mapping.counts is not None or (table == "tickets" and _are_cases(reader)):
        return
    names = [normal(header) for header in reader.match.headers]
    for place, (header, name) in enumerate(zip(reader.match.headers, names, strict=True)):
        is_weight = table == "answers" and name in _WEIGHTS
        if place in taken or not (is_weight or _counts(name, table, names)):
            continue
        seen = reader.seen(reader.cell(place))
        if seen.is_empty() or not seen.str.contains(_NUMBER).all() or seen.str.contains(_ONE).all():
            continue
        message = Message("rows-of-many", file=reader.raw.name, header=header, table=called(table), example=seen[0])
        if is_weight:
            message = Message("weighted-answers", file=reader.raw.name, header=header, example=seen[0])
        kpis = tuple(kpi for kpi in KPIS_OF_ROWS[table] if not is_weight or kpi not in _NOT_WEIGHED)
        yield Finding(code=CODE, message=message, kpis=kpis, is_serious=True, consequence=Consequence.NO_VALUE)


def _are_cases(reader: FieldReader) -> bool:
    """Whether the rows of a list of tickets have what single ones have: a number, a customer, an end, a time of day."""
    columns = reader.mapping.columns
    own = [
        reader.match.index(spec.headers)
        for name, spec in columns.items()
        if name in _OF_A_CASE or name.endswith("_time")
    ]
    headers = [normal(reader.match.headers[place]) for place in own if place is not None]
    if not all(_counts(header, "tickets", ()) or _MEAN.match(header) for header in headers):
        return True
    place = None if "created_at" not in columns else reader.match.index(columns["created_at"].headers)
    return place is not None and bool(reader.seen(reader.cell(place)).str.contains(TIME).any())


def _counts(name: str, table: str, names: Collection[str]) -> bool:
    """Whether a header counts the things of a table."""
    if table == "reviews" and any(_AUTHOR.search(other) for other in names):
        return False
    if name in _MANY:
        return table in ("tickets", "answers", "reviews")
    things = _THINGS[table]
    if re.fullmatch(rf"(?:{things}) (?:{_ENDED})|(?:{_ENDED}) (?:{things})", name):
        return table != "answers"
    return bool(re.fullmatch(_COUNTED.format(things), name)) or (table != "answers" and name in things.split("|")[:1])
