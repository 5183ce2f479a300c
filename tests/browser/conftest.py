"""A real Chromium in front of the real command: `clubfront serve --demo` on a data folder of its own."""

import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.conftest import keep_templates
from tests.support import demos

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip


@dataclass(frozen=True)
class Served:
    address: str
    data: Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="package")
def served() -> Iterator[Served]:
    """The demo shop, served as localhost: browsers have no passkeys for a bare address.

    Its folder is not pytest's own, which the database's user may not enter.
    """
    data, port = Path(tempfile.mkdtemp(prefix="clubfront-served-")), free_port()
    demos.unpack(data)
    keep_templates(data / "template-cache")
    address = f"http://localhost:{port}"
    environment = demos.environment(data, PORT=str(port), BASE_URL=address, LOG_LEVEL="warning")
    with (data / "output").open("w") as output:
        process = subprocess.Popen(
            [*demos.PROGRAM, "serve", "--demo"], env=environment, cwd=demos.ROOT, stdout=output, stderr=output
        )
    try:
        wait_until_ready(address, process, data / "output")
        yield Served(address, data)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        shutil.rmtree(data, ignore_errors=True)


def wait_until_ready(address: str, process: "subprocess.Popen[bytes]", output: Path, *, seconds: int = 600) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        assert process.poll() is None, output.read_text()[-3000:]
        try:
            with urllib.request.urlopen(f"{address}/health/ready", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"not ready in time:\n{output.read_text()[-3000:]}")


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(params=[True, False], ids=["with-script", "without-script"])
def scripted(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def visit(chromium: Browser, served: Served) -> Iterator["Visits"]:
    """Opens browsers for people; each is a fresh profile, and a page that logs an error fails the test."""
    visits = Visits(chromium, served.address)
    yield visits
    visits.close()


class Visits:
    def __init__(self, chromium: Browser, address: str) -> None:
        self.chromium, self.address = chromium, address
        self.contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def __call__(self, *, scripted: bool = True, width: int = 1280, scheme: str = "light") -> Page:
        context = self.chromium.new_context(
            base_url=self.address, java_script_enabled=scripted, viewport={"width": width, "height": 900},
            color_scheme=scheme, reduced_motion="reduce",  # type: ignore[arg-type]
        )  # fmt: skip
        context.set_default_timeout(15_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def _note(self, message: object) -> None:
        kind, text = getattr(message, "type", ""), getattr(message, "text", "")
        if kind == "error" and "status of 4" not in text:
            self.complaints.append(text)

    def signed_in(self, email: str, **how: object) -> Page:
        page = self(**how)  # type: ignore[arg-type]
        page.goto("/sign-in")
        page.get_by_label("E-mail").first.fill(email)
        page.get_by_label("Password").first.fill("kiln-demo")
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    def close(self) -> None:
        for context in self.contexts:
            context.close()
        assert not self.complaints, self.complaints
