"""From an empty folder to a shop of one's own: what the machine needs, and how much its owner has to answer.

`python -m benchmarks.first_run` serves a new shop from a temporary folder, answers its questions over HTTP as a browser
without JavaScript would, and stops it. Installing Python packages is not in it. Exit status 1 when an aim is missed.
"""

import os
import re
import sys
import tempfile
import time
from pathlib import Path

import httpx

from benchmarks import servers
from benchmarks.shopper import forms

MOST_SECONDS, MOST_ANSWERS = 300, 7
TYPING_A_SECOND, THOUGHT = 3.0, 5.0
"""A slow typist, and the seconds somebody thinks about each answer."""
LINK = re.compile(r"http://\S+(/setup/link/\S+)")
ANSWERS: tuple[dict[str, str], ...] = (
    {"shop_name": "Northline Books", "country": "GB", "trade": "books", "name": "Anna North",
     "email": "anna@northline.example", "password": "long walk by the river"},
    {},
    {},
)  # fmt: skip
"""What is typed or chosen on each page; the rest of each form stays as it is filled in."""
INHERITED = ("DATABASE_URL", "STRIPE_SECRET_KEY", "BASE_URL", "SMTP_URL", "ENVIRONMENT", "SHOP_NAME", "MAIL_FROM")


def measure(data: Path) -> tuple[float, float]:
    """Seconds of the machine until the link is there, and from the first answer to the open shop."""
    port = servers.free_port()
    known = {name: value for name, value in os.environ.items() if name not in INHERITED}
    known |= {"CLUBFRONT_DATA": str(data), "PORT": str(port), "HOST": "127.0.0.1", "LOG_LEVEL": "error"}
    log, began = data.parent / "shop.log", time.perf_counter()
    with servers.running([sys.executable, "-m", "web.command", "serve"], known, log, port) as served:
        found = LINK.search(log.read_text())
        assert found is not None, log.read_text()
        ready = time.perf_counter() - began
        with httpx.Client(base_url=served.address, follow_redirects=True, timeout=60) as owner:
            return ready, _answered(owner, found[1])


def _answered(owner: httpx.Client, path: str) -> float:
    assert owner.get("/").status_code == 503
    began, page = time.perf_counter(), owner.get(path)
    for typed in ANSWERS:
        form = forms(page.text)[0]
        form.fields.pop("test", None)  # the button that only sends a test e-mail
        page = owner.post(form.action or page.url.path, data={**form.fields, **typed}).raise_for_status()
    assert page.url.path == "/staff" and owner.get("/").status_code == 200
    return time.perf_counter() - began


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="clubfront-first-run-") as folder:
        ready, answering = measure(Path(folder) / "data")
    typed = [value for page in ANSWERS for value in page.values()]
    person = sum(len(value) for value in typed) / TYPING_A_SECOND + THOUGHT * (len(typed) + len(ANSWERS))
    whole = ready + answering + person
    print(f"From the command to the link: {ready:.1f} s. Answering the three pages: {answering:.1f} s of the machine.")
    print(f"{len(typed)} answers, {sum(map(len, typed))} characters: some {person:.0f} s of a person.")
    print(
        f"Together {whole / 60:.1f} minutes (aim {MOST_SECONDS / 60:.0f}), {len(typed)} answers (aim {MOST_ANSWERS})."
    )
    sys.exit(0 if whole <= MOST_SECONDS and len(typed) <= MOST_ANSWERS else 1)


if __name__ == "__main__":
    main()
