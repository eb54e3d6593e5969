"""The pins the README installs from: they are what the lock says, complete, and need nothing to be built."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging import tags
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

ROOT = Path(__file__).parent.parent
FILES = {"requirements.txt": ["build"], "requirements-test.txt": ["build", "test"]}
MINORS = (11, 12, 13)
GLIBC = range(28, 16, -1)
"""The second numbers of the C libraries whose wheels a Linux of 2.28 takes."""
# The marker's words for each system, and the platforms whose wheels it takes.
SYSTEMS: dict[str, tuple[dict[str, str], list[str]]] = {
    "linux, x86_64": ({"sys_platform": "linux", "os_name": "posix"}, [f"manylinux_2_{minor}_x86_64" for minor in GLIBC]),
    "linux, arm64": ({"sys_platform": "linux", "os_name": "posix"}, [f"manylinux_2_{minor}_aarch64" for minor in GLIBC]),
    "macOS, arm64": ({"sys_platform": "darwin", "os_name": "posix"}, list(tags.mac_platforms((14, 0), "arm64"))),
    "macOS, x86_64": ({"sys_platform": "darwin", "os_name": "posix"}, list(tags.mac_platforms((14, 0), "x86_64"))),
    "Windows": ({"sys_platform": "win32", "os_name": "nt"}, ["win_amd64"]),
}  # fmt: skip


def the_lock() -> dict[tuple[str, str], dict[str, Any]]:
    found = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    return {(package["name"], package["version"]): package for package in found if "registry" in package["source"]}


def the_pins(file: str) -> list[tuple[Requirement, set[str]]]:
    """Each pin with its hashes."""
    text = (ROOT / ".ci" / file).read_text(encoding="utf-8")
    lines = re.sub(r"\\\n", "", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)).splitlines()
    return [
        (Requirement(line.split(" --hash")[0]), set(re.findall(r"--hash=(sha256:[0-9a-f]{64})(?!\S)", line)))
        for line in lines
    ]


def wheel_names(package: dict[str, Any]) -> list[str]:
    return [wheel["url"].rsplit("/", 1)[1] for wheel in package.get("wheels", [])]


@pytest.mark.parametrize("file", FILES)
def test_pins_are_those_of_the_lock(file: str) -> None:
    lock = the_lock()
    pins = the_pins(file)
    assert len(pins) > 20
    for pin, hashes in pins:
        package = lock[pin.name, str(pin.specifier).removeprefix("==")]
        files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
        assert hashes == {each["hash"] for each in files}, pin


@pytest.mark.parametrize("file", FILES)
def test_what_the_project_asks_for_is_pinned_and_allowed(file: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    for name in FILES[file]:
        wanted += project["project"]["optional-dependencies"].get(name, project["dependency-groups"].get(name, []))
    pinned = {canonicalize_name(pin.name): pin for pin, _ in the_pins(file)}
    for text in wanted:
        requirement = Requirement(text)
        version = str(pinned[canonicalize_name(requirement.name)].specifier).removeprefix("==")
        assert requirement.specifier.contains(version), text


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("minor", MINORS)
def test_every_pin_has_a_wheel(minor: int, system: str) -> None:
    # A package that has to be built would fetch what builds it, which no pin holds.
    marks, platforms = SYSTEMS[system]
    python = {"python_full_version": f"3.{minor}.0", "python_version": f"3.{minor}"}
    here = {**marks, **python, "platform_python_implementation": "CPython", "extra": ""}
    taken = {
        *tags.cpython_tags((3, minor), platforms=platforms),
        *tags.compatible_tags((3, minor), f"cp3{minor}", platforms),
    }
    lock = the_lock()
    for pin, _ in the_pins("requirements-test.txt"):
        if pin.marker is None or pin.marker.evaluate(here):
            package = lock[pin.name, str(pin.specifier).removeprefix("==")]
            assert any(parse_wheel_filename(name)[3] & taken for name in wheel_names(package)), pin


def test_the_lock_knows_no_index_but_the_public_one() -> None:
    places = set(re.findall(r"(?:https?|file)://[^/\"]*", (ROOT / "uv.lock").read_text(encoding="utf-8")))
    assert places == {"https://pypi.org", "https://files.pythonhosted.org"}
    for file in FILES:
        assert "://" not in (ROOT / ".ci" / file).read_text(encoding="utf-8")
