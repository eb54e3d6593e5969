"""Builds the package, checks that everything a user needs is in it, and runs it where no checkout is near."""

import subprocess
import sys
import tarfile
import tempfile
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = {
    "kpi_core": "kpi_core",
    "cli/kpi_cli": "kpi_cli",
    "configs": "kpi_core/configs",
    "sample_data": "kpi_core/sample_data",
}


def expected() -> Iterator[tuple[str, str]]:
    """Every file of the checkout that belongs in the wheel, and its name there."""
    for folder, place in SHIPPED.items():
        for path in sorted((ROOT / folder).rglob("*")):
            inside = path.relative_to(ROOT / folder)
            hidden = any(part.startswith((".", "__pycache__")) for part in inside.parts)
            if path.is_file() and not hidden:
                yield f"{folder}/{inside.as_posix()}", f"{place}/{inside.as_posix()}"


def build(folder: Path) -> tuple[Path, Path]:
    """The source archive, and the wheel built from it."""
    subprocess.run([sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT], check=True)
    return next(folder.glob("*.tar.gz")), next(folder.glob("*.whl"))


def lacking(archive: Path, wheel: Path) -> list[str]:
    """What the two should hold and do not, and what they should not and do."""
    with tarfile.open(archive) as packed:
        sources = {name.partition("/")[2] for name in packed.getnames()}
    with zipfile.ZipFile(wheel) as packed:
        shipped = set(packed.namelist())
    files = list(expected())
    faults = [f"not in the source archive: {here}" for here, _ in files if here not in sources]
    faults += [f"not in the wheel: {there}" for _, there in files if there not in shipped]
    tops = {name.split("/")[0] for name in shipped}
    faults += [f"in the wheel, at the top: {name}" for name in tops if not name.startswith(("kpi_c", "kundpuls-"))]
    faults += [f"in the wheel, but not in the checkout: {name}" for name in sorted(shipped - {there for _, there in files})
               if ".dist-info/" not in name]  # fmt: skip
    print(f"{wheel.name}: {len(shipped)} files, {wheel.stat().st_size / 1024:.0f} KiB")
    return faults


def editable(folder: Path) -> list[str]:
    """What an editable install, as a contributor makes it, would not find in the checkout."""
    make = "import sys; from hatchling.build import build_editable; print(build_editable(sys.argv[1]))"
    made = subprocess.run([sys.executable, "-c", make, folder], cwd=ROOT, check=True, capture_output=True, text=True)
    with zipfile.ZipFile(folder / made.stdout.strip()) as packed:
        paths = [packed.read(name).decode() for name in packed.namelist() if name.endswith(".pth")]
    places = [Path(line) for text in paths for line in text.splitlines()]
    lost = (name for name in ("kpi_core", "kpi_cli") if not any((place / name).is_dir() for place in places))
    return [f"not in an editable install: {name}" for name in lost]


def run_installed(wheel: Path, folder: Path) -> None:
    """Installs the wheel where nothing else is installed and runs it from another folder."""
    home = folder / "venv"
    venv.create(home, with_pip=True)
    scripts = home / ("Scripts" if sys.platform == "win32" else "bin")
    install = [scripts / "python", "-m", "pip", "install", "--quiet"]
    subprocess.run([*install, "--require-hashes", "-r", ROOT / ".ci" / "requirements.txt"], check=True)
    subprocess.run([*install, "--no-deps", wheel], check=True)
    for command in (["--version"], ["--help"], ["demo"]):
        print("$ kundpuls", *command, flush=True)
        subprocess.run([scripts / "kundpuls", *command], check=True, cwd=folder, stdin=subprocess.DEVNULL)


def main() -> None:
    """Exits with 1 and the faults where the package is not as it should be."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        archive, wheel = build(folder / "dist")
        if faults := lacking(archive, wheel) + editable(folder):
            sys.exit("\n".join(faults))
        run_installed(wheel, folder)


if __name__ == "__main__":
    main()
