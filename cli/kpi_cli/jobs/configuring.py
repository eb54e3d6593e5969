"""The project file: written for exports, checked, shown as the command lines it stands for, described for editors."""

import json
import shlex
from typing import TYPE_CHECKING, Any

import typer

from kpi_cli.jobs.running import run_all
from kpi_cli.options.arguments import Target
from kpi_cli.options.running import Running
from kpi_cli.terminal import clean
from kpi_cli.writing import atomic_text

if TYPE_CHECKING:
    from kpi_cli.options.configuring import Configuring
    from kpi_core.errors import KpiError
    from kpi_core.ingest.files.inputs import Input


def write(files: list[str], config: "Configuring") -> None:
    """A project file for the exports, with a comment on every line that may be changed.

    Raises:
        KpiError: an export cannot be read.
    """
    from kpi_cli.documents.wording import Wording
    from kpi_cli.jobs.project_draft import draft
    from kpi_cli.options.reading import Reading
    from kpi_cli.progress import read
    from kpi_core.analysis.diagnosis import diagnosed
    from kpi_core.analysis.inspection import COLUMNS, inspect

    reading = Reading(mapping=config.mapping, zone=config.zone)
    choices = reading.choices()
    unread: dict[Input, KpiError] = {}
    dataset = read(files, choices, COLUMNS, is_quiet=config.quiet, unread=unread)
    if not dataset.reads:
        raise next(iter(unread.values()))
    folder = config.place.parent if str(config.place) != "-" else None
    found = inspect(dataset, diagnoses=diagnosed(unread, choices, is_anything_read=True))
    text = draft(found, files, Wording(config.lang), folder, config.mapping, config.zone)
    with atomic_text(config.place) as stream:
        stream.write(text)


def check(config: "Configuring") -> None:
    """Says that the file means something, and what each of its jobs would read and write; leaves with the code of what is wrong."""
    running = Running(dry_run=True, config=config.config, quiet=config.quiet)
    path = running.file.path
    if running.file.jobs:
        run_all(running.file.jobs, running)
    if not config.quiet:
        count = len(running.file.jobs)
        typer.echo(clean(f"{path}: {count} {'job' if count == 1 else 'jobs'}, nothing is wrong"), err=True)


def show(config: "Configuring") -> None:
    """The file in force, its jobs as command lines, and what options are where nothing else says."""
    running = Running(config=config.config, quiet=config.quiet)
    found = running.file
    lines = [f"# {found.path}"]
    lines += [
        f"kundpuls {shlex.join(job.command_line(found.path.parent))}  # {name}" for name, job in found.jobs.items()
    ]
    lines += ["# and every command, where nothing else is typed:"] if found.defaults else []
    lines += [_as_options(name, value) for name, value in found.defaults.items()]
    lines += [f"# headlines: {', '.join(found.headlines)}"] if found.headlines else []
    with atomic_text(config.output) as stream:
        stream.writelines(clean(line) + "\n" for line in lines)


def _as_options(name: str, value: Any) -> str:
    """A default as it is typed: the option once for each of its values."""
    return " ".join(f"--{name.replace('_', '-')} {shlex.quote(_typed(one))}" for one in _several(value))


def _several(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _typed(value: Any) -> str:
    """An option's value as it is typed; of a target also what was agreed about it."""
    if not isinstance(value, Target):
        return str(value)
    agreed = {
        "deadline": value.deadline,
        "owner": value.owner,
        "segment": value.segment,
        "start": value.start,
        "since": value.since,
    }
    return f"{value.kpi}={value.value}" + "".join(
        f", {name} {value_agreed}" for name, value_agreed in agreed.items() if value_agreed
    )


def schema(config: "Configuring") -> None:
    """The JSON Schema of a project file, by which an editor completes and checks it."""
    from kpi_cli.options.settings import ProjectFile

    made = {"$schema": "https://json-schema.org/draft/2020-12/schema", **_as_written(ProjectFile.model_json_schema())}
    with atomic_text(config.output) as stream:
        stream.write(json.dumps(made, indent=2, ensure_ascii=False) + "\n")


SCALAR: dict[str, Any] = {"type": ["string", "number", "boolean", "null"]}
"""A value that stands alone: YAML takes `30` for a number and `no` for a truth, and the file takes both for what is written."""
BY_WORDS = ("sla", "nki_weights", "actions", "targets", "benchmarks", "events")
"""Keys under which values stand in several forms, by words that are the user's own."""


def _as_written(node: Any, key: str = "") -> Any:
    """A schema that takes what the file may say: one of a list alone, any value for a text, one word or several."""
    if isinstance(node, list):
        return [_as_written(one) for one in node]
    if not isinstance(node, dict):
        return node
    if key in BY_WORDS:
        written = {name: node[name] for name in ("title", "description") if name in node}
        return {**written, "anyOf": [SCALAR, {"type": "array"}, {"type": "object"}]}
    if key == "$defs":
        return {name: _as_written(value) for name, value in node.items()}
    if key == "properties":
        return {name: {"anyOf": [_as_written(value, name), {"type": "null"}]} for name, value in node.items()}
    made = {name: _as_written(value, name) for name, value in node.items() if name not in DROPPED}
    kind = node.get("type")
    if kind in ("string", "number", "integer", "boolean"):
        return {**SCALAR, **{name: made[name] for name in ("title", "description", "enum") if name in made}}
    if kind == "array" and "items" in made:
        written = {name: made.pop(name) for name in ("title", "description") if name in made}
        return {**written, "anyOf": [made, made["items"]]}
    return made


DROPPED = ("default", "prefixItems", "minItems", "maxItems", "minimum", "maximum")
"""What a schema says of values once they are read, which is not how they are written."""
