"""The API over HTTP, for clients that use a port rather than the process."""

from dataclasses import dataclass

from web.standin.http import asgi, slowness
from web.standin.http.api import Api, Call, Unanswered
from web.standin.http.asgi import Receive, Scope, Send


@dataclass(frozen=True)
class ApiApp:
    api: Api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        try:
            sent = await asgi.body(receive)
        except asgi.BodyTooLarge:
            await asgi.send(send, 413, b"", {})
            return
        verb = scope["method"]
        fields = scope["query_string"] if verb == "GET" else sent or scope["query_string"]
        call = Call(verb, scope["path"], fields.decode("utf-8", "replace"), asgi.headers(scope))
        try:
            reply = await slowness.answered(self.api, call)
        except Unanswered:
            return  # nothing is sent: the server cuts the connection
        await asgi.send(send, reply.status, reply.body.encode(), reply.headers)
