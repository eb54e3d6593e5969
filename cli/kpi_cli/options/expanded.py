"""A command's signature as typer reads it: its own parameters, and the fields of the groups it asks for.

A group is a frozen dataclass whose fields carry typer's options. A command takes groups as parameters, can be called
plainly by tests and notebooks, and is checked by the type checker; `expanded` is used where it is handed to typer.
"""

from collections.abc import Callable, Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from kpi_cli.options.panels import PANELS

Command = Callable[..., Any]


def expanded(command: Command) -> Command:
    """The command with each group spread out into its options, common ones first.

    Typer repeats lists only, and a frozen group has tuples: they are turned into one another here.

    Raises:
        TypeError: two groups have an option of the same name, or a field has no default.
    """
    hints = get_type_hints(command, include_extras=True)
    groups = {name: kind for name, kind in hints.items() if is_dataclass(kind)}
    own = [
        parameter.replace(annotation=hints[name], kind=Parameter.POSITIONAL_OR_KEYWORD)
        for name, parameter in signature(command).parameters.items()
        if name not in groups
    ]
    options = [option for kind in groups.values() for option in _options(kind)]
    names = [parameter.name for parameter in (*own, *options)]
    if twice := {name for name in names if names.count(name) > 1}:
        raise TypeError(f"{command.__module__}: {', '.join(sorted(twice))} stands in two groups")

    @wraps(command)
    def run(**values: Any) -> Any:
        given = {
            name: _made(kind, {field.name: _frozen(values[field.name]) for field in fields(kind)})
            for name, kind in groups.items()
        }
        return command(**{parameter.name: values[parameter.name] for parameter in own}, **given)

    parameters = [*own, *options]
    vars(run)["__signature__"] = Signature(
        sorted((one.replace(kind=Parameter.KEYWORD_ONLY) for one in parameters), key=_place)
    )
    run.__annotations__ = {one.name: one.annotation for one in parameters}
    del run.__wrapped__
    return run


def _made(kind: Any, values: dict[str, Any]) -> Any:
    return kind(**values)


def _options(kind: Any) -> Iterator[Parameter]:
    hints = get_type_hints(kind, include_extras=True)
    for field in fields(kind):
        yield Parameter(
            field.name, Parameter.KEYWORD_ONLY, annotation=_as_list(hints[field.name]), default=_default(field)
        )


def _default(field: Field[Any]) -> Any:
    if field.default is MISSING:
        raise TypeError(f"`{field.name}` has no default")
    return list(field.default) if isinstance(field.default, tuple) else field.default


def _as_list(hint: Any) -> Any:
    """`Annotated[tuple[T, ...], …]` as typer knows it: `Annotated[list[T], …]`."""
    inner, *extras = get_args(hint)
    if get_origin(inner) is not tuple:
        return hint
    item: Any = get_args(inner)[0]
    return Annotated.__class_getitem__((list[item], *extras))  # type: ignore[attr-defined]


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _place(parameter: Parameter) -> tuple[int, int]:
    """Arguments first, then the options of the panels in their order, those of a command itself before the others."""
    [*_, info] = get_args(parameter.annotation)
    panel = getattr(info, "rich_help_panel", None)
    is_option = type(info).__name__ == "OptionInfo"
    return (int(is_option), PANELS.index(panel) if panel in PANELS else -1)
