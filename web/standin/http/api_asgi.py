"""The API over HTTP, for clients that use a port rather than the process."""

from dataclasses import dataclass

from web.standin.http import asgi, multipart_form, slowness
from web.standin.http.api import Api, Call, Unanswered
from web.standin.http.asgi import Receive, Scope, Send
from web.standin.refusals import StripeRefusal


@dataclass(frozen=True)
class ApiApp:
    api: Api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        headers = asgi.headers(scope)
        kind = headers.get("content-type", "")
        has_file = kind.startswith(multipart_form.KIND)
        try:
            sent = await asgi.body(receive, most=multipart_form.LARGEST if has_file else asgi.LARGEST_BODY)
            if has_file:
                sent = multipart_form.as_fields(sent, kind).encode()
        except asgi.BodyTooLarge:
            await asgi.send(send, 413, b"", {})
            return
        except StripeRefusal as refusal:
            await asgi.send(send, refusal.status, str(refusal).encode(), {"content-type": "text/plain"})
            return
        verb = scope["method"]
        fields = scope["query_string"] if verb == "GET" else sent or scope["query_string"]
        call = Call(verb, scope["path"], fields.decode("utf-8", "replace"), headers)
        try:
            reply = await slowness.answered(self.api, call)
        except Unanswered:
            return  # nothing is sent: the server cuts the connection
        await asgi.send(send, reply.status, reply.body.encode(), reply.headers)
