"""Rows that a column of their own marks as none: orders that were cancelled or failed, quotes, tests, drafts, budgets, what was deleted.

Nobody maps such a column, since nothing is counted by it; but its presence changes what a row means. A mapping that reads
the column itself, or has a rule of its own for it, decides alone.
"""

import re
from collections.abc import Iterator

import polars as pl

from kpi_core.ingest.cells import missing
from kpi_core.ingest.fields.sample_cells import SampleCells
from kpi_core.ingest.fields.unassigned import MERGED, SPAM, is_junk
from kpi_core.ingest.formats.recognise import Match
from kpi_core.ingest.headers.header_rows import compared, normal
from kpi_core.ingest.headers.tags import TAGS
from kpi_core.ingest.rows import mark_headers
from kpi_core.ingest.rows.note_rows import unknown_kinds
from kpi_core.ingest.rows.unpublished import UNPUBLISHED, is_of_publication, without_a_day
from kpi_core.messages.message import Message, Text
from kpi_core.model.findings import Consequence, Finding

TEST = (
    *(
        "is test",
        "test order",
        "test mode",
        "testmode",
        "test ticket",
        "is test order",
        "istest",
        "is demo",
        "is draft",
        "draft",
    ),
    *("testorder", "testbeställning", "testordre", "testbestilling", "testitilaus"),
)
SAYS_TEST = (
    *("test", "testsvar", "testbesvarelse", "provsvar", "test answer", "test response", "test respondent"),
    *("test account", "is test account", "demo account", "testkonto", "demokonto", "test customer", "testkund", "testkunde"),
    *("test user", "testanvändare", "testbruker", "test lead", "testtili", "testiasiakas"),
)  # fmt: skip
"""Headers whose cells must say yes: under a bare `Test` may stand which of two was tried."""
LIVE = ("livemode", "live mode", "is live")
"""Headers under which a no says that a payment was a test."""
TRUE = ("yes", "y", "ja", "j", "jo", "kyllä", "true", "sant", "sann", "1", "x", "test", "✓", "✔", "✅")
_CANCELLED, _TEST_OR_DRAFT = Message("mark-cancelled"), Message("mark-test-or-draft")
_DELETED, _DUPLICATE, _JUNK = Message("mark-deleted"), Message("mark-duplicate"), Message("mark-junk")
_NOT_COUNTED = Message("mark-not-counted")
MARKS = (_CANCELLED, _DELETED, _TEST_OR_DRAFT, _DUPLICATE, _JUNK, _NOT_COUNTED)
"""What a column that is not read may say of a row, in any table."""
CAPTURED = ("captured", "is captured", "payment captured")
"""Headers under which a no says that a payment was authorised and never taken."""
FALSE = (
    *("no", "false", "0", "n", "f", "nej", "nei", "ei", "nein"),
    *("0000-00-00", "0000-00-00 00:00:00", "never", "falskt", "falsk", "active"),
)
STATUS = (
    *(
        "cancelled",
        "canceled",
        "void",
        "voided",
        "failed",
        "declined",
        "draft",
        "checkout-draft",
        "test",
        "deleted",
        "trash",
        "trashed",
    ),
    *(
        "abandoned",
        "payment failed",
        "uncaptured",
        "not captured",
        "expired",
        "rejected",
        "denied",
        "testorder",
        "betalning misslyckades",
        "kansellerad",
        "avvisad",
        "makulerad",
        "annullerad",
        "avbruten",
        "avbeställd",
        "misslyckad",
        "utkast",
        "raderad",
    ),
    *(
        "kansellert",
        "makulert",
        "feilet",
        "betaling feilet",
        "kladd",
        "testordre",
        "avvist",
        "afvist",
        "betaling mislykkedes",
        "hylätty",
        "maksu epäonnistui",
        "testitilaus",
        "annullert",
        "avbrutt",
        "avlyst",
        "aflyst",
        "avbestilt",
        "mislykket",
        "slettet",
        "annulleret",
        "afbrudt",
        "afbestilt",
        "kladde",
    ),
    *(
        "mislykkedes",
        "peruttu",
        "peruutettu",
        "epäonnistunut",
        "luonnos",
        "poistettu",
        "storniert",
        "fehlgeschlagen",
        "entwurf",
    ),
)
STATUSES = (
    *(
        "status",
        "order status",
        "orderstatus",
        "ordrestatus",
        "payment status",
        "financial status",
        "state",
        "order state",
        "tila",
    ),
    *("betalstatus", "betalningsstatus", "betalingsstatus"),
)
"""Where an order stands: headers looked at whether or not the mapping reads them."""
KINDS = (
    *STATUSES,
    *("type", "typ", "tyyppi", "kind", "mode", "environment", "miljö", "miljø", "order type", "ordertyp", "ordretype"),
    *("document type", "transaction type", "dokumenttyp", "dokumenttype", "response type", "response status", "survey status", "svarstyp"),
    *("svarsstatus", "svarstatus", "account type", "customer type", "kundtyp", "kundetype", "asiakastyyppi", "kontotyp", "kontotype"),
    *("customer status", "kundstatus", "kundestatus", "account status", "review status", "moderation status", "publiceringsstatus"),
    *("moderering", "moderation", "modereringsstatus", "granskning", "granskningsstatus", "publication status", "publiseringsstatus"),
    *("publishing status", "lead status", "leadstatus", "lead type", "record type", "posttyp"),
)  # fmt: skip
"""Headers whose words say what kind of row one is, in any table but those of cases and messages."""
TESTS = (
    *("test", "tests", "test mode", "testing", "test order", "test account", "test customer", "test response", "test answer", "test user"),
    *("preview", "survey preview", "survey test", "sandbox", "testorder", "testsvar", "testkonto", "testkund", "testläge", "provsvar"),
    *("förhandsvisning", "förhandsgranskning", "testordre", "testkunde", "testmodus", "testbesvarelse", "forhåndsvisning", "testi"),
    *("esikatselu", "testitilaus", "testiasiakas"),
)  # fmt: skip
TAGGED_TESTS = (
    "test",
    "testärende",
    "testsak",
    "test ticket",
    "testorder",
    "testordre",
    "testsvar",
    "testkund",
    "testkunde",
)
"""Tags that say so of a row."""
REMOVED = SPAM
DUPLICATES = tuple(word for word in MERGED if word != "dubbel")
"""Words of rows that stand in place of another, in any table."""
QUOTES = (
    *("quote", "quotation", "sales quote", "estimate", "proposal", "offer", "pro forma", "proforma", "pro forma invoice", "proformafaktura"),
    *("offert", "anbud", "kostnadsförslag", "tilbud", "pristilbud", "tarjous", "angebot", "supplier invoice", "leverantörsfaktura"),
    *("leverandørfaktura", "inköpsorder", "innkjøpsordre", "indkøbsordre", "ostotilaus", "ostolasku"),
)  # fmt: skip
"""Words of orders that nobody placed with us."""
OTHERS = (
    *("supplier", "vendor", "prospect", "potential customer", "competitor", "leverantör", "prospekt", "konkurrent", "potentiell kund"),
    *("leverandør", "potensiell kunde", "potentiel kunde", "toimittaja", "prospekti", "kilpailija", "lead", "leads", "sales lead", "prospects"),
    *("suspect", "kundämne", "potentiell", "potensiell", "emne", "kundeemne", "liidi"),
)  # fmt: skip
"""Words for those in a register who are no customers."""
BUDGETS = (
    *("budget", "budgeted", "budgeterad", "budgeterat", "budsjett", "budsjettert", "budgetteret", "budjetti", "forecast", "prognos", "prognose"),
    *("ennuste", "plan", "planned", "planerad", "planerat", "planlagt", "planlagd", "target", "mål", "estimate", "estimat", "outlook"),
)  # fmt: skip
ACTUALS = (
    *("actual", "actuals", "actual cost", "utfall", "faktisk", "faktiskt", "faktiske", "faktisk kostnad", "verkligt", "bokfört", "bokført"),
    *("bogført", "regnskap", "regnskab", "virkelig", "realiseret", "realisert", "toteuma", "toteutunut", "outcome", "ledger", "a", "ac"),
)  # fmt: skip
VERSIONS = (
    *("version", "scenario", "budget version", "plan version", "actual/budget", "budget/actual", "actual or budget", "utfall/budget"),
    *("budget/utfall", "utfall eller budget", "budsjett/regnskap", "regnskap/budsjett", "value type", "värdetyp", "verditype", "versio"),
    *("data type", "datatyp", "datatype", "plan/actual", "actual/plan", "skenaario", "scenarie"),
)  # fmt: skip
"""Headers under which a cost says whether it was spent."""
DELIVERIES = ("delivery status", "mail status", "email status", "send status", "leveransstatus", "utskicksstatus", "leveringsstatus", "sendestatus")  # fmt: skip
UNDELIVERED = (
    *("bounced", "bounce", "hard bounce", "soft bounce", "hard bounced", "soft bounced", "email bounced", "undelivered", "not delivered"),
    *("undeliverable", "delivery failed", "failed", "not sent", "unsent", "invalid", "invalid address", "blocked", "dropped", "rejected"),
    *("studsad", "studsade", "studs", "studsat", "ej levererad", "inte levererad", "ej skickad", "olevererad", "ogiltig adress", "misslyckad"),
    *("ikke levert", "returnert", "feilet", "ikke leveret", "ikke sendt", "ugyldig adresse", "mislykket", "fejlet", "ei toimitettu"),
)  # fmt: skip
"""Words of invitations that reached nobody."""
DIRECTIONS = (
    *("direction", "call direction", "call type", "in/out", "inbound/outbound", "inbound or outbound", "riktning", "samtalsriktning", "samtalstyp"),
    *("in/ut", "retning", "samtaleretning", "anropsretning", "anropstype", "samtaletype", "inn/ut", "opkaldsretning", "opkaldstype", "ind/ud", "suunta"),
)  # fmt: skip
"""Headers under which a call says who called."""
INCOMING = (
    *("in", "inbound", "incoming", "inbound call", "incoming call", "received", "ingående", "inkommande", "inkommet", "in-bound", "innkommende"),
    *("inngående", "inn", "mottatt", "indgående", "indkommende", "ind", "modtaget", "mottaget", "saapuva"),
)  # fmt: skip
OUTGOING = (
    *("out", "outbound", "outgoing", "outbound call", "outgoing call", "out-bound", "dialed", "dialled", "utgående", "ut", "uppringt", "utringt"),
    *("utgåande", "udgående", "ud", "lähtevä"),
)  # fmt: skip
INTERNAL = ("internal", "intern", "interne", "internt", "internal call", "internsamtal", "sisäinen")
OF_CALLS = ("tickets_created", "answer_rate", "tickets_per_agent", "net_flow", "contact_rate*", "handle_time*")
OF_ORDERS = ("revenue*", "aov*", "active_customers", "orders_per_customer", "repurchase_rate*", "contact_rate_orders")
OF_COSTS = ("cac*", "cost_per_ticket*")
NO_ROWS: dict[str, tuple[Message, tuple[str, ...]]] = {
    "orders": (Message("mark-quote"), (*QUOTES, *TESTS)),
    "reviews": (Message("mark-rejected"), (*UNPUBLISHED, *REMOVED, *TESTS)),
    "customers": (Message("mark-no-customer"), (*OTHERS, *REMOVED, *TESTS)),
    "leads": (Message("mark-spam"), (*REMOVED, *TESTS)),
    "answers": (Message("mark-preview"), (*REMOVED, *TESTS)),
    "messages": (Message("mark-spam"), (*REMOVED, *TESTS)),
    "costs": (Message("mark-budget"), (*BUDGETS, *TESTS)),
}
"""By table, what its words for rows that do not count are called, and these words."""


