"""Dataclasses as those of the standard library, that cost a twentieth of the time to import.

There are more than 300, and the standard library compiles each method of each as its module is imported: 0.1 s for a
report that makes instances of half of them. Here methods are shared, and `__init__` is compiled for the first instance.
"""

import dataclasses
import reprlib
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

T = TypeVar("T")

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # noqa: PLC0414 - for those who import it from here
else:

    def dataclass(*, frozen: bool = False, kw_only: bool = False, eq: bool = True) -> Callable[[type[T]], type[T]]:
        """`dataclasses.dataclass` with these options; `fields`, `replace` and `asdict` are for both.

        What is derived from one that is frozen names it frozen too, as there.
        """

        def completed(cls: type[T]) -> type[T]:
            made = dataclasses.dataclass(init=False, repr=False, eq=False, kw_only=kw_only)(cls)
            _complete(made, is_frozen=frozen, has_values=eq)
            return made

        return completed


_NOT_GIVEN: Any = object()


def _complete(cls: Any, *, is_frozen: bool, has_values: bool) -> None:
    """Gives a class of fields its methods."""

    def first(self: Any, *values: Any, **named: Any) -> None:
        cls.__init__ = _init(cls, is_frozen=is_frozen)
        cls.__init__(self, *values, **named)

    cls.__init__, cls.__repr__ = first, _repr
    if is_frozen:
        cls.__setattr__, cls.__delattr__ = _refuse_to_set, _refuse_to_delete
    if has_values:
        cls.__eq__, cls.__hash__ = _equality([each.name for each in dataclasses.fields(cls) if each.compare])
        if not is_frozen:
            cls.__hash__ = None


def _init(cls: Any, *, is_frozen: bool) -> Any:
    """`__init__` written out: a parameter for each field, in their order, those by name alone at the end."""
    known: dict[str, Any] = {"_set": object.__setattr__, "_NOT_GIVEN": _NOT_GIVEN}
    by_place: list[str] = []
    by_name: list[str] = []
    body: list[str] = []
    for each in dataclasses.fields(cls):
        name, value, default = each.name, each.name, f"_of_{each.name}"
        has_default, is_made = each.default is not dataclasses.MISSING, each.default_factory is not dataclasses.MISSING
        known[default] = each.default_factory if is_made else each.default
        if each.init:
            given = f"{name}={default}" if has_default else f"{name}=_NOT_GIVEN" if is_made else name
            (by_name if each.kw_only else by_place).append(given)
            value = f"{default}() if {name} is _NOT_GIVEN else {name}" if is_made else name
        elif is_made or has_default:
            value = f"{default}()" if is_made else default
        else:
            continue
        body.append(f"_set(self, {name!r}, {value})" if is_frozen else f"self.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        body.append("self.__post_init__()")
    parameters = ", ".join(["self", *by_place, *(["*", *by_name] if by_name else [])])
    exec(f"def __init__({parameters}):\n " + "\n ".join(body or ["pass"]), known)  # noqa: S102 - names of fields alone
    written = known["__init__"]
    written.__qualname__ = f"{cls.__qualname__}.__init__"
    return written


def _equality(names: list[str]) -> tuple[Any, Any]:
    """`__eq__` and `__hash__` by the values of these fields, of instances of the very same class."""
    values: Callable[[Any], Any] = attrgetter(*names) if names else lambda _: ()

    def equal(self: Any, other: object) -> Any:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    def hashed(self: Any) -> int:
        return hash(values(self))

    return equal, hashed


@reprlib.recursive_repr()
def _repr(self: Any) -> str:
    shown = ", ".join(f"{each.name}={getattr(self, each.name)!r}" for each in dataclasses.fields(self) if each.repr)
    return f"{self.__class__.__qualname__}({shown})"


def _refuse_to_set(_self: object, name: str, _value: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(_self: object, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
