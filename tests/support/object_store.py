"""A small S3-compatible service, to put backups into: requests are signed (version 4) or refused, objects are files.

Only what an object store is asked for here: put, in parts too, get, head, list and delete.
"""

import hashlib
import hmac
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.sax.saxutils import escape, unescape

KEY_ID, KEY = "AKIDOFTHESHOP", "the-secret-of-the-shop"


@dataclass
class ObjectStore:
    """`folder` holds `bucket/name`; `refused` counts requests that were not signed as they must be.

    `forbidden` are methods that the key has no right to; with `only` there is no other bucket, and none in another
    `region`. While it `is_silent` nobody is answered.
    """

    folder: Path
    address: str = ""
    refused: int = 0
    forbidden: frozenset[str] = frozenset()
    only: str = ""
    region: str = ""
    is_silent: bool = False
    parts: dict[str, dict[int, bytes]] = field(default_factory=dict)

    def path(self, bucket_and_name: str) -> Path:
        return self.folder / bucket_and_name

    def names(self, bucket: str) -> list[str]:
        return sorted(str(one.relative_to(self.folder / bucket)) for one in self.folder.rglob("*") if one.is_file())


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    store: ObjectStore

    def log_message(self, *_words: object) -> None:
        pass

    def _asked(self) -> tuple[Path, dict[str, str], bytes] | None:
        """What it is about; None when the request was refused."""
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        while self.store.is_silent:
            time.sleep(0.05)
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        status, code = self._refusal(parts.path, query, body)
        if code:
            self.store.refused += 1
            self._answer(status, f"<Error><Code>{code}</Code></Error>".encode())
            return None
        return self.store.path(unquote(parts.path).lstrip("/")), query, body

    def _refusal(self, path: str, query: dict[str, str], body: bytes) -> tuple[int, str]:
        said, store = self.headers.get("authorization", ""), self.store
        method = "LIST" if "list-type" in query else "DELETE" if "delete" in query else self.command
        if f"Credential={KEY_ID}/" not in said:
            return 403, "InvalidAccessKeyId"
        if store.region and f"/{store.region}/s3/" not in said:
            return 400, "AuthorizationHeaderMalformed"
        if not _is_signed(self, path, query, body):
            return 403, "SignatureDoesNotMatch"
        if store.only and unquote(path).split("/")[1] != store.only:
            return 404, "NoSuchBucket"
        return (403, "AccessDenied") if method in store.forbidden else (200, "")

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_PUT(self) -> None:
        if (asked := self._asked()) is None:
            return
        path, query, body = asked
        if "uploadId" in query:
            self.store.parts[query["uploadId"]][int(query["partNumber"])] = body
        else:
            _write(path, body)
        self._answer(200, ETag=_etag(body))

    def do_POST(self) -> None:
        if (asked := self._asked()) is None:
            return
        path, query, body = asked
        if "delete" in query:
            names = re.findall(r"<Key>([^<]+)</Key>", body.decode())
            for name in names:
                (path / unescape(name)).unlink(missing_ok=True)
            gone = "".join(f"<Deleted><Key>{name}</Key></Deleted>" for name in names)
            said = f"<DeleteResult>{gone}</DeleteResult>"
        elif "uploads" in query:
            upload = f"upload-{len(self.store.parts)}"
            self.store.parts[upload] = {}
            said = f"<InitiateMultipartUploadResult><UploadId>{upload}</UploadId></InitiateMultipartUploadResult>"
        else:
            parts = self.store.parts.pop(query["uploadId"])
            _write(path, b"".join(parts[number] for number in sorted(parts)))
            said = '<CompleteMultipartUploadResult><ETag>"whole"</ETag></CompleteMultipartUploadResult>'
        self._answer(200, said.encode())

    def do_GET(self) -> None:
        if (asked := self._asked()) is None:
            return
        path, query, _body = asked
        if "list-type" in query:
            self._answer(200, _listed(path, query.get("prefix", "")))
        elif path.is_file():
            body = path.read_bytes()
            self._answer(200, body, ETag=_etag(body), Last_Modified="Mon, 01 Mar 2027 12:00:00 GMT")
        else:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")

    do_HEAD = do_GET


def _write(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)


def _etag(body: bytes) -> str:
    return f'"{hashlib.md5(body).hexdigest()}"'


def _listed(bucket: Path, prefix: str) -> bytes:
    found = sorted(one for one in bucket.rglob("*") if one.is_file())
    named = [(str(one.relative_to(bucket)), one.stat().st_size) for one in found]
    rows = "".join(
        f"<Contents><Key>{escape(name)}</Key><LastModified>2027-03-01T12:00:00.000Z</LastModified>"
        f'<ETag>"x"</ETag><Size>{size}</Size></Contents>'
        for name, size in named
        if name.startswith(prefix)
    )
    return f"<ListBucketResult><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>".encode()


def _is_signed(request: _Handler, path: str, query: dict[str, str], body: bytes) -> bool:
    """The signature of AWS, version 4, over the request as it came, and over its body."""
    given = re.match(
        r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d+)/([^/]+)/s3/aws4_request, ?"
        r"SignedHeaders=([^,]+), ?Signature=(\w+)",
        request.headers.get("authorization", ""),
    )
    if given is None or given[1] != KEY_ID:
        return False
    _, day, region, signed, signature = given.groups()
    digest = request.headers["x-amz-content-sha256"]
    if digest != "UNSIGNED-PAYLOAD" and digest != hashlib.sha256(body).hexdigest():
        return False
    pairs = sorted((quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in query.items())
    headers = "".join(f"{name}:{request.headers[name].strip()}\n" for name in signed.split(";"))
    canonical = "\n".join(
        (request.command, path, "&".join(f"{name}={value}" for name, value in pairs), headers, signed, digest)
    )
    scope = f"{day}/{region}/s3/aws4_request"
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    words = f"AWS4-HMAC-SHA256\n{request.headers['x-amz-date']}\n{scope}\n{hashed}"
    key = f"AWS4{KEY}".encode()
    for part in (day, region, "s3", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.compare_digest(hmac.digest(key, words.encode(), "sha256").hex(), signature)


@contextmanager
def serving(folder: Path) -> Iterator[ObjectStore]:
    store = ObjectStore(folder)
    handler = type("Handler", (_Handler,), {"store": store})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    store.address = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield store
    finally:
        store.is_silent = False
        server.shutdown()
        server.server_close()
