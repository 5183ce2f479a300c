"""The form for the text of an e-mail, and with what it is previewed."""

from components.messaging.texts import text_check
from components.messaging.texts.written_email import EmailText
from web.forms.fields import Choice, Choices, LongText
from web.forms.form import Form
from web.forms.numbers import VersionNumber
from web.staff.settings.email_text_languages import ChosenText

LATEST = "latest"


class EmailTextForm(Form):
    subject = LongText("Subject", longest=text_check.LONGEST_SUBJECT, rows=2)
    body = LongText(
        "Text",
        longest=text_check.LONGEST_BODY,
        rows=24,
        help="Markdown: # heading, **bold**, lists. A link that is a line of its own becomes a button.",
    )
    data = Choice("Preview with")
    based_on = VersionNumber("Version", required=False)

    @property
    def text(self) -> EmailText:
        """As typed, whether it can be saved or not."""
        return EmailText(self.field("subject").typed, self.field("body").typed.replace("\r\n", "\n"))

    async def look_over(self, chosen: ChosenText) -> None:
        """Say at each field what is wrong with it. A preview without its data has an example's."""
        self.errors.pop("data", None)
        for name, words in (await text_check.found(chosen.kind, self.text, chosen.language)).items():
            self.refuse(name, words)


def filled(text: EmailText, number: int, *, choices: dict[str, Choices], data: str) -> EmailTextForm:
    return EmailTextForm.blank(choices=choices, subject=text.subject, body=text.body, based_on=number, data=data)