def marked(match: Match) -> dict[Message, pl.Expr]:
    """By reason, which raw rows are marked as none; the reason names the column."""
    found = dict[Message, pl.Expr]()
    for reason, is_marked in _marks(match):
        found[reason] = found[reason] | is_marked.fill_null(value=False) if reason in found else is_marked
    return {**found, **_outgoing(match)}


def _marks(match: Match) -> Iterator[tuple[Message, pl.Expr]]:
    is_orders = match.mapping.table == "orders"
    ruled = {normal(header) for rule in match.mapping.leave_out for header in rule.headers}
    specs = match.mapping.columns.values()
    read = {name for spec in specs for names in (spec.headers, spec.others) for name in compared(names)[0]}
    for place, header in enumerate(match.headers):
        name = normal(header)
        if name in ruled:
            continue
        if name not in read:
            yield from _by_header(match, place, name)
        elif mark_headers.PUBLISHED.search(name):  # a day of publication in other files
            yield from _not_counted(match, place, name, missing.clean(pl.col(f"c{place}")).str.to_lowercase())
        if is_orders and name in CAPTURED:
            yield (
                Message("marked-by", what=Message("mark-not-captured"), header=header),
                missing.clean(pl.col(f"c{place}")).str.to_lowercase().is_in(FALSE),
            )
        if is_orders and name in STATUSES:
            cell = pl.col(f"c{place}").str.strip_chars().str.to_lowercase()
            yield Message("marked-by", what=Message("mark-failed"), header=header), cell.is_in(STATUS)
        if (unpublished := without_a_day(match, place)) is not None:
            yield Message("marked-by", what=Message("mark-rejected"), header=header), unpublished
        yield from _by_words(match, place, name)


