"""Words that stand where there is nobody: no agent, no customer, no case of its own.

A queue's `Unassigned` is no agent with the best figures, a shop's `guest` no customer who bought fourteen times, and a ticket whose
status is `Spam` or `Merged` no ticket. A mapping's own words for its cells come first.
"""

import re

import polars as pl

from kpi_core.ingest.cells import missing
from kpi_core.ingest.fields.words import categories, not_resolved
from kpi_core.ingest.formats.specs import ColumnSpec
from kpi_core.model.columns import CANCELLED
from kpi_core.model.tables import Kind

NO_AGENT = (
    *("unassigned", "(unassigned)", "[unassigned]", "<unassigned>", "-unassigned-", "- unassigned -", "not assigned", "nobody", "no one"),
    *("no agent", "no owner", "no assignee", "no group", "no team", "no queue", "unallocated", "not allocated", "unowned", "[none]", "<none>"),
    *("ej tilldelad", "ej tilldelat", "ej tilldelade", "otilldelad", "otilldelat", "otilldelade", "inte tilldelad", "icke tilldelad"),
    *("ofördelad", "ofördelat", "ingen", "ingen agent", "ingen handläggare", "ingen ansvarig", "ingen grupp", "utan handläggare"),
    *("ikke tildelt", "ikke tildelte", "utildelt", "ufordelt", "ikke fordelt", "ingen saksbehandler", "ingen ansvarlig", "ingen gruppe"),
    *("ingen behandler", "ingen sagsbehandler", "ikke tildelt endnu", "ei määritetty", "määrittämätön", "ei käsittelijää", "ei kukaan"),
    *("(ingen)", "(inga)", "[ingen]", "<ingen>", "(none)", "(no agent)", "(tom)", "ingen tildelt", "ingen tilldelad", "ej satt", "ikke satt", "ei ketään"),
    *("ei vastuuhenkilöä", "jakamaton", "nicht zugewiesen", "niemand", "kein bearbeiter", "non assigné", "no asignado"),
)  # fmt: skip
"""Where no agent or group is: in columns of these alone."""
NO_PERSON = (
    *("kö", "kön", "i kö", "i kön", "ärendekö", "inkorg", "inkorgen", "queue", "in queue", "the queue", "unassigned queue", "inbox", "kø", "køen", "i kø"),
    *("0", "innboks", "innboksen", "indbakke", "jono", "jonossa", "saapuneet"),
)  # fmt: skip
"""Where a case lies that nobody has taken; a group may be called so, or be numbered from 0."""
SPELT = r"@|\p{L}\.?\s+\p{L}"
"""What an address of a customer has, or a name of several words: the same however it is spelt."""
OF_AGENTS = frozenset({"agent", "group"})
OF_CUSTOMERS = frozenset({"customer_id", "customer_email"})
_NAMES = (
    *("anonymous", "anonymous user", "anonymous customer", "anon", "unknown", "unknown user", "unknown customer", "guest", "guest user"),
    *("guest customer", "guest checkout", "not provided", "not specified", "no customer", "no email", "walk-in", "walk in", "walk-in customer"),
    *("walk in customer", "cash customer", "noreply", "no-reply", "anonym", "anonymt", "anonym kund", "anonym användare", "anonym kunde"),
    *("anonym bruker", "anonym bruger", "anonymous respondent", "okänd", "okänt", "okänd kund", "ukjent", "ukjent kunde", "ukjent bruker"),
    *("ukendt", "ukendt kunde", "gäst", "gästkund", "gästanvändare", "gjest", "gjestebruker", "gæst", "gæstebruger", "ingen kund"),
    *("ingen kunde", "kontantkund", "kontantkunde", "ej angiven", "ej angivet", "ikke oppgitt", "ikke angitt", "ikke angivet"),
    *("telefonkund", "telefonkunde", "phone customer", "phone caller", "privatperson", "private person", "private individual", "saknas", "kund saknas"),
    *("mangler", "missing", "diverse", "diverse kund", "diverse kunder", "tillfällig kund", "tilfeldig kunde", "engångskund", "one-time customer"),
    *("kassakund", "besökare", "drop-in", "allmänheten", "okänt nummer", "skyddat nummer", "hemligt nummer", "dolt nummer", "skjult nummer"),
    *("ukjent nummer", "hemmelig nummer", "anonymt nummer", "private number", "unknown number", "withheld", "number withheld", "ej registrerad"),
    *("anonyymi", "nimetön", "tuntematon", "tuntematon asiakas", "vieras", "ei asiakasta", "unbekannt", "gast", "anonyme", "inconnu"),
)  # fmt: skip
_MAILBOXES = (
    *(r"no[-_.]?reply[a-z]*", r"do[-_.]?not[-_.]?reply", r"svara[-_.]?(?:ej|inte)", r"ikke[-_.]?svar", r"svar[-_.]?ikke", r"ei[-_.]?vastausta"),
    *(r"anonym[a-z]*", "unknown", "guest", "okand", "okänd", "ukjent", "ukendt", "gast", "gäst", "gjest", "no[-_.]?e?mail", "mailer-daemon"),
    *("postmaster", "nobody"),
)  # fmt: skip
_ANONYMOUS = rf"(?i)^[(\[<]?(?:{'|'.join(map(re.escape, sorted(_NAMES)))})[)\]>]?$|^<?(?:{'|'.join(_MAILBOXES)})@|^0+$"  # a database's 0 is no customer
_MAILBOX = rf"^<?(?:{'|'.join(_MAILBOXES)})@"
SPAM = (
    *("spam", "junk", "junk mail", "marked as spam", "closed as spam", "closed - spam", "deleted", "trash", "trashed", "skräppost", "skräp"),
    *("raderad", "raderat", "raderade", "borttagen", "borttaget", "papperskorgen", "søppelpost", "søppel", "slettet", "slettede"),
    *("roskaposti", "roska", "poistettu", "gelöscht"),
)  # fmt: skip
MERGED = (
    *("merged", "closed - merged", "closed (merged)", "closed as merged", "merged into another", "duplicate", "duplicated", "closed - duplicate"),
    *("closed (duplicate)", "closed as duplicate", "duplicate ticket", "sammanslagen", "sammanslaget", "sammanslagna", "sammanfogad"),
    *("sammanfogat", "ihopslagen", "dubblett", "dublett", "dubbel", "duplikat", "slått sammen", "sammenslått", "sammenslåtte", "flettet"),
    *("sammenflettet", "sammenlagt", "duplisert", "duplikert", "slået sammen", "yhdistetty", "kaksoiskappale", "duplikaatti"),
)  # fmt: skip
DONE = ("solved", "closed")
DROPPED = r"cancel|reject|withdraw|declin|abandon|avbr|avbest|avvis|avsl[aå]g|avslått|annul|makul|återkall|återtag|nekad|trukket|hylät|peru"
"""What a status of a closed case says where the case was given up rather than resolved."""
NOT_DONE = (
    "won't do",
    "wont do",
    "won't fix",
    "wont fix",
    "wontfix",
    "won’t do",
    "won’t fix",
    "görs ej",
    "görs inte",
    "gjøres ikke",
)
HOW_IT_ENDED = frozenset(
    {
        "resolution",
        "resolution status",
        "resolution code",
        "close code",
        "closure code",
        "avslutskod",
        "lösningskod",
        "løsningskode",
    }
)
"""Headers of one word for how a case ended."""
MERGED_INTO = frozenset(
    {
        *("merged into", "merged to", "merged with", "merged in", "merged into ticket", "duplicate of", "is duplicate of", "sammanslagen med", "sammanslagen till"),
        *("sammanslaget med", "sammanfogad med", "ihopslagen med", "dubblett av", "dublett av", "duplikat av", "slått sammen med", "sammenslått med", "flettet med"),
        *("flettet inn i", "slået sammen med", "dublet af", "yhdistetty tikettiin"),
    }
)  # fmt: skip
"""Headers under which the ticket stands that one was merged into."""
_JUNK = r"spam|junk(?: mail)?|skräppost|søppelpost|roskaposti"
_JUNK_PHRASE = rf"^[(\[]?(?:{_JUNK})[)\]]?(?:\s*[-–—/:,&|>(]+\s*(?:{_JUNK}|auto(?:mati[a-z]*)?|reklam|phishing|bot|trash|skräp|deleted|e-?post|e?-?mail)\)?)*$"
"""Junk by a phrase that is nothing else: `Spam/junk`, `spam - auto`; a `Spam filter` and a `Spamfilter` are what a case may be about."""
NO_CASE = {"is_spam": SPAM, "is_merged": MERGED}
"""By the truth that they say, statuses of tickets that count for nothing."""


