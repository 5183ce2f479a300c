"""Programs that read pages and are nobody, by words that are in what they call themselves.

Written by hand from what crawlers, checks and libraries say of themselves, last looked over on 30 November 2026. A
program that says it is a browser is counted as one: nothing here looks at how it behaves.
"""

import re

WORDS = (
    "bot", "crawl", "spider", "slurp", "scrap", "fetch", "archive", "preview", "monitor", "uptime", "pingdom", "probe",
    "checker", "validator", "scan", "lighthouse", "pagespeed", "headless", "phantomjs", "puppeteer", "playwright",
    "selenium", "curl", "wget", "libwww", "python", "aiohttp", "httpx", "urllib", "java/", "okhttp", "go-http",
    "guzzle", "node-fetch", "axios", "ruby", "perl", "php/", "wordpress", "facebookexternalhit", "whatsapp", "telegram",
    "skypeuri", "embedly", "quora link", "mediapartners", "feed", "rss", "gpt", "claude", "perplexity", "bytespider",
    "ccbot", "dataprovider", "nutch", "heritrix", "mastodon", "synthetics", "statuscake", "site24x7", "google-",
    "bingpreview", "yandex.com/", "duckassist", "applebot", "amazonbot", "petalsearch",
)  # fmt: skip
_ROBOTS = re.compile("|".join(map(re.escape, WORDS)), re.IGNORECASE)
LONGEST = 400


def is_robot(user_agent: bytes) -> bool:
    """Whoever says nothing of itself is one too: every browser does."""
    return not user_agent or _ROBOTS.search(user_agent[:LONGEST].decode("latin-1")) is not None
