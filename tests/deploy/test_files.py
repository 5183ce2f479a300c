"""The files in `deploy/` and their like: what can be known of them without a container, a cluster or a domain."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.foundation.settings import Settings
from components.foundation.shop_settings.shop_settings import ShopSettings
from tests.deploy.homes import ROOT

DEPLOY = ROOT / "deploy"
SCRIPTS = [DEPLOY / "clubfront", *sorted((DEPLOY / "hooks").iterdir()), DEPLOY / "install-servers.sh"]
UNITS = sorted(DEPLOY.glob("*.service"))
MOST_EXPOSED = 1.5
OF_OTHERS = {"TMPDIR", "SHOP_DOMAIN", "SHOP_ADDRESS", "POSTGRES_PASSWORD", "POSTGRES_USER", "POSTGRES_DB"}
SETTINGS = {name.upper() for of in (Settings, ShopSettings) for name in of.__dataclass_fields__}
COMPOSE_SCHEMA = Path("/usr/lib/python3/dist-packages/compose/config/compose_spec.json")


def yaml_of(name: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((ROOT / name).read_text())
    return read


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_are_sound(script: Path) -> None:
    assert script.stat().st_mode & 0o111, "it must be executable"
    assert subprocess.run(["sh", "-n", str(script)]).returncode == 0
    if checker := shutil.which("shellcheck"):
        checked = subprocess.run([checker, str(script)], capture_output=True, text=True)
        assert checked.returncode == 0, checked.stdout


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)
def test_units_are_sound_and_closed(unit: Path, tmp_path: Path) -> None:
    placed = tmp_path / unit.name
    placed.write_text(re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", unit.read_text()))
    verified = subprocess.run(["systemd-analyze", "verify", placed], capture_output=True, text=True)
    assert (verified.returncode, verified.stderr) == (0, "")
    scored = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", f"--threshold={MOST_EXPOSED * 10:.0f}", placed],
        capture_output=True, text=True,
    )  # fmt: skip
    assert scored.returncode == 0, scored.stdout


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_the_port_that_systemd_holds_is_the_shops(tmp_path: Path) -> None:
    unit, default = (DEPLOY / "clubfront.socket").read_text(), Settings.__dataclass_fields__
    assert f"ListenStream={default['host'].default}:{default['port'].default}\n" in unit
    service = re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", (DEPLOY / "clubfront.service").read_text())
    (tmp_path / "clubfront.service").write_text(service)
    (tmp_path / "clubfront.socket").write_text(unit)
    verified = subprocess.run(
        ["systemd-analyze", "verify", tmp_path / "clubfront.socket"], capture_output=True, text=True
    )
    assert (verified.returncode, verified.stderr) == (0, "")


def test_settings_in_files_are_settings_of_the_shop() -> None:
    named = set(re.findall(r"(?m)^#?([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text()))
    kamal = yaml_of("deploy/kamal.yml")["env"]
    named |= {*kamal["clear"], *kamal["secret"]}
    for name in ("compose.yml", "compose.postgres.yml"):
        for service in yaml_of(name)["services"].values():
            named |= set(service.get("environment", {}))
    assert {"STRIPE_SECRET_KEY", "SMTP_URL", "TRUSTED_PROXIES"} <= named
    assert named - OF_OTHERS <= SETTINGS


def test_the_image_keeps_what_container_platforms_expect() -> None:
    """ONCE: port 80, /storage, hooks in /hooks; nobody is root; nothing comes from a named registry."""
    stages = (ROOT / "Dockerfile").read_text().split("\nFROM ")
    for stage in stages[1:]:
        image = next(word for word in stage.split() if not word.startswith("--"))
        assert re.fullmatch(r"[a-z]+:[\w.-]+", image), image
    last = stages[-1]
    for line in (
        "USER shop",
        "EXPOSE 80",
        "VOLUME /storage",
        "COPY deploy/hooks /hooks",
        'CMD ["serve", "--take-over"]',
    ):
        assert line in last.splitlines(), line
    assert "HOST=0.0.0.0 PORT=80 CLUBFRONT_DATA=/storage" in last and "HEALTHCHECK" in last
    assert last.index("USER shop") > last.index("apt-get"), "only what is installed needs root"
    copied = re.findall(r"(?m)^COPY (?!--from)(?!\. \.)(.+) \S+$", (ROOT / "Dockerfile").read_text())
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    for source in " ".join(copied).split():
        assert (ROOT / source).exists() and source.split("/")[0] in sent, source
    assert all((ROOT / name).exists() for name in sent)


def test_the_image_has_what_the_shop_reads() -> None:
    """What is tracked and neither in the image nor only for developers has been forgotten in .dockerignore."""
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    top = {line.split("/")[0] for line in tracked.splitlines()}
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert top - sent == {
        ".ci", ".dockerignore", ".env.example", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "Dockerfile",
        "Makefile", "benchmarks", "compose.postgres.yml", "compose.yml", "docs", "requirements-dev.txt", "tests",
    }  # fmt: skip


@pytest.mark.parametrize("files", [("compose.yml",), ("compose.yml", "compose.postgres.yml")], ids=len)
def test_services_wait_for_what_they_need_and_can_do_no_more(files: tuple[str, ...]) -> None:
    services: dict[str, Any] = {}
    for name in files:
        for service, said in yaml_of(name)["services"].items():
            services[service] = services.get(service, {}) | said
    assert set(services) == ({"shop", "caddy"} if len(files) == 1 else {"shop", "caddy", "worker", "postgres"})
    for name, service in services.items():
        assert service["restart"] == "unless-stopped"
        assert all(one["condition"] == "service_healthy" for one in service.get("depends_on", {}).values())
        assert set(service.get("depends_on", {})) <= set(services)
        if name != "postgres":
            assert service["cap_drop"] == ["ALL"] and service["security_opt"] == ["no-new-privileges:true"]
        assert name != "caddy" or "depends_on" not in service, "Compose stops it whenever the shop is replaced"
        if name != "caddy":
            assert "ports" not in service, "only the proxy is reached from outside"
    (subnet,) = yaml_of("compose.yml")["networks"]["front"]["ipam"]["config"]
    assert yaml_of("compose.yml")["services"]["shop"]["environment"]["TRUSTED_PROXIES"] == subnet["subnet"]


@pytest.mark.skipif(not COMPOSE_SCHEMA.exists(), reason="Debian's docker-compose is not installed")
@pytest.mark.parametrize("name", ["compose.yml", "compose.postgres.yml"])
def test_compose_files_are_of_the_published_schema(name: str) -> None:
    """With Debian's own Python, which has the library that its docker-compose checks them with."""
    check = "import json, sys, jsonschema; schema, said = map(json.loads, sys.stdin.read().split('\\0'));"
    check += "jsonschema.Draft7Validator(schema).validate(said)"
    said = yaml_of(name)
    said.pop("name", None)  # newer than that schema
    done = subprocess.run(
        ["/usr/bin/python3", "-c", check], input=f"{COMPOSE_SCHEMA.read_text()}\0{json.dumps(said)}",
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
