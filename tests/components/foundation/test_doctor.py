"""The doctor shows every setting and no secret, and says what would help."""

import dataclasses
import re
from pathlib import Path

import pytest

from components.foundation import settings
from components.foundation.operations import doctor

SECRET = "hunter2hunter2"


def known(**changes: object) -> settings.Settings:
    return dataclasses.replace(settings.current(), **changes)  # type: ignore[arg-type]


def test_every_setting_is_told_and_no_secret_is() -> None:
    told = dict(
        doctor.report(
            known(
                secret_key=SECRET,
                stripe_secret_key=f"sk_test_{SECRET}",
                stripe_webhook_secret=f"whsec_{SECRET}",
                smtp_url=f"smtp://kiln:{SECRET}@mail.test:587",
                database_url=f"postgresql://kiln:{SECRET}@db.test:5432/kiln",
            )
        )
    )
    assert set(told) == {field.name.upper() for field in dataclasses.fields(settings.Settings)}
    assert SECRET not in str(told)
    assert told["SMTP_URL"] == "smtp://kiln@mail.test:587"
    assert told["STRIPE_SECRET_KEY"] == "set (not shown)"


def test_a_mail_server_that_does_not_answer_is_an_illness() -> None:
    finding = doctor._emails(known(smtp_url=f"smtp://kiln:{SECRET}@127.0.0.1:9"))
    assert not finding.is_well and "does not respond" in finding.words and SECRET not in finding.words


def test_a_full_disk_is_an_illness(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "FEWEST_BYTES", 10**18)
    finding = doctor._disk(known(clubfront_data=Path("/")))
    assert not finding.is_well and "Free up some space" in finding.words


async def test_a_pooler_that_serve_would_refuse_is_an_illness(db: None, dsn: str) -> None:
    direct = known(database_url=dsn)
    for pooled, words in (
        ("postgresql://shop@127.0.0.1:1/shop", "Cannot be reached"),
        (re.sub(r"/\w+\?", "/postgres?", dsn), "another database"),
        (dsn, "and not off"),
    ):
        found = await doctor._pooler(dataclasses.replace(direct, pooled_database_url=pooled))
        assert found and not found.is_well and words in found.words
    assert await doctor._pooler(direct) is None