def _by_header(match: Match, place: int, name: str) -> Iterator[tuple[Message, pl.Expr]]:
    """By reason, which raw rows a column that is not read says are none by a yes, a no or a day.

    A cancelled case was a case: that a row was cancelled makes it none among orders alone. What a ticket is a duplicate of, and that it
    is spam, its own columns say.
    """
    header, is_orders = match.headers[place], match.mapping.table == "orders"
    word = missing.clean(pl.col(f"c{place}")).str.to_lowercase()
    if is_orders and mark_headers.CANCELLED.search(name):
        yield Message("marked-by", what=_CANCELLED, header=header), _is_set(place)
    if mark_headers.DELETED.search(name):
        yield Message("marked-by", what=_DELETED, header=header), _is_set(place)
    yield from _not_counted(match, place, name, word)
    if name in TEST:
        yield Message("marked-by", what=_TEST_OR_DRAFT, header=header), _is_set(place)
    if name in SAYS_TEST:
        yield Message("marked-by", what=_TEST_OR_DRAFT, header=header), word.is_in(TRUE)
    if name in LIVE:
        yield Message("marked-by", what=_TEST_OR_DRAFT, header=header), word.is_in(FALSE)
    if is_orders and mark_headers.INVALID.search(name):
        yield Message("marked-by", what=_CANCELLED, header=header), word.is_in(FALSE)
    if mark_headers.DUPLICATE.search(name):
        yield Message("marked-by", what=_DUPLICATE, header=header), word.is_in(TRUE)
    if match.mapping.table != "tickets" and mark_headers.JUNK.search(name):
        yield Message("marked-by", what=_JUNK, header=header), word.is_in(TRUE)


