"""Whose report it is: a name, a colour and a picture that outputs with room for them show."""

import base64

from kpi_core.records import dataclass

KINDS = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp"}
"""The endings of pictures, and their kinds; drawings that could run something are none of them."""


@dataclass(frozen=True, kw_only=True)
class Brand:
    """Whose report it is.

    Attributes:
        name: what stands above the title.
        colour: of the rule over a page, as six hexadecimal digits.
        logo: the picture itself, and its kind.
    """

    name: str = ""
    colour: str = ""
    logo: bytes = b""
    kind: str = ""

    @property
    def picture(self) -> str:
        """The picture as an address that holds it; empty where there is none."""
        return f"data:{self.kind};base64,{base64.b64encode(self.logo).decode('ascii')}" if self.logo else ""
