"""The pages by address, under `/offline-payments`."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl

from web.standin.http import asgi, hosts
from web.standin.http.asgi import Receive, Scope, Send
from web.standin.pages import banks, control, foreign, hosted_invoice, pay, portal, rendering
from web.standin.pages.rendering import HtmlPage
from web.standin.refusals import StripeRefusal
from web.standin.state.engine import StandInEngine

Form = dict[str, str]
Answer = Callable[[StandInEngine, list[str], Form], HtmlPage]

ROUTES: dict[tuple[str, str], Answer] = {
    ("GET", "pay/{}"): pay.show,
    ("POST", "pay/{}"): pay.submit,
    ("GET", "pay/{}/challenge"): pay.show_challenge,
    ("POST", "pay/{}/challenge"): pay.answer_challenge,
    ("GET", "invoice/{}/{}"): hosted_invoice.show,
    ("POST", "invoice/{}/{}"): hosted_invoice.submit,
    ("GET", "invoice/{}/{}/challenge"): hosted_invoice.show_challenge,
    ("POST", "invoice/{}/{}/challenge"): hosted_invoice.answer_challenge,
    ("GET", "portal/{}"): portal.show,
    ("POST", "portal/{}/card"): portal.change_card,
    ("POST", "portal/{}/cancellation"): portal.cancel,
    ("POST", "portal/{}/continuation"): portal.carry_on,
    ("GET", "control"): control.show,
    ("POST", "control/clock"): control.move_clock,
    ("POST", "control/fault"): control.order_fault,
    ("POST", "control/retries"): control.choose_retries,
    ("POST", "control/foreign"): foreign.submit,
    ("POST", "control/dispute"): banks.open_dispute,
    ("POST", "control/verdict"): banks.decide_dispute,
    ("POST", "control/fraud-warning"): banks.warn_of_fraud,
}


@dataclass(frozen=True)
class PagesApp:
    engine: StandInEngine

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        path = str(scope["path"]).removeprefix(hosts.MOUNT).strip("/")
        if path == rendering.stylesheet_name():
            await _send_stylesheet(send)
            return
        headers = asgi.headers(scope)
        if not _is_welcome(scope, headers):
            await asgi.send(send, 403, b"Offline payments answer at home only.", {"content-type": "text/plain"})
            return
        try:
            form = await _form(receive) if scope["method"] == "POST" else _query(scope)
        except asgi.BodyTooLarge:
            await asgi.send(send, 413, b"", {})
            return
        await _send_page(send, self._answer(scope["method"], path, form))

    def _answer(self, verb: str, path: str, form: Form) -> HtmlPage:
        verb = "GET" if verb == "HEAD" else verb
        for (known_verb, template), answer in ROUTES.items():
            ids = _ids(template, path)
            if known_verb == verb and ids is not None:
                try:
                    return answer(self.engine, ids, form)
                except StripeRefusal as refusal:
                    return rendering.missing() if refusal.status == 404 else _refused(refusal)
        return rendering.missing()


def _refused(refusal: StripeRefusal) -> HtmlPage:
    return rendering.page("refused.html", status=422, words=str(refusal))


def _ids(template: str, path: str) -> list[str] | None:
    wanted, parts = template.split("/"), path.split("/")
    if len(wanted) != len(parts) or not all(want in ("{}", part) for want, part in zip(wanted, parts, strict=True)):
        return None
    return [part for want, part in zip(wanted, parts, strict=True) if want == "{}"]


def _is_welcome(scope: Scope, headers: dict[str, str]) -> bool:
    """From this network, and for changes not requested by another site."""
    host = headers.get("host", "localhost").rsplit("@")[-1]
    name = host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]
    is_own_form = headers.get("sec-fetch-site", "none") in ("none", "same-origin")
    return hosts.is_at_home(name) and (scope["method"] in ("GET", "HEAD") or is_own_form)


async def _form(receive: Receive) -> Form:
    sent = await asgi.body(receive)
    return dict(parse_qsl(sent.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=50))


def _query(scope: Scope) -> Form:
    return dict(parse_qsl(scope["query_string"].decode("latin-1"), max_num_fields=50))


async def _send_page(send: Send, page: HtmlPage) -> None:
    if page.location is not None:
        await asgi.send(send, page.status, b"", {"location": page.location, "cache-control": "no-store"})
        return
    headers = {"content-type": "text/html; charset=utf-8", "cache-control": "no-store"}
    await asgi.send(send, page.status, page.html.encode(), headers)


async def _send_stylesheet(send: Send) -> None:
    headers = {"content-type": "text/css; charset=utf-8", "cache-control": "public, max-age=31536000, immutable"}
    await asgi.send(send, 200, rendering.stylesheet(), headers)