def _not_counted(match: Match, place: int, name: str, word: pl.Expr) -> Iterator[tuple[Message, pl.Expr]]:
    """By reason, which raw rows somebody marked as not to be counted, or, of reviews, nobody reads."""
    header = match.headers[place]
    if mark_headers.LEFT_OUT.search(name):
        yield Message("marked-by", what=_NOT_COUNTED, header=header), word.is_in(TRUE)
    if mark_headers.COUNTED.search(name):
        yield Message("marked-by", what=_NOT_COUNTED, header=header), word.is_in(FALSE)
    if match.mapping.table == "reviews" and mark_headers.HIDDEN.search(name):
        yield Message("marked-by", what=Message("mark-rejected"), header=header), word.is_in(TRUE)
    if match.mapping.table == "reviews" and mark_headers.PUBLISHED.search(name):
        yield Message("marked-by", what=Message("mark-rejected"), header=header), word.is_in(FALSE)


def is_marked_by(reason: Text, header: str) -> bool:
    """Whether rows were left out for a mark in a column of that header."""
    return isinstance(reason, Message) and reason.key == "marked-by" and reason.values["header"] == header


def _by_words(match: Match, place: int, name: str) -> Iterator[tuple[Message, pl.Expr]]:
    """By reason, which raw rows a column says are none in words that every table has of its own."""
    table, header = match.mapping.table, match.headers[place]
    cell = pl.col(f"c{place}").str.strip_chars().str.to_lowercase()
    if match.mapping.invitations and name in (*KINDS, *DELIVERIES):
        yield Message("marked-by", what=Message("mark-not-delivered"), header=header), cell.is_in(UNDELIVERED)
    is_of_reviews = table == "reviews" and is_of_publication(name)
    if table in NO_ROWS and (name in KINDS or is_of_reviews or (table == "costs" and name in VERSIONS)):
        says, words = NO_ROWS[table]
        yield Message("marked-by", what=says, header=header), _is_one_of(place, words)
    elif mark_headers.KINDS.search(name) and not _is_of_status(match, place):
        words = TESTS if table == "tickets" else (*REMOVED, *TESTS)
        what = Message("mark-test") if table == "tickets" else Message("mark-spam")
        yield Message("marked-by", what=what, header=header), _is_one_of(place, words)
    elif TAGS.search(name):
        tagged = pl.col(f"c{place}").str.contains(
            rf"(?i)(?:^|[,;|\[\]\"'])\s*(?:{'|'.join(TAGGED_TESTS)})\s*(?:$|[,;|\[\]\"'])"
        )
        yield Message("marked-by", what=Message("mark-test"), header=header), tagged
    if table != "tickets" and (name in KINDS or mark_headers.KINDS.search(name)):
        yield Message("marked-by", what=_DUPLICATE, header=header), cell.is_in(DUPLICATES)


def _is_one_of(place: int, words: tuple[str, ...]) -> pl.Expr:
    """Whether a cell is one of some words; where junk is among them, a phrase of it too.

    By one pattern: to take its blanks off, write it small and look it up takes three times as long.
    """
    cell = pl.col(f"c{place}")
    is_one = cell.str.contains(rf"(?i)^\s*(?:{'|'.join(map(re.escape, words))})\s*$")
    return is_one | is_junk(cell.str.strip_chars().str.to_lowercase()) if SPAM[0] in words else is_one


