"""Where the records lie in a JSON export: which list is the table.

Help desks write lists, objects one a line, or pages of an API that wrap the list in words about paging. An object
with one list inside may be a page of records or a ticket with its comments: what else it says decides.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

from kpi_core.ingest.files.json.nested_objects import Json, JsonObject

Document: TypeAlias = "JsonObject | list[Json]"

_DEEPEST = 10
_IDS = {"id", "_id", "uuid"}
_PAGING = {
    *("count", "total", "totalcount", "totalitems", "totalpages", "totalelements", "pagecount", "size", "limit"),
    *("offset", "page", "pages", "pageinfo", "paging", "pagination", "perpage", "pagesize", "meta", "metadata"),
    *("next", "nextpage", "nextpagetoken", "nextpageurl", "previous", "previouspage", "prev", "prevpage", "hasmore"),
    *("cursor", "aftercursor", "beforecursor", "afterurl", "beforeurl", "endofstream", "starttime", "endtime"),
    *("links", "url", "object", "type", "success"),
}
"""What an API says of a page of records, in lower case and without `_`."""


class Inner(NamedTuple):
    """A list inside an object, and its dotted path from there."""

    holder: JsonObject
    path: str
    items: list[Json]


def top_rows(documents: Sequence[Document]) -> Sequence[Json] | None:
    """The records that no path is needed for: `documents` itself where they are the records; None if there are none."""
    objects = [document for document in documents if isinstance(document, dict)]
    if len(objects) < len(documents):
        rows = _elements(documents)
        return rows if not rows or holds_objects(rows) else None
    are_pages = all(_is_page(page, _DEEPEST) for page in objects)
    if not are_pages and (len(objects) > 1 or not _IDS.isdisjoint(objects[0])):
        return documents
    places = {place for page in objects for place in _places_of_lists(page)}
    if not places:
        are_empty = are_pages and any(value == [] for page in objects for value in page.values())
        return [] if are_empty else documents
    place = places.pop()
    return None if places else [row for page in objects for inner in _lists_at(page, place) for row in inner.items]


def lists_at(documents: Sequence[Document], keys: Sequence[str]) -> list[Inner]:
    """The lists at the end of `keys`, counted from the top, else from the records at the top."""
    return _lists_of_all(_elements(documents), keys) or _lists_of_all(top_rows(documents) or (), keys)


def holds_objects(values: Sequence[Json]) -> bool:
    """Whether a list is one of records."""
    return any(isinstance(value, dict) for value in values)


def is_paging(key: str) -> bool:
    """Whether a field is about a page and not of a record."""
    return key.replace("_", "").casefold() in _PAGING


def _elements(documents: Sequence[Document]) -> list[Json]:
    """The elements of the lists at the top, and the objects next to them."""
    return [row for document in documents for row in (document if isinstance(document, list) else (document,))]


def _is_page(fields: JsonObject, depth: int) -> bool:
    """Whether an object has nothing but lists of objects and words about paging, whatever it wraps them in."""
    for key, value in fields.items():
        is_list = isinstance(value, list) and (not value or holds_objects(value))
        is_wrapping = isinstance(value, dict) and depth > 0 and _is_page(value, depth - 1)
        if not (is_list or is_wrapping or is_paging(key)):
            return False
    return True


def _places_of_lists(page: JsonObject) -> list[tuple[str, ...]]:
    """Where the lists of objects lie that are wrapped in the fewest objects."""
    level: dict[tuple[str, ...], JsonObject] = {(): page}
    for _ in range(_DEEPEST):
        inside = {(*place, key): value for place, holder in level.items() for key, value in holder.items()}
        lists = [place for place, value in inside.items() if isinstance(value, list) and holds_objects(value)]
        if lists:
            return lists
        level = {place: value for place, value in inside.items() if isinstance(value, dict)}
    return []


def _lists_of_all(rows: Sequence[Json], keys: Sequence[str]) -> list[Inner]:
    return [inner for row in rows if isinstance(row, dict) for inner in _lists_at(row, keys)]


def _lists_at(holder: JsonObject, keys: Sequence[str]) -> Iterator[Inner]:
    """The lists at the end of `keys`; `holder`, or the element of a list on the way there, is what holds them."""
    value: Json = holder
    for place, key in enumerate(keys, 1):
        value = value.get(key) if isinstance(value, dict) else None
        if isinstance(value, list):
            if place == len(keys):
                yield Inner(holder, ".".join(keys), value)
            for element in value if place < len(keys) else ():
                if isinstance(element, dict):
                    yield from _lists_at(element, keys[place:])
            return
