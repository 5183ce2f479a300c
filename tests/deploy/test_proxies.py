"""The shop behind Caddy and behind nginx, with the configurations in `deploy/`, where they are installed."""

import http.server
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from benchmarks import servers
from tests.deploy.homes import ROOT
from tests.operate import stocked
from tests.operate.served import Served
from tests.support import demos

NAME = "shop.example.org"
CADDY, NGINX = shutil.which("caddy"), shutil.which("nginx", path="/usr/sbin:/usr/bin")
PROGRAMS = {"caddy": CADDY, "nginx": NGINX}


@dataclass(frozen=True)
class Front:
    """A proxy in front of the shop."""

    name: str
    plain: int
    secure: int
    shop: Served

    def get(self, path: str, **more: str) -> tuple[int, dict[str, str]]:
        """With curl, which speaks HTTP/2 and takes one source address or another."""
        given = [part for name, value in more.items() for part in (f"--{name.replace('_', '-')}", value)]
        done = subprocess.run(
            ["curl", "--silent", "--insecure", "--resolve", f"{NAME}:{self.secure}:127.0.0.1", "--max-time", "60",
             "--output", "/dev/null", "--dump-header", "-", *given, f"https://{NAME}:{self.secure}{path}"],
            capture_output=True, text=True,
        )  # fmt: skip
        head, *lines = done.stdout.split("\r\n\r\n")[-2 if done.stdout.endswith("\r\n\r\n") else -1].splitlines()
        headers: dict[str, str] = {}
        for name, _, value in (line.partition(": ") for line in lines):
            headers[name.lower()] = ", ".join(filter(None, (headers.get(name.lower()), value)))
        return int(head.split()[1]), {"version": head.split()[0], **headers}


def _caddy(folder: Path, plain: int, secure: int, shop: int) -> list[str]:
    ports = f"{{\n\thttp_port {plain}\n\thttps_port {secure}\n\tadmin off\n\tlocal_certs\n\tskip_install_trust\n"
    written = (ROOT / "deploy" / "Caddyfile").read_text().replace("{\n", ports, 1)
    (folder / "Caddyfile").write_text(written)
    return [str(CADDY), "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


def _nginx(folder: Path, plain: int, secure: int, shop: int) -> list[str]:
    pem, key = folder / "shop.pem", folder / "shop.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", f"/CN={NAME}", "-keyout", key, "-out", pem],
        check=True, capture_output=True,
    )  # fmt: skip
    site = (ROOT / "deploy" / "nginx.conf").read_text()
    for said, here in {
        "listen [::]:80;": "", "listen [::]:443 ssl http2;": "", "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ": f"listen 127.0.0.1:{secure} ", f"/etc/ssl/{NAME}.pem": str(pem),
        f"/etc/ssl/{NAME}.key": str(key), "127.0.0.1:8000": f"127.0.0.1:{shop}",
    }.items():  # fmt: skip
        assert said in site
        site = site.replace(said, here)
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi"))
    user = "user root; " if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user}worker_processes 1; daemon off; pid {folder}/pid; error_log stderr;\n"
        f"events {{ worker_connections 512; }}\n"
        f"http {{ access_log off; {temporary} scgi_temp_path {folder}/scgi;\n{site}\n}}\n"
    )
    return [str(NGINX), "-p", str(folder), "-c", str(folder / "nginx.conf")]


COMMANDS: dict[str, Callable[[Path, int, int, int], list[str]]] = {"caddy": _caddy, "nginx": _nginx}


@contextmanager
def in_front(name: str, shop: Served) -> Iterator[Front]:
    plain, secure = servers.free_port(), servers.free_port()
    with tempfile.TemporaryDirectory(prefix="clubfront-front-") as made:
        folder = Path(made)
        command = COMMANDS[name](folder, plain, secure, shop.port)
        environment = {"SHOP_DOMAIN": NAME, "SHOP_ADDRESS": f"127.0.0.1:{shop.port}", "HOME": made, "PATH": "/usr/bin"}
        with (folder / "log").open("w") as log:
            running = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            until = time.monotonic() + 30
            while True:
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", secure)) == 0:
                        break
                assert running.poll() is None and time.monotonic() < until, (folder / "log").read_text()
                time.sleep(0.1)
            yield Front(name, plain, secure, shop)
        finally:
            running.terminate()
            running.wait(20)


