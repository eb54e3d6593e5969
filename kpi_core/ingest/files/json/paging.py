"""What pages of an API say of the whole that they are parts of: how many records there are, and whether more follow."""

from collections.abc import Iterator, Sequence

from kpi_core.ingest.files.json.nested_objects import Json, JsonObject
from kpi_core.ingest.files.json.record_list import Document, holds_objects
from kpi_core.records import dataclass

_TOTALS = {
    "count",
    "total",
    "totalcount",
    "totalitems",
    "totalelements",
    "totalresults",
    "totalrecords",
    "totalhits",
    "numfound",
    "recordcount",
    "totalsize",
}
_MORE = {"hasmore", "hasnext", "hasnextpage", "hasmoreitems", "morerecords"}
_ENDS = {"endofstream", "last", "islast", "islastpage", "done"}
_NEXT = {
    "next",
    "nextpage",
    "nextpageurl",
    "nextpagetoken",
    "nextcursor",
    "nexturl",
    "nextrecordsurl",
    "nextlink",
    "odata.nextlink",
    "@odata.nextlink",
}
_HOLDERS = {"meta", "metadata", "links", "paging", "pagination", "pageinfo", "page", "pages", "cursor", "cursors"}
_PAGE, _PAGES = {"page", "currentpage", "pagenumber", "number"}, {"pages", "totalpages", "pagecount", "lastpage"}


@dataclass(frozen=True, kw_only=True)
class Paging:
    """What a page says: `total` records there are of which it has some (null: not stated), that `more` follow or that none does (null: not stated), `by` the key."""

    total: int | None = None
    more: bool | None = None
    by: str = ""


def paging_of(documents: Sequence[Document]) -> Paging:
    """What the pages of one file say together; the one that says that none follows ends them all."""
    found = [_of_page(page) for page in documents if isinstance(page, dict) and _has_records(page)]
    totals = [one for one in found if one.total is not None]
    stated = [one for one in found if one.more is not None]
    ends = next((one for one in stated if not one.more), stated[0] if stated else Paging())
    total = max(totals, key=lambda one: one.total or 0, default=Paging())
    return Paging(total=total.total, more=ends.more, by=ends.by or total.by)


def _has_records(page: JsonObject) -> bool:
    return any(isinstance(value, list) and (not value or holds_objects(value)) for value in page.values())


def _of_page(page: JsonObject) -> Paging:
    fields = list(_fields(page))
    counts = {key: count for key, _, value in fields if (count := _count(value)) is not None}
    total = next((count for key, count in counts.items() if key in _TOTALS), None)
    by = next((name for key, name, value in fields if key in _TOTALS and _count(value) is not None), "")
    for key, name, value in fields:
        if key in _MORE or key in _ENDS:
            truth = value if isinstance(value, bool) else str(value).casefold() == "true"
            return Paging(total=total, more=truth if key in _MORE else not truth, by=name)
    here, last = (next((count for key, count in counts.items() if key in names), None) for names in (_PAGE, _PAGES))
    if here is not None and last is not None:
        return Paging(total=total, more=here < last, by=next(name for key, name, _ in fields if key in _PAGES))
    for key, name, value in fields:
        if key in _NEXT:
            return Paging(total=total, more=bool(value), by=name)
    return Paging(total=total, by=by)


def _fields(page: JsonObject, depth: int = 2) -> Iterator[tuple[str, str, Json]]:
    """The plain values about paging, with their keys in small letters without `_`, and as they stand."""
    for name, value in page.items():
        key = name.replace("_", "").replace("-", "").casefold()
        if isinstance(value, dict) and depth and (key in _HOLDERS or key in _NEXT):
            if key in _NEXT:
                yield key, name, "true"
            yield from _fields(value, depth - 1)
        elif not isinstance(value, dict | list):
            yield key, name, value


def _count(value: Json) -> int | None:
    return int(value) if isinstance(value, str) and value.isdecimal() else None
