import io

from components.payments.stripe_connection import change, client


class _NamedContent(io.BytesIO):
    """As the SDK wants a file: with the name that Stripe is told."""

    def __init__(self, content: bytes, name: str) -> None:
        super().__init__(content)
        self.name = name


async def upload(content: bytes, *, name: str, key: str) -> str:
    """Evidence for a dispute; returns its id at Stripe. It is shown to nobody before a dispute names it."""

    def file() -> _NamedContent:
        """Anew for each try: it is read to its end."""
        return _NamedContent(content, name)

    made = await change(
        lambda options: client().v1.files.create_async({"purpose": "dispute_evidence", "file": file()}, options),
        key=key,
    )
    return made.id
