"""Regular expressions that are compiled when they are first asked: there are some 220, and a command asks a tenth of them."""

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    regex = re.compile
else:

    class regex:  # noqa: N801 - stands where `re.compile` would
        """What `re.compile` makes of the same; a pattern that means nothing raises `re.error` when it is asked."""

        def __init__(self, pattern: str | bytes, flags: int = 0) -> None:
            self.pattern = pattern
            self._given = flags

        def __getattr__(self, name: str) -> Any:
            compiled = re.compile(self.pattern, self._given)
            found = getattr(compiled, name)
            setattr(self, name, found)
            return found
