"""Where the files shipped with the project are: inside the package of a wheel, next to it in a checkout."""

from importlib.resources import files
from pathlib import Path

from kpi_core.errors import ConfigError


def configs() -> Path:
    """The folder of mappings, labels, calendars and value maps.

    Raises:
        ConfigError: the installation lacks it.
    """
    return _folder("configs")


def sample_data() -> Path:
    """The folder of the sample exports that `demo` reads.

    Raises:
        ConfigError: the installation lacks it.
    """
    return _folder("sample_data")


def _folder(name: str) -> Path:
    package = Path(str(files("kpi_core")))
    for place in (package / name, package.parent / name):
        if place.is_dir():
            return place
    raise ConfigError(f"no folder `{name}` in the installation", where=package, hint="install the package again")
