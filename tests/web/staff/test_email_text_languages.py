"""Staff write the text of an e-mail in each language that the shop offers; each has versions of its own."""

from datetime import timedelta

import pytest

from components.foundation import clock, database, ids
from components.foundation.languages import language
from components.foundation.shop_settings import setting_rows
from components.messaging import email_outbox
from components.messaging.tables import Email, EmailTextTrouble
from components.messaging.texts.kinds import all_kinds
from tests.support import people
from tests.support.shops import Shop

TEXTS = "/staff/email-texts"
CHANGED = f"{TEXTS}/email_changed"
GERMAN = f"{CHANGED}?language=de"


async def sent(spoken: str) -> Email:
    with language.speaking(spoken):
        given = all_kinds.by_slug("email_changed").samples()[0]
        return await email_outbox.send(
            key=str(ids.new()), to="noor@kiln.test", template="email_changed", subject="Hello", fields=given
        )


async def speak(**settings: str) -> None:
    """A moment later, so that it is the latest."""
    clock.set_everywhere(clock.now() + timedelta(seconds=1))
    await setting_rows.change(settings, by=None)


@pytest.fixture
async def bilingual(shop: Shop) -> Shop:
    await speak(shop_languages="de")
    await people.owner()
    return shop


async def test_each_language_has_a_text_and_versions_of_its_own(bilingual: Shop) -> None:
    """It begins with the German text, is previewed and tested in German, and says it to those who read German."""
    iris = await bilingual.signed_in("iris@kiln.test")
    english, german = await iris.get(CHANGED), await iris.get(GERMAN)
    assert "Deutsch" in english.words and f'href="{GERMAN}"' in english.text and f'href="{CHANGED}"' in german.text
    assert "Ihre E-Mail-Adresse bei {shop name} wurde geändert" in german.text and "{otherwise}" in german.words
    assert "Die E-Mail-Adresse Ihres Kontos" in german.text and "&lt;html lang=&#34;de" in german.text
    given = german.form(GERMAN).given | {"subject": "Neue Adresse bei {shop name}"}
    tested = await iris.post(GERMAN, {**given, "test": "1"})
    assert "the test to iris@kiln.test" in tested.words and tested.form(GERMAN).given["subject"] == given["subject"]
    saved = await iris.post(GERMAN, given)
    assert "Saved as version 1." in saved.alerts() and saved.form(GERMAN).given["subject"] == given["subject"]
    assert "Yours (Deutsch)" in (await iris.get(TEXTS)).words
    assert "Version 1" not in (await iris.get(CHANGED)).words and "Version 1" in (await iris.get(GERMAN)).words
    assert (await iris.get(f"{CHANGED}/versions/1")).status == 404
    assert ((await sent("de")).subject, (await sent("en")).subject) == ("Neue Adresse bei Kiln", "Hello")
    assert "latest e-mail of this kind" in (await iris.get(GERMAN)).words
    stale = await iris.post(GERMAN, given | {"subject": "Mine"})
    assert stale.status == 409 and "Neue Adresse" in stale.words
    english_saved = await iris.post(CHANGED, english.form(CHANGED).given | {"subject": "Ours"})
    assert "Saved as version 1." in english_saved.alerts(), "a version of one language is none of the other"
    gone = await iris.submit(await iris.get(GERMAN), f"{CHANGED}/original?language=de")
    assert "The original text is sent again" in gone.alerts() and "Original text" in gone.words
    assert (await sent("de")).subject == "Ihre E-Mail-Adresse bei Kiln wurde geändert"
    assert (await sent("en")).subject == "Ours"
    old = await iris.get(f"{CHANGED}/versions/1?language=de")
    assert "Neue Adresse" in old.words
    again = await iris.submit(old, f"{CHANGED}/versions/1?language=de")
    assert "Saved as version 3." in again.alerts() and (await sent("de")).subject == "Neue Adresse bei Kiln"
    rows = await database.fetch("SELECT language, number FROM email_text_version ORDER BY language, number")
    assert [tuple(row.values()) for row in rows] == [("de", 1), ("de", 2), ("de", 3), ("en", 1)]


async def test_real_values_of_a_preview_are_those_of_an_e_mail_in_that_language(bilingual: Shop) -> None:
    await sent("en")
    iris = await bilingual.signed_in("iris@kiln.test")
    assert "latest e-mail of this kind" in (await iris.get(CHANGED)).words
    assert "With made-up values" in (await iris.get(GERMAN)).words
    assert (await sent("de")).language == "de"
    assert "latest e-mail of this kind" in (await iris.get(GERMAN)).words


async def test_a_shop_of_german_begins_with_it_and_its_staff_are_written_to_in_english(bilingual: Shop) -> None:
    iris = await bilingual.signed_in("iris@kiln.test")
    await speak(shop_language="de", shop_languages="en")
    first = await iris.get(CHANGED)
    assert "Die E-Mail-Adresse Ihres Kontos" in first.text and f'href="{CHANGED}?language=en"' in first.text
    assert "We'll send e-mails there" in (await iris.get(f"{CHANGED}?language=en")).words
    staff = await iris.get(f"{TEXTS}/dispute")
    assert "Deutsch" not in staff.words.partition("<main")[2] and "View the dispute" in staff.words
    assert (await iris.get(f"{TEXTS}/dispute?language=de")).status == 404
    assert (await iris.get(f"{CHANGED}?language=fr")).status == 404
    assert (await iris.post(f"{CHANGED}?language=fr", {"subject": "x", "body": "{e-mail}"})).status == 404
    await speak(shop_languages="")
    alone = await iris.get(CHANGED)
    assert "Languages" not in alone.text and "Die E-Mail-Adresse Ihres Kontos" in alone.text


async def test_today_names_the_language_whose_text_could_not_be_used(bilingual: Shop) -> None:
    iris = await bilingual.signed_in("iris@kiln.test")
    await iris.post(GERMAN, (await iris.get(GERMAN)).form(GERMAN).given | {"subject": "Unsere"})
    row = EmailTextTrouble(
        id=ids.new(), kind="email_changed", language="de", number=1, words="It broke.", at=clock.now()
    )
    await EmailTextTrouble.insert(row)
    told = "e-mail could not use your text and was sent with the original one"
    assert f"{told}: Deutsch" in (await iris.get("/staff")).words
    assert "Not used (Deutsch)" in (await iris.get(TEXTS)).words
    assert "It broke." in (await iris.get(GERMAN)).words and "It broke." not in (await iris.get(CHANGED)).words
    await speak(shop_languages="")
    assert told not in (await iris.get("/staff")).words, "nobody is written to in German any more"
