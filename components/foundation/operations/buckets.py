"""A bucket of an S3-compatible service, as five settings name it. `obstore` is imported when one is opened."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from obstore.store import S3Store

SCHEME = "s3://"


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """`to` is s3://bucket/folder; without an `endpoint` it is Amazon's, without a key the machine's own is used."""

    to: str
    endpoint: str
    region: str
    key_id: str
    key: str

    def trouble(self, name: str) -> str:
        """What is wrong with the settings whose names begin with this; empty when nothing is."""
        if not self.to.startswith(SCHEME) or not urlsplit(self.to).netloc:
            return f"{name}_TO names no bucket: s3://bucket/folder."
        if bool(self.key_id) != bool(self.key):
            return f"{name}_KEY_ID and {name}_KEY belong together: set both, or neither."
        address = urlsplit(self.endpoint)
        if self.endpoint and (address.scheme not in {"http", "https"} or not address.netloc):
            return f"{name}_ENDPOINT must be an address: https://s3.example.net."
        return ""

    @property
    def is_read_on_the_way(self) -> bool:
        """Whoever stands between reads what is sent."""
        return self.endpoint.startswith("http://")

    def store(self, *, connect: timedelta, request: timedelta, retries: int, retrying: timedelta) -> "S3Store":
        """Limits of one connection, of one request, and of how often and how long it is tried again."""
        from obstore.store import S3Store

        parts = urlsplit(self.to)
        given: dict[str, Any] = {"region": self.region}
        if self.endpoint:
            given["endpoint"] = self.endpoint
        if self.key_id:
            given |= {"access_key_id": self.key_id, "secret_access_key": self.key}
        options: Any = {"connect_timeout": connect, "timeout": request, "allow_http": self.is_read_on_the_way}
        again: Any = {"max_retries": retries, "retry_timeout": retrying}
        prefix = parts.path.strip("/") or None
        return S3Store(parts.netloc, prefix=prefix, client_options=options, retry_config=again, **given)


def troubles() -> tuple[type[Exception], ...]:
    """What reading and writing raises."""
    from obstore.exceptions import BaseError

    return BaseError, OSError
