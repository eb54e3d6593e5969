"""The mapping language as it is published: every example in its guide loads, and the schema for editors is up to date.

With `KUNDPULS_WRITE_SCHEMA=1` the schema is written anew.
"""

import json
import os
import re

import pytest

from kpi_core.config.resources import configs
from kpi_core.ingest.formats.mapping import Mapping, load_mapping
from kpi_core.ingest.formats.specs import ColumnSpec

GUIDE = (configs() / "mappings" / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
SCHEMA = configs() / "mappings" / "schema.json"


def schema_for_editors() -> str:
    schema = Mapping.model_json_schema(by_alias=True)
    spec = schema["properties"]["columns"]["additionalProperties"]
    schema["properties"]["columns"]["additionalProperties"] = {
        "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}, spec]
    }
    return json.dumps(_with_single_words(schema), indent=1, ensure_ascii=False) + "\n"


def _with_single_words(part):
    """Wherever a list of words may stand, one word alone may too."""
    if isinstance(part, list):
        return [_with_single_words(one) for one in part]
    if not isinstance(part, dict):
        return part
    if part.get("type") == "array" and part.get("items") == {"type": "string"}:
        rest = {name: value for name, value in part.items() if name in ("default", "title")}
        return {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}], **rest}
    return {name: _with_single_words(value) for name, value in part.items()}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: text.partition("\n")[0].removeprefix("name: "))
def test_every_example_of_the_guide_loads(example, tmp_path):
    path = tmp_path / "example.yaml"
    path.write_text(example, encoding="utf-8")
    assert load_mapping(path).columns


def test_the_guide_shows_every_part_of_the_language():
    names = set(Mapping.model_fields) | {field.alias or name for name, field in ColumnSpec.model_fields.items()}
    assert sorted(name for name in names if not re.search(rf"\b{name}\b", GUIDE)) == ["notes"]


def test_the_schema_for_editors_is_up_to_date():
    if os.environ.get("KUNDPULS_WRITE_SCHEMA"):
        SCHEMA.write_text(schema_for_editors(), encoding="utf-8", newline="\n")
    assert SCHEMA.read_text(encoding="utf-8") == schema_for_editors()
