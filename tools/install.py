# SPDX-License-Identifier: MIT
"""Makes and keeps `.venv`: every tool at its pinned version, the MicroPython VM among them.

Standard library only; run by `make` with the Python of the machine. What is installed stands in
pyproject.toml. A stamp is written last, so an interrupted run is simply run again.
"""

from __future__ import annotations

import base64
import fcntl
import fnmatch
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed"
VM_FILES = ("micropython.mjs", "micropython.wasm")


class InstallError(Exception):
    """Something that the person at the keyboard has to fix; the text says what."""


def main() -> int:
    """Install what is missing or changed; return the exit status."""
    if sys.version_info < (3, 11):
        return _fail(
            f"Python 3.11 or later is needed; {sys.executable} is {sys.version.split()[0]}"
        )
    try:
        install()
    except InstallError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return _fail("interrupted; run it again to continue")
    return 0


def install() -> None:
    """Bring `.venv` to what pyproject.toml asks for."""
    import tomllib

    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    settings = tomllib.loads(text)["tool"]["powersocket"]
    wanted = _fingerprint(settings)
    if STAMP.is_file() and STAMP.read_text(encoding="utf-8") == wanted:
        return
    with open(ROOT / "pyproject.toml", "rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one at a time; it goes with the process
        if not (STAMP.is_file() and STAMP.read_text(encoding="utf-8") == wanted):
            _install(settings, wanted)


def _install(settings: dict, wanted: str) -> None:
    print(
        "installing the tools into .venv (once, and when pyproject.toml changes) ...", flush=True
    )
    if VENV.exists() and not (_python().exists() and _usable()):
        shutil.rmtree(VENV)
    if not VENV.exists():
        _run(
            [sys.executable, "-m", "venv", str(VENV)],
            "cannot create .venv; on Debian and Ubuntu: apt install python3-venv",
        )
    packages = settings["install"]
    pip = [str(_python()), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    pins = [*packages["packages"], *packages["with_them"]]
    _run([*pip, *pins], "pip could not install the tools; is there a network?")
    stubs = VENV / "stubs"
    shutil.rmtree(stubs, ignore_errors=True)
    _run(
        [*pip, "--no-deps", "--target", str(stubs), *packages["stubs"]],
        "pip could not install the stubs; is there a network?",
    )
    for version, integrity in settings["vm"].items():
        _install_npm(
            packages["vm_package"], version, integrity, VENV / "micropython" / version, VM_FILES
        )
    for package, pin in settings["web"].items():
        files = tuple(pin["files"])
        _install_npm(package, pin["version"], pin["integrity"], VENV / "web" / package, files)
    _import_roots()
    STAMP.write_text(wanted, encoding="utf-8")  # last: without it everything is looked at again
    print("installed", flush=True)


def _fingerprint(settings: dict) -> str:
    own = Path(__file__).read_text(encoding="utf-8")
    text = json.dumps(settings, sort_keys=True) + own + str(ROOT) + sys.version
    return hashlib.sha256(text.encode()).hexdigest()


def _python() -> Path:
    return VENV / "bin" / "python"


def _usable() -> bool:
    """Tell whether the venv is whole, of this Python and in this place.

    A moved one is of no use, nor is one without pip: its making was interrupted, or Debian's
    python3-venv was missing.
    """
    code = "import sys, pip; print(sys.version, sys.prefix)"
    done = subprocess.run(
        [str(_python()), "-c", code], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() == f"{sys.version} {VENV}".strip()


def _install_npm(
    package: str, version: str, integrity: str, target: Path, files: tuple[str, ...]
) -> None:
    """Fetch a package of npm's and keep files of it, side by side, in `target`.

    Args:
        files: their paths in the package; `*` stands for any name.
    """
    pin = target / "integrity"
    if pin.is_file() and pin.read_text(encoding="utf-8") == integrity:
        return
    name = f"{package} {version}"
    with tempfile.TemporaryDirectory(dir=VENV) as folder:
        environment = dict(os.environ)
        environment["PATH"] = f"{VENV / 'bin'}{os.pathsep}{environment.get('PATH', '')}"
        _run(
            [str(VENV / "bin" / "npm"), "pack", "--loglevel=error", f"{package}@{version}"],
            f"npm could not fetch {name}; is there a network?",
            cwd=folder,
            env=environment,
        )
        archive = next(Path(folder).glob("*.tgz"))
        digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if f"sha512-{digest}" != integrity:
            raise InstallError(f"{name} is not what pyproject.toml pins: {digest}")
        fresh = Path(folder) / "fresh"
        fresh.mkdir()
        with tarfile.open(archive) as tar:
            for file in files:
                found = fnmatch.filter(tar.getnames(), f"package/{file}")
                if not found:
                    raise InstallError(f"{name} has no {file}")
                for path in found:
                    member = tar.extractfile(path)
                    assert member is not None  # npm packs files only
                    (fresh / Path(path).name).write_bytes(member.read())
        (fresh / pin.name).write_text(integrity, encoding="utf-8")
        target.parent.mkdir(exist_ok=True)
        shutil.rmtree(target, ignore_errors=True)
        fresh.rename(target)


def _import_roots() -> None:
    """Make the tree's import roots known to every Python of the venv, as they are on the board."""
    site = next((VENV / "lib").glob("python3*/site-packages"))
    (site / "powersocket-roots.pth").write_text(f"{ROOT}\n{ROOT / 'lib'}\n", encoding="utf-8")


def _run(command: list[str], failed: str, cwd: str | None = None, env: dict | None = None) -> None:
    try:
        done = subprocess.run(
            command, cwd=cwd, env=env, capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise InstallError(f"{failed} ({error})") from error
    if done.returncode:
        raise InstallError(f"{failed} ({_reason(done.stdout + done.stderr)})")


def _reason(output: str) -> str:
    """Return the line in which pip or npm says what is wrong, else the last one."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [
        line for line in lines if line.lower().startswith(("error", "npm error", "npm err!"))
    ]
    return (errors or lines[-1:] or ["it does not say why"])[0]


def _fail(reason: str) -> int:
    print(f"install: {reason}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
