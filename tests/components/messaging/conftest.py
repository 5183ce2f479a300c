"""What tests of e-mails share."""

from collections.abc import Iterator

import pytest

from components.foundation.languages import language
from components.messaging.texts import ready_email, starter_texts
from components.messaging.texts.email_placeholders import Fields
from components.messaging.texts.kinds import all_kinds
from components.messaging.texts.ready_email import ReadyEmail


@pytest.fixture
def german_twins(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each e-mail that is made is made from its German text, too. One that can't be would go out in English, and as the
    built-in text in shops that have written their own."""
    english, unusable = ready_email.ready, []

    async def ready(template: str, subject: str, fields: Fields) -> ReadyEmail:
        kind, text = all_kinds.ALL[template], starter_texts.translated(template, "de")
        with language.speaking("de"):
            if text is not None:
                try:
                    await ready_email.edited_email(kind, text, kind.values(fields))
                except Exception as trouble:  # whatever it is, the e-mail would be in English
                    unusable.append((template, repr(trouble)))
        return await english(template, subject, fields)

    monkeypatch.setattr(ready_email, "ready", ready)
    yield
    assert unusable == []