def _is_of_status(match: Match, place: int) -> bool:
    """Whether a mapping reads the status of a ticket from a column, which says there what became of the case."""
    spec = match.mapping.columns.get("status")
    return match.mapping.table == "tickets" and spec is not None and place in match.places(spec.headers)


def _outgoing(match: Match) -> dict[Message, pl.Expr]:
    """By reason, which rows are calls that nobody made to us; of cases that an agent began the format of common headers knows more."""
    if not is_of_calls(match):
        return {}
    ruled = {normal(header) for rule in match.mapping.leave_out for header in rule.headers}
    columns = [
        spec for name, spec in match.mapping.columns.items() if not (name == "is_outbound" and match.mapping.fallback)
    ]
    ruled |= {normal(header) for spec in columns for header in (*spec.headers, *spec.others)}
    return {
        Message("marked-by", what=Message("mark-outgoing"), header=header): pl.col(f"c{place}")
        .str.strip_chars()
        .str.to_lowercase()
        .is_in((*OUTGOING, *INTERNAL))
        for place, header in enumerate(match.headers)
        if normal(header) in DIRECTIONS and normal(header) not in ruled
    }


def is_of_calls(match: Match) -> bool:
    """Whether a list says of each of its contacts whether it was answered, as calls are."""
    spec = match.mapping.columns.get("is_answered")
    return (
        match.mapping.table == "tickets"
        and spec is not None
        and match.index((*spec.headers, *spec.opposite)) is not None
    )


def unknown_marks(reader: SampleCells) -> Iterator[Finding]:
    """The findings on unknown words of columns that decide which rows count."""
    yield from unknown_versions(reader)
    yield from unknown_directions(reader)
    yield from unknown_kinds(reader)
    yield from unpaid(reader)


def unpaid(reader: SampleCells) -> Iterator[Finding]:
    """That orders which a column says are not paid count all the same: they were placed."""
    if reader.mapping.table != "orders":
        return
    for place, header in enumerate(reader.match.headers):
        if mark_headers.PAID.search(normal(header)):
            words = reader.seen(reader.cell(place, is_text=True)).unique().sort()
            no = words.filter(words.str.to_lowercase().is_in(FALSE))
            if len(no) and bool(words.str.to_lowercase().is_in((*TRUE, *FALSE)).all()):
                message = Message("unpaid-orders", file=reader.raw.name, header=header, word=no[0])
                yield Finding(code="unpaid-orders", message=message, kpis=OF_ORDERS)


def unknown_directions(reader: SampleCells) -> Iterator[Finding]:
    """That it is unknown from words of calls who called: each counts as a contact."""
    if not is_of_calls(reader.match):
        return
    for place, header in enumerate(reader.match.headers):
        if normal(header) not in DIRECTIONS:
            continue
        words = reader.seen(reader.cell(place, is_text=True)).unique().sort().to_list()
        unknown = [word for word in words if word.strip().lower() not in (*INCOMING, *OUTGOING, *INTERNAL)]
        says_who = any(
            part in normal(header) for part in ("direction", "riktning", "retning", "suunta", "/", "inbound")
        )
        if unknown and (says_who or len(unknown) < len(words)):
            message = Message(
                "unknown-directions", file=reader.raw.name, words=unknown, header=header, incoming=INCOMING[1],
                outgoing=OUTGOING[1],
            )  # fmt: skip
            yield Finding(code="unknown-directions", message=message, kpis=OF_CALLS, is_serious=True)


def unknown_versions(reader: SampleCells) -> Iterator[Finding]:
    """That words that separate costs from budgets are unknown, where several are left: each counts as spent."""
    if reader.mapping.table != "costs":
        return
    for place, header in enumerate(reader.match.headers):
        if normal(header) not in VERSIONS:
            continue
        words = reader.seen(reader.cell(place, is_text=True)).unique().sort().to_list()
        unknown = [word for word in words if word.casefold() not in ACTUALS]
        if unknown and len(words) > 1:
            message = Message("unknown-versions", file=reader.raw.name, words=unknown, header=header, actual=ACTUALS[0])
            yield Finding(code="unknown-versions", message=message, kpis=OF_COSTS, is_serious=True, consequence=Consequence.NO_VALUE)  # fmt: skip


def _is_set(place: int) -> pl.Expr:
    """Whether a cell says yes, or when."""
    cell = missing.clean(pl.col(f"c{place}"))
    return cell.is_not_null() & ~cell.str.to_lowercase().is_in(FALSE)
