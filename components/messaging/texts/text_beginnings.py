"""What the form begins with: the built-in text of each e-mail as Markdown, in templates/emails/<kind>.md.

The first line is the subject. A line that begins with two spaces goes on with the one before.
"""

import re
from functools import cache

from components.foundation.operations.own_templates import BUILT_IN
from components.messaging.texts.written_email import EmailText

_GOES_ON = re.compile(r"\n  (?=\S)")


@cache
def beginning(slug: str) -> EmailText:
    written = _GOES_ON.sub(" ", (BUILT_IN / "emails" / f"{slug}.md").read_text(encoding="utf-8"))
    subject, _, body = written.partition("\n")
    return EmailText(subject.removeprefix("Subject: "), body.strip())
