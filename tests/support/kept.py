"""Folders that take long to make: made once, kept as one file, and unpacked wherever a test needs one of its own."""

import os
import tarfile
from collections.abc import Callable
from pathlib import Path

import fasteners

FROM_RUN_TO_RUN = Path(__file__).parents[2] / ".pytest_cache" / "kept"
"""Emptied by `make clean`."""


def unpack(name: str, into: Path, make: Callable[[Path], None], *, keeper: Path = FROM_RUN_TO_RUN) -> None:
    """Fill the new folder `into` as `make` would. Whoever comes first makes it; the others wait.

    `name` says all that what is made depends on; `name-*` of other dependencies is thrown away.
    """
    keeper.mkdir(parents=True, exist_ok=True)
    file = keeper / f"{name}.tar"
    with fasteners.InterProcessLock(keeper / "lock"):
        if not file.exists():
            make(into)
            for other in keeper.glob(f"{name.rsplit('-', 1)[0]}-*.tar"):
                other.unlink()
            with tarfile.open(file.with_suffix(".part"), "w") as packed:
                packed.add(into, arcname=".")
            file.with_suffix(".part").rename(file)
            return
        found = tarfile.open(file)  # noqa: SIM115
    with found as packed:
        packed.extraction_filter = lambda member, path: member  # our own: owners and links as they were
        packed.extractall(into, numeric_owner=os.geteuid() == 0)
