"""Elements of a page. The standard library's tree writes them, so that nothing of the data can become markup."""

from xml.etree.ElementTree import Element, tostring

from kpi_cli.terminal import clean
from kpi_core.messages.formats import SPACE


def element(tag: str, *children: "Element | str | None", **attributes: "str | float | bool | None") -> Element:
    """An element with children in order; None is none.

    `class_` and `for_` lose their underscore, others inside a name become hyphens: `aria_label` is `aria-label`. An attribute that
    is None or False is left out, one that is True stands without a value. Control characters are cleaned; a space that no line may
    break at stays one, so that `72 %` and `1 736` stand on one line.
    """
    made = Element(tag)
    for name, value in attributes.items():
        if value is not None and value is not False:
            made.set(_named(name), "" if value is True else _written(value))
    last: Element | None = None
    for child in children:
        if child is None:
            continue
        if isinstance(child, str):
            words = _cleaned(child)
            if last is None:
                made.text = (made.text or "") + words
            else:
                last.tail = (last.tail or "") + words
        else:
            made.append(child)
            last = child
    return made


def _named(name: str) -> str:
    return {"viewBox": "viewBox"}.get(name) or name.rstrip("_").replace("_", "-")


def _written(value: str | float) -> str:
    """A number to a tenth of a unit, which is finer than a screen shows."""
    if isinstance(value, str):
        return _cleaned(value)
    return f"{value:.1f}".removesuffix(".0")


def _cleaned(words: str) -> str:
    return SPACE.join(map(clean, words.split(SPACE)))


def present(*children: "Element | str | None") -> "list[Element | str]":
    """The children there are; an element without children of its own is one too."""
    return [child for child in children if child is not None]


def document(root: Element) -> str:
    """The page as text, with its declaration."""
    return "<!doctype html>\n" + tostring(root, encoding="unicode", method="html") + "\n"
