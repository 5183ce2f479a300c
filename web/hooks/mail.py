from typing import Any

from litestar import Controller, Request, Response, post
from litestar.params import FromPath

from components.consents import bounce_hook
from components.consents.bounce_hook import BadReport, TooLarge
from web.guards import machine


class MailHookController(Controller):
    """Bounces and complaints, from the mail provider. Told twice they change nothing."""

    path = bounce_hook.PATH
    guards = [machine]

    @post("/{token:str}", request_max_body_size=bounce_hook.LARGEST)
    async def create(self, request: Request[Any, Any, Any], token: FromPath[str]) -> Response[str]:
        try:
            await bounce_hook.receive(token, await request.body())
        except (BadReport, TooLarge) as refusal:
            return Response(str(refusal), status_code=refusal.status, media_type="text/plain")
        return Response("noted", status_code=200, media_type="text/plain")
