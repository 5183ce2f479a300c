"""What is shown in place of a product's picture: a bag in the shop's own shades, as an SVG."""

from components.brand import palette, style_sheet
from components.foundation.shop_settings.shop_settings import ShopSettings

WIDTH, HEIGHT = 800, 1000
_DRAWN = """<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">
<rect width="{width}" height="{height}" fill="{ground}"/>
<g fill="none" stroke="{line}" stroke-width="14" stroke-linecap="round" stroke-linejoin="round">
<path d="M270 410h260l30 270q3 30-27 30H267q-30 0-27-30z"/>
<path d="M325 460v-60c0-50 30-85 75-85s75 35 75 85v60"/>
</g>
</svg>
"""


def written(settings: ShopSettings) -> str:
    theme = palette.derived(style_sheet.chosen(settings)).light
    return _DRAWN.format(width=WIDTH, height=HEIGHT, ground=theme["ground"], line=theme["line-control"])
