"""Read by Python itself as it starts, where this folder is in PYTHONPATH: a traced process tells what it holds.

Whenever the file `ask` in the folder `CLUBFRONT_TRACE` has other words than before, each process that answers requests
writes `told-<pid>.json`: what was allocated since it was asked last, by line, and how many objects of each type.
"""

import contextlib
import gc
import json
import os
import sys
import threading
import time
import tracemalloc
from collections import Counter
from pathlib import Path
from typing import Any

MOST = 25
FOLDER = os.environ.get("CLUBFRONT_TRACE", "")


def _watch(folder: Path) -> None:
    asked, last, counted = "", None, Counter[str]()
    while True:
        time.sleep(0.1)
        words = ""
        with contextlib.suppress(OSError):
            words = (folder / "ask").read_text()
        if words == asked:
            continue
        asked = words
        if not tracemalloc.is_tracing():  # what there was before is of no interest, and would cost half a minute a look
            tracemalloc.start(int(os.environ.get("CLUBFRONT_TRACE_FRAMES", "1")))
        gc.collect()
        snapshot, types = tracemalloc.take_snapshot(), Counter(type(one).__name__ for one in gc.get_objects())
        told: dict[str, Any] = {
            "asked": asked,
            "bytes": tracemalloc.get_traced_memory()[0],
            "frozen": gc.get_freeze_count(),
        }
        told["lines"] = [
            [str(one.traceback), one.size_diff, one.count_diff] for one in snapshot.compare_to(last, "lineno")[:MOST]
        ] if last else []  # fmt: skip
        told["types"] = [[name, many - counted[name]] for name, many in types.items() if counted]
        told["types"] = sorted(told["types"], key=lambda one: one[1], reverse=True)[:MOST]
        last, counted = snapshot, types
        written = folder / f"told-{os.getpid()}.json.new"
        written.write_text(json.dumps(told))
        written.rename(folder / f"told-{os.getpid()}.json")


def _watch_in_child() -> None:
    threading.Thread(target=_watch, args=(Path(FOLDER),), daemon=True).start()


if FOLDER and "web.command" in sys.orig_argv:
    os.register_at_fork(after_in_child=_watch_in_child)
