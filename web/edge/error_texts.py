"""What each status says when nothing better is known, and its page."""

WORDS = {
    400: "We couldn’t understand that request.",
    401: "Please sign in to continue.",
    403: "You don’t have permission to do this.",
    404: "We couldn’t find this page. It may have moved, or the address may be mistyped.",
    405: "This address can’t be used that way.",
    409: "Someone else changed this at the same time. Please check it and try again.",
    413: "That’s more than we can accept in one go.",
    422: "Something you sent can’t be used.",
    429: "You’ve tried that too many times. Please wait a moment.",
    500: "The problem is on our side and has been logged. If you were paying, please look at your orders or your "
    "membership before you try again.",
    503: "The shop is busy at the moment. Please try again shortly.",
}
PAGES = {401, 403, 404, 409, 413, 422, 429, 500, 503}


def template_of(status: int) -> str:
    return f"errors/{status if status in PAGES else 500 if status >= 500 else 422}.html"


def brief_page(words: str) -> bytes:
    """A page without a layout, which costs nothing to make."""
    return BRIEF.format(words=words).encode()


BRIEF = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>That didn’t work</title></head>
<body><main><h1>That didn’t work</h1><p>{words}</p><p><a href="/">Home</a></p></main></body>
</html>
"""
