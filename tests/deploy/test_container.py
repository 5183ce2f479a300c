"""What the image runs, executed without one: its command, and the hooks that ONCE calls."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy import homes

SECRET = "p@ss:w/rd %"
ONCE = {
    "SECRET_KEY_BASE": "9f" * 32, "VAPID_PUBLIC_KEY": "B", "VAPID_PRIVATE_KEY": "k", "NUM_CPUS": "2",
    "SMTP_ADDRESS": "mail.example.org", "SMTP_PORT": "465", "SMTP_USERNAME": "shop@example.org",
    "SMTP_PASSWORD": SECRET, "MAILER_FROM_ADDRESS": "Shop <shop@example.org>",
}  # fmt: skip


@pytest.fixture
def place() -> Iterator[Path]:
    """Open to every user, and short: a socket is in it."""
    made = Path(tempfile.mkdtemp(prefix="clubfront-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def storage(place: Path) -> Path:
    made = place / "storage"
    made.mkdir(mode=0o750)
    if who := homes.as_the_shop():
        shutil.chown(made, who["user"], who["group"])
    return made


def run(*words: str, given: dict[str, str], seconds: float = 240) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words, env=given, cwd="/", capture_output=True, text=True, timeout=seconds, **homes.as_the_shop()
    )


def telling(place: Path) -> Path:
    """A home whose Python only says what it was started with."""
    program = place / "home" / ".venv" / "bin" / "python"
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\n[ "$1" = -c ] && exec /usr/bin/env python3 "$@"\necho "words=$*"\nenv\n')
    program.chmod(0o755)
    return place / "home"


def test_what_once_says_is_said_in_the_shops_words(place: Path, storage: Path) -> None:
    given = homes.environment(telling(place), storage, BASE_URL="https://shop.example.org")
    said = run("clubfront", "serve", "--take-over", given=given | ONCE).stdout.splitlines()
    assert "words=-m web.command serve --take-over" in said
    told = dict(line.split("=", 1) for line in said if "=" in line)
    assert told["SMTP_URL"] == "smtps://shop%40example.org:p%40ss%3Aw%2Frd%20%25@mail.example.org:465"
    assert told["MAIL_FROM"] == ONCE["MAILER_FROM_ADDRESS"] and told["WORKERS"] == "2"
    assert told["TRUSTED_PROXIES"].startswith("10.0.0.0/8,172.16.0.0/12")

    own = {"SMTP_URL": "smtp://own:25", "MAIL_FROM": "me@example.org", "WORKERS": "1", "TRUSTED_PROXIES": "none"}
    said = run("clubfront", "serve", given=given | ONCE | own).stdout.splitlines()
    assert {f"{name}={value}" for name, value in own.items()} <= set(said)  # whatever is set by hand counts
    without = run("clubfront", "serve", given=given).stdout
    assert not any(name in without for name in ("SMTP_URL", "MAIL_FROM", "WORKERS", "TRUSTED_PROXIES"))


def test_what_is_missing_is_said_in_one_sentence(place: Path, storage: Path) -> None:
    given = homes.environment(telling(place), storage)
    refused = run("clubfront", "serve", given=given)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith("BASE_URL is missing") and refused.stderr.count("\n") == 1
    assert run("clubfront", "doctor", given=given).returncode == 0  # which itself says what is missing
    closed = run("clubfront", "worker", given=given | {"BASE_URL": "https://a.example", "CLUBFRONT_DATA": "/proc"})
    assert closed.returncode == 1 and "/proc cannot be written by user" in closed.stderr


def test_the_hooks_carry_a_shop_to_another_volume(place: Path, storage: Path) -> None:
    """ONCE calls one, copies the folder while the shop runs, and calls the other before it starts the copy."""
    (place / "home").mkdir()
    given = homes.environment(homes.make(place / "home"), storage)
    hooks = homes.ROOT / "deploy" / "hooks"
    made = run("clubfront", "migrate", given=given)
    assert made.returncode == 0, made.stderr
    (storage / "backup-for-once.tar.part").write_text("of yesterday")
    saved = run(str(hooks / "pre-backup"), given=given)
    assert saved.returncode == 0, saved.stdout + saved.stderr
    assert (storage / "backup-for-once.tar.part").stat().st_size > 100_000

    for torn in ("global/pg_control", "PG_VERSION"):
        (storage / "postgres" / torn).unlink()
    restored = run(str(hooks / "post-restore"), given=given)
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert not (storage / "backup-for-once.tar.part").exists()
    assert (storage / "postgres" / "global" / "pg_control").exists()

    again = run(str(hooks / "post-restore"), given=given)  # copied while it was paused: nothing is to be done
    assert again.returncode == 0 and (storage / "postgres" / "PG_VERSION").exists()


def test_a_failed_backup_leaves_none_of_yesterday(place: Path, storage: Path) -> None:
    """ONCE then pauses the container and copies the folder as it is, and that must be what comes back."""
    old = storage / "backup-for-once.tar.part"
    for status, is_well in ((1, False), (3, True)):
        old.write_text("of yesterday")
        (place / "clubfront").write_text(f'#!/bin/sh\necho new > "$2"\nexit {status}\n')
        (place / "clubfront").chmod(0o755)
        given = homes.environment(place, storage) | {"PATH": f"{place}:/usr/bin:/bin"}
        old.chmod(0o666)
        done = run(str(homes.ROOT / "deploy" / "hooks" / "pre-backup"), given=given)
        assert (done.returncode == 0) == is_well
        assert (old.read_text() if old.exists() else None) == ("new\n" if is_well else None)


def test_your_own_database_is_not_replaced_by_a_hook(place: Path, storage: Path) -> None:
    saved = storage / "backup-for-once.tar.part"
    saved.write_text("a backup")
    given = homes.environment(place, storage, DATABASE_URL="postgresql://somewhere/shop")
    done = run(str(homes.ROOT / "deploy" / "hooks" / "post-restore"), given=given)
    assert done.returncode == 0 and "is not replaced" in done.stderr and saved.exists()