@pytest.fixture(scope="module")
def shop() -> Iterator[Served]:
    """Behind a proxy on this machine: it is named, so that visitors are told apart."""

    class Proxied(Served):
        @property
        def environment(self) -> dict[str, str]:
            return super().environment | {"BASE_URL": f"https://{NAME}", "TRUSTED_PROXIES": "127.0.0.1"}

    with tempfile.TemporaryDirectory(prefix="clubfront-proxied-") as made:
        stocked.copy_to(Path(made) / "data")
        served = Proxied(Path(made) / "data")
        served.start()
        yield served
        served.stop()


@pytest.fixture(scope="module", params=sorted(PROGRAMS))
def front(request: pytest.FixtureRequest, shop: Served) -> Iterator[Front]:
    if PROGRAMS[request.param] is None:
        pytest.skip(f"{request.param} is not installed: make servers")
    with in_front(request.param, shop) as running:
        yield running


def test_https_is_spoken_and_http_leads_there(front: Front) -> None:
    status, headers = front.get("/")
    assert (status, headers["version"]) == (200, "HTTP/2")
    assert headers["strict-transport-security"].startswith("max-age")
    with httpx.Client(trust_env=False) as plain:
        led = plain.get(f"http://127.0.0.1:{front.plain}/products?page=2", headers={"host": NAME})
    assert led.status_code in {301, 308} and re.match(
        rf"https://{NAME}(:\d+)?/products\?page=2", led.headers["location"]
    )
    old = ["curl", "--silent", "--insecure", "--tls-max", "1.1", f"https://127.0.0.1:{front.secure}/"]
    assert subprocess.run(old).returncode == 35, "TLS 1.1 is not spoken"


def test_pages_are_compressed_and_headers_stay_the_shops(front: Front) -> None:
    _, headers = front.get("/products", header="Accept-Encoding: gzip")
    assert headers["content-encoding"] == "gzip" and "accept-encoding" in headers["vary"].lower()
    direct = httpx.get(f"{front.shop.address}/products", headers={"host": NAME})
    for name in ("content-security-policy", "referrer-policy", "x-frame-options", "cache-control"):
        assert headers[name] == direct.headers[name]


def test_figures_of_the_machine_are_not_given_to_the_world(front: Front) -> None:
    assert [front.get(path)[0] for path in ("/metrics", "/metrics/")] == [404, 404]
    assert front.get("/up")[0] == 200


def test_a_visitor_is_counted_by_its_own_address_whatever_it_says(front: Front) -> None:
    """Twenty wrong tries wait; who comes from elsewhere does not, and nobody becomes somebody else by a header."""

    def tries(source: str, forged: str) -> int:
        return front.get(
            "/setup/link/" + "x" * 43, interface=source, header=f"X-Forwarded-For: {forged}", request="POST", data=""
        )[0]

    own = "127.0.0.7" if front.name == "caddy" else "127.0.0.8"
    statuses = [tries(own, f"198.51.100.{number}") for number in range(24)]
    assert 429 in statuses and 429 not in statuses[:10]
    assert tries("127.0.0.9", "198.51.100.1") != 429


def test_what_is_too_large_is_refused_and_what_the_shop_takes_goes_through(front: Front, tmp_path: Path) -> None:
    for path, size, expected in (("/sign-in", 300_000, 413), ("/staff/imports", 15_000_000, 413),
                                 ("/staff/imports", 9_000_000, 401)):  # fmt: skip
        (tmp_path / "body").write_bytes(b"a" * size)
        status, _ = front.get(path, data_binary=f"@{tmp_path / 'body'}", header="Origin: https://shop.example.org")
        assert status == expected, (path, size)


