"""No process of the shop loads the libraries of forecasts: they are for a process that ends."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOADED = "import sys, web.app, web.serving, components.worker; print(*{'numpy', 'scipy'} & set(sys.modules))"


def test_neither_the_web_nor_the_worker_loads_numpy_or_scipy() -> None:
    found = subprocess.run([sys.executable, "-c", LOADED], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.split() == []
