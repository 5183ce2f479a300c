"""What customers write in the contact form, passed on to the shop. Nothing is kept but the e-mail itself."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from components.foundation import clock, json
from components.messaging import email_outbox
from components.messaging.texts import recipient_language
from components.people import rate_limits
from components.people.rate_limits import RateLimit

FROM_ONE = RateLimit("contact form", 5, timedelta(hours=1))
FROM_ALL = RateLimit("contact form, everybody", 200, timedelta(hours=1))
"""So that a flood from many addresses does not fill the shop's mailbox."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactMessage:
    name: str
    email: str
    order: str
    message: str

    @property
    def key(self) -> str:
        """The same words of the same person on the same day are one message, however often the button is pressed."""
        said = [self.name, self.email, self.order, self.message, clock.now().date().isoformat()]
        return f"contact:{hashlib.sha256(json.dump(said).encode()).hexdigest()[:32]}"


async def pass_on(message: ContactMessage, *, to: str, connection: str) -> None:
    """E-mail it to the shop; an answer goes to whoever wrote. Sent twice it arrives once.

    Raises `TooManyTries`.
    """
    if await email_outbox.was_sent(message.key):
        return
    await rate_limits.hit(FROM_ONE, connection)
    await rate_limits.hit(FROM_ALL)
    with recipient_language.of_staff():
        await email_outbox.send(
            key=message.key,
            to=to,
            template="contact_message",
            subject=f"Message from {message.name}" + (f" about order {message.order}" if message.order else ""),
            fields={"name": message.name, "email": message.email, "order": message.order, "message": message.message},
            reply_to=message.email,
        )