@pytest.mark.skipif("MACHINES" not in os.environ, reason="it takes fifteen seconds: make machines")
def test_a_head_that_does_not_arrive_is_cut(front: Front) -> None:
    context = ssl._create_unverified_context()
    with (
        socket.create_connection(("127.0.0.1", front.secure), timeout=40) as raw,
        context.wrap_socket(raw, server_hostname=NAME) as slow,
    ):
        slow.sendall(f"GET / HTTP/1.1\r\nHost: {NAME}\r\nX-Slow: ".encode())
        began = time.monotonic()
        slow.recv(1000)
        assert 5 < time.monotonic() - began < 30


@pytest.mark.skipif(CADDY is None, reason="Caddy is not installed: make servers")
def test_caddy_waits_for_a_shop_that_is_started_anew(tmp_path: Path) -> None:
    """So do forms, which arrive whole and once."""
    sent: list[bytes] = []

    class Late(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

        def do_POST(self) -> None:
            sent.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.do_GET()

    shop = Served(tmp_path)  # nothing is served at its port yet
    with in_front("caddy", shop) as front, ThreadPoolExecutor(2) as at_once:
        waiting = [at_once.submit(front.get, "/"), at_once.submit(front.get, "/basket/lines", data="quantity=2")]
        time.sleep(1)
        assert not any(one.done() for one in waiting)
        with http.server.ThreadingHTTPServer(("127.0.0.1", shop.port), Late) as late:
            threading.Thread(target=late.serve_forever, daemon=True).start()
            answered = [one.result()[0] for one in waiting]
            late.shutdown()
    assert answered == [200, 200] and sent == [b"quantity=2"]


def handed(held: socket.socket) -> type[Served]:
    """A shop that systemd hands this port to, as deploy/clubfront.socket does."""

    class Handed(Served):
        @property
        def environment(self) -> dict[str, str]:
            return super().environment | {"BASE_URL": f"https://{NAME}", "TRUSTED_PROXIES": "127.0.0.1"}

        def start(self, *how: str) -> None:
            given = (
                f"import os, sys; os.dup2({held.fileno()}, 3); "
                "os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS='1'); os.execv(sys.argv[1], sys.argv[1:])"
            )
            with self.log.open("ab") as out:
                self.process = subprocess.Popen(
                    [sys.executable, "-c", given, *demos.PROGRAM, "serve", *how], env=self.environment, cwd=ROOT,
                    stdout=out, stderr=out, pass_fds=[held.fileno()], start_new_session=True,
                )  # fmt: skip

    return Handed


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed: make servers")
def test_behind_nginx_a_port_that_systemd_holds_is_never_refused(tmp_path: Path) -> None:
    """Pages and forms that come before the shop has started, and while it is started anew, wait for it."""
    stocked.copy_to(tmp_path / "data")
    with socket.create_server(("127.0.0.1", 0), backlog=64) as held, ThreadPoolExecutor(2) as at_once:
        shop = handed(held)(tmp_path / "data")
        shop.port = held.getsockname()[1]
        with in_front("nginx", shop) as front:
            form = {"data": "email=noor@example.org", "header": f"Origin: https://{NAME}"}
            for _again in range(2):
                waiting = [at_once.submit(front.get, "/products"), at_once.submit(front.get, "/sign-in", **form)]
                time.sleep(0.5)
                assert not any(one.done() for one in waiting)
                shop.start()
                assert [one.result()[0] for one in waiting] in ([200, 200], [200, 303], [200, 422])
                shop.stop()


def test_another_port_than_the_shops_is_refused_in_words(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        shop = handed(held)(tmp_path / "data")
        shop.start()
        assert shop.process is not None and shop.process.wait(60) == 1
        words = f"systemd listens at port {held.getsockname()[1]} for the shop, and PORT is {shop.port}."
        assert words in shop.log.read_text()
