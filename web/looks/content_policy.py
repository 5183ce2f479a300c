"""What a page may load: the browser refuses everything else. Frames with e-mails bring a style of their own."""

import base64
import hashlib
import re

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors {ancestors}; "
    "form-action 'self' https://checkout.stripe.com https://invoice.stripe.com https://billing.stripe.com"
)
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def style_digests(html: str) -> str:
    """As a policy names the styles within this HTML."""
    return " ".join(f"'sha256-{_digest(style)}'" for style in _STYLE.findall(html))


def around(frame: str) -> str:
    """For a page with a frame of this HTML inside it: a frame without an address of its own has its page's policy."""
    return CSP.format(ancestors="'none'").replace(
        "style-src 'self'", f"style-src 'self' {style_digests(frame)}".strip()
    )


def _digest(style: str) -> str:
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
