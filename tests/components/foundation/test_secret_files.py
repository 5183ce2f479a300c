"""A secret may be given in a file, as containers, systemd and vaults hand them over."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from components.foundation import settings
from components.foundation.operations import settings_report
from components.foundation.secrecy import secret_files
from components.foundation.settings import BadSetting, Settings

SECRET = "whsec_canary_in_a_file"


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("STRIPE_WEBHOOK_SECRET", raising=False)
    settings.current.cache_clear()
    yield
    monkeypatch.undo()
    settings.current.cache_clear()


def test_every_secret_is_a_setting() -> None:
    assert set(Settings.__dataclass_fields__) >= secret_files.NAMES


@pytest.mark.parametrize("name", sorted(secret_files.NAMES))
def test_each_is_read_from_the_file_that_is_named(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(name.upper(), raising=False)
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    monkeypatch.setenv(f"{name.upper()}_FILE", str(tmp_path / "secret"))
    assert secret_files.given(name) == SECRET


def test_a_list_has_its_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "keys").write_text("newest-of-the-former\nolder,oldest\n")
    monkeypatch.setenv("FORMER_SECRET_KEYS_FILE", str(tmp_path / "keys"))
    assert settings.current().former_secret_keys == ("newest-of-the-former", "older", "oldest")


def test_the_shop_has_it_and_says_where_it_is_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    monkeypatch.setenv("STRIPE_WEBHOOK_SECRET_FILE", str(tmp_path / "secret"))
    assert settings.current().stripe_webhook_secret == SECRET
    told = {row.name: row for _, rows in settings_report.all_settings() for row in rows}["STRIPE_WEBHOOK_SECRET"]
    assert (told.value, told.where) == ("set (not shown)", "File named in the environment")


def test_what_is_no_secret_is_not_read_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "port").write_text("1")
    monkeypatch.setenv("PORT_FILE", str(tmp_path / "port"))
    assert settings.current().port != 1


@pytest.mark.parametrize(
    ("content", "beside", "words"),
    [
        (None, "", "STRIPE_WEBHOOK_SECRET_FILE cannot be read: {}: No such file or directory."),
        (b" \n", "", "STRIPE_WEBHOOK_SECRET_FILE names a file with no lines, where one is wanted: {}."),
        (b"one\ntwo\n", "", "STRIPE_WEBHOOK_SECRET_FILE names a file with 2 lines, where one is wanted: {}."),
        (b"\xff\xfe", "", "STRIPE_WEBHOOK_SECRET_FILE names a file that is no text: {}."),
        (b"x" * 65_537, "", "STRIPE_WEBHOOK_SECRET_FILE names a file that is too large for a secret: {}."),
        (b"one", "another", "Set STRIPE_WEBHOOK_SECRET or STRIPE_WEBHOOK_SECRET_FILE, not both."),
    ],
)
def test_what_cannot_be_is_one_sentence(
    content: bytes | None, beside: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv("STRIPE_WEBHOOK_SECRET_FILE", str(path))
    monkeypatch.setenv("STRIPE_WEBHOOK_SECRET", beside)
    with pytest.raises(BadSetting) as refused:
        settings.current()
    assert str(refused.value) == words.format(path)
