"""The README next to this: which kind of silent error each module guards, and which files it reads.

Made from the modules' own first lines; after a change write it anew with `KUNDPULS_WRITE_README=1 pytest tests/cases/test_the_list.py`.
"""

import ast
import os
from pathlib import Path

HERE = Path(__file__).parent
README = HERE / "README.md"
OPENING = """# Kinds of silent error

Each module here guards one kind of figure that once looked sure and was wrong: first with the input it was found on, then with
siblings of its kind. A new one is a file of a few rows, the figure worked out by hand, and two siblings at least.

| module | the kind | files |
|---|---|---|
"""


def listed() -> str:
    files = sorted(path.name for path in HERE.iterdir() if path.is_file() and path.suffix not in (".py", ".md"))
    rows = []
    for module in sorted(HERE.glob("test_*.py")):
        if module == Path(__file__):
            continue
        text = module.read_text(encoding="utf-8")
        messages = ast.get_docstring(ast.parse(text)) or ""
        kind = " ".join(messages.split("\n\n")[0].split()).removeprefix("Guards: ")
        used = ", ".join(f"`{name}`" for name in files if name in text)
        rows.append(f"| `{module.name}` | {kind[:1].upper()}{kind[1:]} | {used or '–'} |\n")
    return OPENING + "".join(rows)


def test_the_list_is_up_to_date() -> None:
    if os.environ.get("KUNDPULS_WRITE_README"):
        README.write_text(listed(), encoding="utf-8", newline="\n")
    assert README.read_text(encoding="utf-8") == listed()


def test_every_file_here_is_read_by_some_module() -> None:
    texts = "".join(module.read_text(encoding="utf-8") for module in HERE.glob("test_*.py"))
    assert [
        path.name
        for path in HERE.iterdir()
        if path.is_file() and path.name not in texts and path.suffix not in (".py", ".md")
    ] == []