def is_nobody(text: pl.Expr) -> pl.Expr:
    """Whether a clean cell that should name a customer names none."""
    return text.str.contains(_ANONYMOUS)


def may_be_nobody(words: pl.Series) -> bool:
    """Whether one of few clean cells may name nobody: mostly none does, which is found before a pattern is compiled."""
    low = words.str.to_lowercase()
    is_name = low.str.strip_chars("()[]<>").is_in(_NAMES) | (low.str.strip_chars("0") == "")
    return bool(is_name.any()) or bool(low.str.contains(_MAILBOX).any())


def is_junk(word: pl.Expr) -> pl.Expr:
    """Whether a word in small letters says by a phrase of its own that something is junk."""
    return word.str.contains(_JUNK_PHRASE)


def no_cases(text: pl.Expr) -> dict[str, pl.Expr]:
    """By `is_spam` and `is_merged`, whether a status says so, and whether it says that a case ended without an answer to it."""
    word = text.str.to_lowercase()
    dropped = [known for known, state in categories(Kind.STATUS).items() if state in DONE and re.search(DROPPED, known)]
    conditions = {name: word.is_in(list(words)) for name, words in NO_CASE.items()}
    conditions["is_spam"] = conditions["is_spam"] | is_junk(word)
    return conditions | {CANCELLED: word.is_in([*dropped, *NOT_DONE])}


def with_words_for_none(table: str, name: str, spec: ColumnSpec) -> ColumnSpec:
    """The column with the words that mean nothing in it, in addition to those of its mapping: no agent, no end, no resolution."""
    nobody = (*NO_AGENT, *NO_PERSON) if name == "agent" else NO_AGENT
    words: tuple[str, ...] = nobody if name in OF_AGENTS else missing.NO_END if name in missing.OF_ENDS else ()
    if table == "tickets" and name in missing.OF_RESOLUTIONS:
        words = not_resolved()
    return spec.model_copy(update={"missing": (*spec.missing, *words)}) if words else spec
