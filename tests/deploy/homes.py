"""The container's /app, with a user who is not root: as far as that can be had without a container."""

import os
import pwd
import site
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHOP_USER = "nobody"
SHARED = ("components", "web", "templates", "static", "piccolo_migrations", "piccolo_conf.py", "piccolo_app.py")


def may_run(python: str) -> bool:
    """Whether that user may: root's own Python is often in a folder that nobody else may open."""
    words = [python, "-c", f"import sys; print(sys.version_info[:2] == {sys.version_info[:2]})"]
    try:
        return subprocess.run(words, capture_output=True, text=True, **as_the_shop()).stdout == "True\n"
    except OSError:
        return False


def as_the_shop() -> dict[str, int]:
    """For `subprocess`: who runs it."""
    if os.geteuid() != 0:
        return {}
    of = pwd.getpwnam(SHOP_USER)
    return {"user": of.pw_uid, "group": of.pw_gid}


def make(home: Path) -> Path:
    """The folder with the shop's own files and a Python. Skips the test where that user may run none."""
    python = next((one for one in (sys.executable, "/usr/bin/python3") if may_run(one)), None)
    if python is None:
        pytest.skip(f"{SHOP_USER} may run no Python {sys.version_info.major}.{sys.version_info.minor} here")
    for name in SHARED:
        (home / name).symlink_to(ROOT / name)
    program = home / ".venv" / "bin" / "python"
    program.parent.mkdir(parents=True)
    packages = ":".join(site.getsitepackages())
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{packages}" exec {python} "$@"\n')
    program.chmod(0o755)
    return home


def environment(home: Path, storage: Path, **more: str) -> dict[str, str]:
    """As the image sets it, and nothing of these tests."""
    return {
        "PATH": f"{ROOT / 'deploy'}:/usr/local/bin:/usr/bin:/bin",
        "HOME": str(storage),
        "CLUBFRONT_HOME": str(home),
        "CLUBFRONT_DATA": str(storage),
        "PYTHONDONTWRITEBYTECODE": "1",
        **more,
    }
