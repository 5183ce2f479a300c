"""The names of WooCommerce's columns, which it translates into the language of its staff.

Known here by their English names. After the bar: German; French; Spanish; Italian; Dutch; Portuguese; Polish; Russian,
with a stroke between names of different versions.
"""

import re

from components.foundation.sheets import column_names

_KNOWN = """
ID = ties the product to later exports
Type = kind of product | typ; ; tipo; ; ; ; rodzaj; тип
SKU = SKU | artikelnummer; ugs; código; cod; ; ref; ; артикул
GTIN, UPC, EAN, or ISBN = barcode | gtin, upc, ean oder isbn; gtin, upc, ean ou isbn; gtin, upc, ean o isbn; ;
gtin, upc, ean of isbn; gtin, upc, ean, ou isbn; gtin, upc, ean lub isbn; gtin, upc, ean или isbn
Name = title | ; nom; nombre; nome; naam; ; nazwa; имя/название
Published = draft or active | veröffentlicht; publié; publicado; pubblicato; gepubliceerd; ; opublikowano; опубликован
Visibility in catalog = hidden products stay drafts | sichtbarkeit im katalog; visibilité dans le catalogue;
visibilidad en el catálogo; visibilità nel catalogo; zichtbaarheid in catalogus; visibilidade no catálogo;
widoczność w katalogu; видимость в каталоге
Short description = description | kurzbeschreibung; description courte; descripción corta; breve descrizione;
korte omschrijving/korte beschrijving; descrição curta/descrição breve; krótki opis; краткое описание/короткое описание
Description = description | beschreibung; ; descripción; descrizione; beschrijving; descrição; opis; описание
Date sale price starts = beginning of the sale | datum, an dem angebotspreis beginnt; date de début de promo;
día en que empieza el precio rebajado; data di partenza del prezzo in saldo; startdatum actieprijs;
data de preço promocional começa em/data de início do preço promocional; ; дата начала действия продажной цены
Date sale price ends = end of the sale | datum, an dem angebotspreis endet; date de fin de promo;
día en que termina el precio rebajado; termine data del prezzo di vendita; einddatum actieprijs;
data de preço promocional termina em/data de término do preço promocional; ; дата окончания действия продажной цены
Tax status = whether it is taxed | steuerstatus; état de la tva; estado del impuesto; stato delle imposte; btw status;
status do imposto/situação fiscal; ; статус налога
Tax class = tax category | steuerklasse; classe de tva/classe tva; clase de impuesto; aliquota di imposta;
belastingklasse; classe de imposto; ; налоговый класс
In stock? = whether it is in stock | vorrätig?; en stock ?/en stock?; ¿existencias?/¿en inventario?; ; op voorraad?;
em estoque?/em stock?; w magazynie?; в наличии?
Stock = stock | bestand/lager; ; inventario; magazzino; voorraad; estoque; stan magazynowy; запасы
Backorders allowed? = whether it sells when out of stock |
rückstand erlaubt?/rückstände erlaubt?/lieferrückstand erlaubt?/lieferrückstände erlaubt?/lieferrückstande erlaubt?;
autoriser les commandes de produits en rupture ?; ¿permitir reservas de productos agotados?;
abilita gli ordini arretrati?; nabestellingen toestaan?; são permitidas encomendas?; ;
возможен ли предзаказ?/задержанный заказ возможен?
Sale price = sale price | angebotspreis; tarif promo; precio rebajado; prezzo in offerta; actieprijs;
preço promocional; cena promocyjna; цена распродажи
Regular price = price | regulärer preis; tarif régulier; precio normal; prezzo di listino; reguliere prijs; preço;
cena; базовая цена
Categories = collections | kategorien; catégories; categorías; categorie; categorieën; categorias; kategorie; категории
Tags = tags | schlagwörter; étiquettes; etiquetas; etichette/tag; ; ; tagi; метки
Images = pictures | bilder; ; imágenes; immagine/immagini; afbeeldingen; imagens; obrazki; изображения
Parent = product of a variation | übergeordnetes produkt/eltern; ; superior; genitore; hoofd; ascendente; ; родительский
Grouped products = members of a group | gruppierte produkte; groupes de produits; productos agrupados;
prodotti raggruppati; gegroepeerde producten; ; ; сгруппированные товары
Brands = brand | marken; marques; marcas; marchi; merken; marcas; marki; бренды
"""
_WEIGHT = re.compile(r"(?:weight|gewicht|poids|peso|waga|вес) \((kg|g|lbs|oz)\)")
_ATTRIBUTES = {
    "name": r"attribute? (\d+) name|nom de l.attribut (\d+)|nombre del atributo (\d+)|attributo (\d+) nome"
    r"|naam eigenschap (\d+)|nome do atributo (\d+)|nazwa atrybutu (\d+)|имя атрибута (\d+)|attribut (\d+) name",
    "value(s)": r"attribute? (\d+) value\(s\)|valeur\(s\) de l.attribut (\d+)|valor\(es\) del atributo (\d+)"
    r"|attributo (\d+) val[a-z]*\([a-z]\)|waarde\S* eigenschap (\d+)|valor\S* do atributo (\d+)"
    r"|wartość\S* atrybutu (\d+)|wartości atrybutu (\d+)|значение\(-я\) атт?рибута\(-ов\) (\d+)|attribut (\d+) wert\S*",
}
_PATTERNS = {kind: re.compile(pattern) for kind, pattern in _ATTRIBUTES.items()}
_ATTRIBUTE = re.compile(r"Attribute (\d+) (name|value\(s\))")


def _read() -> tuple[dict[str, str], dict[str, str]]:
    meanings: dict[str, str] = {}
    aliases: dict[str, str] = {}
    for line in re.sub(r"([;|])\n", r"\1 ", _KNOWN.strip()).splitlines():
        name, _, rest = line.partition(" = ")
        meaning, _, others = rest.partition(" |")
        meanings[name] = meaning
        for alias in (name, *re.split(r"[;/]", others)):
            if alias.strip():
                aliases.setdefault(column_names.plain(alias), name)
    return meanings, aliases


MEANINGS, _ALIASES = _read()


def find(name: str) -> str | None:
    written = column_names.plain(name)
    if weight := _WEIGHT.fullmatch(written):
        return f"Weight ({weight[1]})"
    for kind, pattern in _PATTERNS.items():
        if found := pattern.fullmatch(written):
            return f"Attribute {next(filter(None, found.groups()))} {kind}"
    return _ALIASES.get(written)


def meaning(known: str) -> str:
    if _ATTRIBUTE.fullmatch(known):
        return "options and their values"
    return "weight" if known.startswith("Weight (") else MEANINGS.get(known, "")
