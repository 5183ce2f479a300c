"""Where a parcel can be followed: the public tracking address of carriers that are known by name. Pure.

The carrier is what staff typed; who is not in the list has no address, and the number stays plain text.
"""

import re

TRACKING_ADDRESSES: tuple[tuple[str, str, str], ...] = (
    ("australia post", "", "https://auspost.com.au/mypost/track/#/details/{number}"),
    ("an post", "", "https://track.anpost.ie/TrackingResults.aspx?rtt=1&items={number}"),
    ("bpost", "", "https://track.bpost.be/btr/web/#/search?itemCode={number}"),
    ("canada post", "", "https://www.canadapost-postescanada.ca/track-reperage/en#/resultList?searchFor={number}"),
    ("colissimo", "", "https://www.laposte.fr/outils/suivre-vos-envois?code={number}"),
    ("la poste", "", "https://www.laposte.fr/outils/suivre-vos-envois?code={number}"),
    ("deutsche post", "", "https://www.deutschepost.de/de/s/sendungsverfolgung.html?piececode={number}"),
    ("dhl", "", "https://www.dhl.com/global-en/home/tracking.html?submit=1&tracking-id={number}"),
    ("dhl", "DE", "https://www.dhl.de/de/privatkunden/pakete-empfangen/verfolgen.html?piececode={number}"),
    ("dhl paket", "", "https://www.dhl.de/de/privatkunden/pakete-empfangen/verfolgen.html?piececode={number}"),
    ("dhl express", "DE", "https://www.dhl.com/global-en/home/tracking.html?submit=1&tracking-id={number}"),
    ("dpd", "", "https://tracking.dpd.de/parcelstatus?query={number}"),
    ("dpd", "GB", "https://www.dpd.co.uk/apps/tracking/?reference={number}"),
    ("evri", "", "https://www.evri.com/track/parcel/{number}"),
    ("fedex", "", "https://www.fedex.com/fedextrack/?trknbr={number}"),
    ("gls", "", "https://gls-group.com/track/{number}"),
    ("hermes", "", "https://www.myhermes.de/empfangen/sendungsverfolgung/sendungsinformation/#{number}"),
    ("österreichische post", "", "https://www.post.at/sv/sendungsdetails?snr={number}"),
    ("austrian post", "", "https://www.post.at/sv/sendungsdetails?snr={number}"),
    ("post", "AT", "https://www.post.at/sv/sendungsdetails?snr={number}"),
    ("parcelforce", "", "https://www.parcelforce.com/track-trace?trackNumber={number}"),
    ("royal mail", "", "https://www.royalmail.com/track-your-item#/tracking-results/{number}"),
    ("swiss post", "", "https://service.post.ch/ekp-web/ui/entry/search/{number}"),
    ("schweizerische post", "", "https://service.post.ch/ekp-web/ui/entry/search/{number}"),
    ("post", "CH", "https://service.post.ch/ekp-web/ui/entry/search/{number}"),
    ("ups", "", "https://www.ups.com/track?tracknum={number}"),
    ("usps", "", "https://tools.usps.com/go/TrackConfirmAction?tLabels={number}"),
)
"""The beginning of the carrier's name in small letters, the shop's country where it decides, and the address."""
_NUMBER = re.compile(r"[A-Za-z0-9-]{4,40}")


def tracking_address(carrier: str, number: str, *, country: str) -> str:
    """Empty where the carrier is not known, or what was typed is no number. `country` is the shop's."""
    said, typed = " ".join(carrier.casefold().split()), "".join(number.split())
    if not _NUMBER.fullmatch(typed):
        return ""
    fitting = [
        (len(name), where, address)
        for name, where, address in TRACKING_ADDRESSES
        if f"{said} ".startswith(f"{name} ") and where in ("", country)
    ]
    return max(fitting)[2].replace("{number}", typed) if fitting else ""
