"""Owners give the shop its looks: tried on real pages, saved, on every page and e-mail at once, and brought back."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from components.brand import brand_changes, logos, ready_palettes
from components.brand.brand_changes import BrandRefused
from components.brand.icon_drawing import FAVICONS
from components.brand.tables import BrandImage
from components.foundation import audit, clock
from components.foundation.shop_settings import shop_settings
from components.messaging import mailbox
from tests.support import make_products, people
from tests.support.pages import Browser, Page
from tests.support.shops import Shop

LIST = "/staff/settings/brand"


def picture(kind: str = "PNG", size: tuple[int, int] = (600, 200), colour: str = "#1f4e79") -> bytes:
    kept = BytesIO()
    Image.new("RGBA" if kind != "JPEG" else "RGB", size, colour).save(kept, kind)
    return kept.getvalue()


async def _opened(shop: Shop) -> Browser:
    await people.owner()
    return await shop.signed_in("iris@kiln.test")


async def _send(
    browser: Browser, files: dict[str, tuple[str, bytes, str]] | None = None, *, to: str = "", **typed: str
) -> Page:
    clock.set_everywhere(clock.now() + timedelta(seconds=1))  # what is saved later is what holds
    form = (await browser.get(LIST)).form(LIST)
    data = {name: text for name, text in form.given.items() if not name.endswith("_file")} | typed | {"to": to}
    return Page(await browser.client.post(LIST, data=data, files=files or {"none": ("", b"", "text/plain")}))


def _sheet_of(page: Page) -> str:
    return re.findall(r'href="(/brand/[0-9a-f]{12}\.css)"', page.text)[0]


async def test_saved_looks_are_on_every_kind_of_page_and_in_e_mails_at_once(shop: Shop) -> None:
    iris, guest = await _opened(shop), shop.browser()
    await make_products.product()
    await shop.refresh()
    before = await guest.get("/products")
    saved = await _send(iris, brand_accent="#553a9c", brand_buttons="accent", brand_headings="figtree")
    assert saved.status == 200 and "Saved. The shop and its e-mails look like this from now on." in saved.alerts()
    for browser, path, status in (
        (guest, "/", 200), (guest, "/products", 200), (guest, "/basket", 200), (guest, "/sign-in", 200),
        (guest, "/no-such-page", 404), (iris, "/staff", 200), (iris, "/account", 200),
    ):  # fmt: skip
        page = await browser.get(path)
        assert page.status == status and _sheet_of(page) != _sheet_of(before), path
        sheet = await browser.client.get(_sheet_of(page))
        assert "--club:light-dark(#553a9c," in sheet.text, path
        assert sheet.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert sheet.headers["content-type"] == "text/css; charset=utf-8"
    old = await guest.client.get(_sheet_of(before))
    assert "#553a9c" in old.text and old.headers["cache-control"] == "no-cache", "an old address gets what holds now"
    await iris.submit(await iris.get("/staff/settings/emails"), "/staff/settings/emails/test")
    (line,) = (await mailbox.email_page(to="iris@kiln.test", template="test_email", page=1)).emails
    html = (await iris.get(f"/staff/emails/{line.id}/sheet")).text
    assert ".act { background: #553a9c; color: #ffffff" in html
    (entry,) = await audit.entries(subject="shop settings")
    assert "brand_accent" in str(entry["after"])


async def test_every_link_to_a_file_of_its_looks_answers_and_each_icon_has_its_size(shop: Shop) -> None:
    iris, guest = await _opened(shop), shop.browser()
    await make_products.product()
    for icon in (b"", picture(size=(300, 300))):
        if icon:
            assert (await _send(iris, {"icon_file": ("i.png", icon, "image/png")})).status == 200
        page = await guest.get("/")
        links = re.findall(r'<link[^>]* href="([^"]+)"', page.text)
        social = re.findall(r'property="og:image" content="http://shop.test([^"]+)"', page.text)
        assert len(links) >= 7 and len(social) == 1
        for address in (*links, *social, "/favicon.ico", "/apple-touch-icon.png"):
            assert (await guest.client.get(address)).status_code == 200, address
        (stand_in,) = set(re.findall(r'src="(/brand/[0-9a-f]{12}\.svg)"', (await guest.get("/products")).text))
        assert "<svg" in (await guest.client.get(stand_in)).text
        manifest = (await guest.client.get("/site.webmanifest")).json()
        assert manifest["name"] == "Kiln" and {one["purpose"] for one in manifest["icons"]} == {"any", "maskable"}
        for one in manifest["icons"]:
            await _is_image(guest, one["src"], tuple(map(int, one["sizes"].split("x"))))
        await _is_image(guest, "/apple-touch-icon.png", (180, 180))
        await _is_image(guest, social[0], (1200, 630))
        ico = Image.open(BytesIO((await guest.client.get("/favicon.ico")).content))
        assert {(size, size) for size in FAVICONS} == ico.info["sizes"]
    assert (await guest.get("/brand/x/evil.png")).status == 404 and (await guest.get("/brand/none.css")).status == 404


async def _is_image(guest: Browser, address: str, size: tuple[int, ...]) -> None:
    sent = await guest.client.get(address)
    drawn = Image.open(BytesIO(sent.content))
    drawn.load()
    assert drawn.size == size, address


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
async def test_a_logo_is_shown_at_its_own_size_with_the_shops_name(shop: Shop, kind: str) -> None:
    iris, guest = await _opened(shop), shop.browser()
    saved = await _send(iris, {"logo_file": ("logo", picture(kind, (1600, 400)), "image/x")})
    assert saved.status == 200, saved.words
    page = await guest.get("/")
    (shown,) = re.findall(r'<img class="masthead__logo on-light"[^>]*>', page.text)
    assert 'alt="Kiln" width="800" height="200"' in shown
    (address,) = re.findall(r'src="([^"]+)"', shown)
    sent = await guest.client.get(address)
    assert sent.headers.get_list("cross-origin-resource-policy") == ["cross-origin"], "pages with mail show it too"
    await iris.submit(await iris.get("/staff/settings/emails"), "/staff/settings/emails/test")
    (line,) = (await mailbox.email_page(to="iris@kiln.test", template="test_email", page=1)).emails
    written = await iris.get(f"/staff/emails/{line.id}/sheet")
    png = f"http://shop.test{address.replace('.webp', '.png')}"
    assert f'src="{png}"' in written.text and 'alt="Kiln" width="220" height="55"' in written.text
    assert "img-src http://shop.test/brand/;" in written.headers["content-security-policy"]
    assert Image.open(BytesIO(sent.content)).format == "WEBP" and "immutable" in sent.headers["cache-control"]
    assert Image.open(BytesIO((await guest.client.get(address.replace(".webp", ".png"))).content)).size == (800, 200)
    removed = await _send(iris, drop_logo="on")
    assert removed.status == 200 and "masthead__logo on-light" not in (await guest.get("/")).text
    assert (await guest.client.get(address)).status_code == 200, "e-mails of before still show it"


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
BAD = {
    "an SVG": ("logo_file", SVG, "SVG files can’t be used"),
    "words": ("logo_file", b"hello", "choose a PNG, JPEG or WebP file"),
    "half a file": ("logo_file", picture()[:60], "choose a PNG, JPEG or WebP file"),
    "a GIF": ("logo_file", picture("GIF"), "choose a PNG, JPEG or WebP file"),
    "too many pixels": ("logo_file", picture("PNG", (6000, 6000)), "at most 5 MB and 25 million pixels"),
    "too many bytes": ("logo_file", b"x" * (logos.MOST_BYTES + 1), "at most 5 MB and 25 million pixels"),
    "nothing to see": ("logo_file", picture("PNG", colour="#00000000"), "all of it is transparent"),
    "a small icon": ("icon_file", picture(size=(64, 64)), "at least 128 pixels"),
    "a wide icon": ("icon_file", picture(size=(600, 200)), "about as wide as it is high"),
}


async def test_a_file_that_cannot_be_used_is_refused_in_words_and_nothing_typed_is_lost(shop: Shop) -> None:
    iris = await _opened(shop)
    for name, (field, sent, words) in BAD.items():
        page = await _send(iris, {field: ("file", sent, "image/png")}, brand_accent="#553a9c")
        assert page.status == 422 and words in page.words, name
        assert page.form(LIST).given["brand_accent"] == "#553a9c", name
    assert shop_settings.current().brand_logo == "" and await BrandImage.count() == 0
    page = await _send(iris, {"logo_file": ("l.png", picture(), "image/png")}, brand_accent="#ffd400")
    assert page.status == 422 and page.form(LIST).given["brand_logo"], "an uploaded logo survives another mistake"


async def test_a_colour_that_cannot_be_read_is_refused_with_its_ratio_and_the_nearest(shop: Shop) -> None:
    iris = await _opened(shop)
    for to in ("", "preview"):
        page = await _send(iris, brand_accent="#ffd400", to=to)
        assert page.status == 422 and re.search(r"a contrast of 1\.\d+ to 1, and needs 4.5 to 1", page.words)
        (nearest,) = set(re.findall(r"The nearest that passes is (#[0-9a-f]{6})", page.words))
    assert (await _send(iris, brand_accent=nearest)).status == 200
    for typed, words in (
        ({"brand_headings": "fraunces", "brand_text": "inter"}, "would load 85 kB"),
        ({"brand_accent": "red"}, "Enter a colour as six digits"),
        ({"brand_logo": f"{'0' * 32}-10x10"}, "not kept in the shop"),
        ({"brand_logo": "../../etc"}, "must be an image uploaded to this shop"),
        ({"brand_corners": "wavy"}, "Choose one of the options listed."),
    ):
        page = await _send(iris, **typed)
        assert page.status == 422 and words in page.words, typed


async def test_a_draft_is_seen_on_real_pages_by_its_owner_alone_until_it_is_saved(shop: Shop) -> None:
    iris, guest = await _opened(shop), shop.browser()
    kept = await guest.get("/")
    home = await _send(iris, to="preview", brand_accent="#553a9c")
    assert home.path == "/" and "A draft of your brand, which only you can see." in home.words
    assert home.headers["cache-control"] == "private, no-store"
    sheet = await iris.client.get(_sheet_of(home))
    assert "#553a9c" in sheet.text and _sheet_of(home) != _sheet_of(kept)
    for path in ("/products", "/account", "/basket"):
        assert _sheet_of(await iris.get(path)) == _sheet_of(home), path
    for path in ("/favicon.ico", "/products"):
        assert (await iris.client.get(path)).headers["cache-control"] == "private, no-store", path
    again = await guest.get("/")
    assert _sheet_of(again) == _sheet_of(kept) and "A draft" not in again.text
    guest.client.cookies.set("brand_draft", "shown")
    assert _sheet_of(await guest.get("/")) == _sheet_of(kept), "the cookie alone shows nothing"
    assert "This is your draft" in (await iris.get(LIST)).words
    back = await iris.post(f"{LIST}/draft/end")
    assert back.status == 200
    for path in ("/", "/products"):
        assert _sheet_of(await iris.get(path)) == _sheet_of(kept), "nothing of the draft was kept"
    assert (await _send(iris)).status == 200 and shop_settings.current().brand_accent == "#553a9c"
    assert "This is your draft" not in (await iris.get(LIST)).words
    await _send(iris, to="preview", brand_accent="#7a1f4b")
    gone = await iris.post(f"{LIST}/draft/removal")
    assert "Draft discarded. The shop looks as it did." in gone.alerts()
    assert shop_settings.current().brand_accent == "#553a9c"


async def test_a_palette_an_earlier_version_and_the_original_come_as_drafts(shop: Shop) -> None:
    iris = await _opened(shop)
    first = brand_changes.values()
    await _send(iris, brand_accent="#553a9c", brand_corners="square")
    page = await iris.post(f"{LIST}/palette", {"palette": "lagoon"})
    assert "Lagoon is in your draft." in page.words
    assert page.form(LIST).given["brand_accent"] == ready_palettes.PALETTES[4].chosen.accent
    assert shop_settings.current().brand_accent == "#553a9c", "nothing changed yet"
    version, *_ = await brand_changes.versions()
    assert version.values["brand_corners"] == "square" and set(version.changed) >= {"brand_accent", "brand_corners"}
    page = await iris.post(f"{LIST}/version", {"at": version.at.isoformat()})
    assert page.form(LIST).given["brand_accent"] == "#553a9c"
    page = await iris.post(f"{LIST}/version", {"at": "original"})
    assert (await _send(iris)).status == 200 and brand_changes.values() == brand_changes.original() != first
    assert (await iris.post(f"{LIST}/version", {"at": "yesterday"})).status == 404
    assert (await iris.post(f"{LIST}/palette", {"palette": "mud"})).status == 404


async def test_only_owners_change_the_looks(shop: Shop) -> None:
    await people.staff("sam@kiln.test", permissions=("settings", "content"))
    sam, guest = await shop.signed_in("sam@kiln.test"), shop.browser()
    before = shop_settings.current()
    for path in (LIST, "/staff/settings/announcement", f"{LIST}/preview"):
        assert (await sam.get(path)).status == 403, path
        assert (await guest.client.get(path, follow_redirects=False)).status_code == 303, path
    for path in (LIST, f"{LIST}/palette", f"{LIST}/version", f"{LIST}/draft/removal", "/staff/settings/announcement"):
        assert (await sam.post(path, {"palette": "lagoon", "brand_accent": "#553a9c"})).status == 403, path
        assert (await guest.post(path, {"palette": "lagoon"})).status == 401, path
    assert shop_settings.current() == before


async def test_an_announcement_is_on_the_shops_pages_for_as_long_as_it_says(shop: Shop) -> None:
    iris, guest = await _opened(shop), shop.browser()
    begins, path = clock.now() + timedelta(hours=1), "/staff/settings/announcement"
    typed = {
        "announcement_text": "Last day for Christmas & New Year",
        "announcement_link": "/collections",
        "announcement_from": begins.strftime("%Y-%m-%dT%H:%M"),
        "announcement_until": (begins + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M"),
    }
    assert (await iris.submit(await iris.get(path), path, **typed)).status == 200
    for minutes, is_shown in ((0, False), (59, False), (60, True), (119, True), (120, False)):
        clock.set_everywhere(begins + timedelta(minutes=minutes - 60))
        for address in ("/", "/products", "/products", "/basket"):
            page = await guest.get(address)
            assert ("Last day for Christmas & New Year" in page.words) == is_shown, (minutes, address)
            assert ('<a href="/collections">Last day' in page.text) == is_shown
        assert "Last day" not in (await guest.get("/sign-in")).words
        assert ("Last day" in (await iris.get("/staff")).words) is False
    for wrong, words in (
        ({"announcement_link": "javascript:alert(1)"}, "must begin with /"),
        ({"announcement_until": typed["announcement_from"]}, "The end must come after the beginning."),
        ({"announcement_text": "x" * 161}, "Use at most 160 characters."),
    ):
        page = await iris.post(path, typed | wrong)
        assert page.status == 422 and words in page.words, wrong
    gone = await iris.post(path, {})
    assert "Nothing is announced at the moment." in gone.words


async def test_a_new_shop_gets_its_name_colour_and_logo_at_once(shop: Shop) -> None:
    iris = await people.owner()
    await brand_changes.set_up(name="Northline", accent="#7a1f4b", logo=picture(size=(400, 400)), by=iris.id)
    known = shop_settings.current()
    assert (known.shop_name, known.brand_accent) == ("Northline", "#7a1f4b") and known.brand_logo and known.brand_icon
    with pytest.raises(BrandRefused, match="The nearest that passes is"):
        await brand_changes.set_up(name="Northline", accent="#ffd400", by=iris.id)
    with pytest.raises(logos.LogoRefused):
        await brand_changes.set_up(name="Other", accent="#7a1f4b", logo=SVG, by=iris.id)
    assert shop_settings.current() == known
