"""A shop in production does not open with what would give it away, and the doctor is red before anybody tries."""

import dataclasses
import secrets
import subprocess
from pathlib import Path

import pytest

from components.demo import building, cast, demo_guard
from components.foundation import clock, settings
from components.foundation.operations import doctor, production
from components.people import passwords
from components.people.identity import published_passwords
from tests.support import demos

GOOD: dict[str, object] = {
    "environment": "production", "base_url": "https://shop.example", "stripe_secret_key": "sk_live_x",
    "stripe_webhook_secret": "whsec_x", "smtp_url": "smtp://mail.example", "trusted_proxies": ("10.0.0.0/8",),
    "secret_key": secrets.token_urlsafe(48),
}  # fmt: skip
REFUSED: list[tuple[dict[str, object], str]] = [
    ({"secret_key": "a"}, "SECRET_KEY must have at least 32"),
    ({"secret_key": "a" * 64}, "SECRET_KEY must be random"),
    ({"secret_key": "abcdefgh" * 8}, "SECRET_KEY must be random"),
    ({"secret_key": "clubfront-secret-changeme-please-0"}, "SECRET_KEY must be random"),
    ({"smtp_url": ""}, "SMTP_URL is required"),
    ({"trusted_proxies": ()}, "TRUSTED_PROXIES is required"),
    ({"metrics_token": "short"}, "METRICS_TOKEN must have"),
    ({"metrics_from": ("0.0.0.0/0",)}, "METRICS_FROM must not be everybody"),
    ({"metrics_from": ("::/0",)}, "METRICS_FROM must not be everybody"),
    ({"metrics_from": ("10.1.0.0/16",), "trusted_proxies": ("none",)}, "METRICS_FROM needs the proxy named"),
    ({"practice_pages": "network"}, "PRACTICE_PAGES must be machine"),
]


def known(**changes: object) -> settings.Settings:
    return dataclasses.replace(settings.current(), **{**GOOD, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(("changes", "words"), REFUSED)
def test_it_refuses_and_the_doctor_is_red(
    changes: dict[str, object], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = known(**changes)
    monkeypatch.setattr(settings, "current", lambda: changed)
    with pytest.raises(settings.BadSetting, match=words):
        production.refuse_to_serve()
    assert [one.words for one in doctor._production(changed) if not one.is_well and words in one.words]


@pytest.mark.parametrize("changes", [{}, {"trusted_proxies": ("none",)}, {"secret_key": secrets.token_hex(24)}])
def test_what_is_in_order_opens(changes: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    changed = known(**changes)
    monkeypatch.setattr(settings, "current", lambda: changed)
    production.refuse_to_serve()
    assert all(one.is_well for one in doctor._production(changed))
    practice = dataclasses.replace(changed, environment="development", smtp_url="", secret_key="a")
    assert list(doctor._production(practice)) == []


def test_former_secrets_are_never_told() -> None:
    assert "hunter2" not in str(doctor.report(known(former_secret_keys=("hunter2",), metrics_token="hunter2")))


@pytest.mark.parametrize(
    ("arguments", "environment", "words"),
    [
        (["serve", "--demo"], {"STRIPE_SECRET_KEY": "sk_live_x"}, "The demo is not for a shop that takes real money"),
        (["serve"], {"TRUSTED_PROXIES": "10.0.0.0/99"}, "TRUSTED_PROXIES must be addresses or networks"),
        (
            ["serve"],
            {"ENVIRONMENT": "production", "BASE_URL": "https://a.example", "STRIPE_SECRET_KEY": "sk_live_x",
             "STRIPE_WEBHOOK_SECRET": "whsec_x"},
            "SMTP_URL is required",
        ),
    ],
)  # fmt: skip
def test_the_program_says_so_in_one_sentence(
    tmp_path: Path, dsn: str, arguments: list[str], environment: dict[str, str], words: str
) -> None:
    done = subprocess.run(
        [*demos.PROGRAM, *arguments], cwd=demos.ROOT, capture_output=True, text=True, timeout=60,
        env=demos.environment(tmp_path / "data", DATABASE_URL=dsn, **environment),
    )  # fmt: skip
    assert done.returncode == 1 and words in done.stderr and "Traceback" not in done.stderr, done.stderr[-2000:]


async def test_nobody_holds_the_published_password_where_money_is_real(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    joined = await cast.join(clock.now())
    assert await published_passwords.refusals() == ()
    monkeypatch.setattr(settings, "current", lambda changed=known(): changed)
    with pytest.raises(demo_guard.DemoRefused):
        await building.fill()
    (words,) = await published_passwords.refusals()
    assert "iris@kiln.test" in words and "published password" in words
    for person in joined.values():
        await passwords.set(person, "quite-another-1")
    assert await published_passwords.refusals() == ()
