"""Cells written as formulas of a text (`="00123"`), by which a system keeps a spreadsheet from taking zeros off or making a date of them: the text is what they say."""

import re
from functools import lru_cache


def has_formula_texts(text: str, delimiter: str) -> bool:
    """Whether a text has such cells."""
    return '="' in text and any(pattern.search(text) is not None for pattern in _patterns(delimiter))


def without_formulas(text: str, delimiter: str) -> str:
    """Whole lines with the texts of such cells in their place, in quotes."""
    for pattern in _patterns(delimiter):
        text = pattern.sub(r'\1"\2"', text)
    return text


@lru_cache(maxsize=8)
def _patterns(delimiter: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Such a cell as it stands, and in quotes of its own with those of the formula doubled."""
    between = re.escape(delimiter)
    begin, end, said = rf"(^|{between})", rf"(?={between}|\r?$)", r'([^"\r\n]*)'
    bare = re.compile(rf'{begin}="{said}"{end}', re.MULTILINE)
    quoted = re.compile(rf'{begin}"=""{said}"""{end}', re.MULTILINE)
    return bare, quoted
