"""Titles are tidied, and named the way a person would say them."""

import pytest

from workflows.text.base import Facts
from workflows.text.rules.lexicon import lexicon
from workflows.text.rules.reading import read
from workflows.text.rules.titles import clean_title

LEXICON = lexicon()


@pytest.mark.parametrize(
    ("title", "cleaned"),
    [
        ("BLUE HANGING STAR T-LIGHT HOLDER", "Blue hanging star T-light holder"),
        ("S/6 GREEN BEAKERS ", "Set of 6 green beakers"),
        ("SET OF4 LED LIGHTS", "Set of 4 LED lights"),
        ("PK/12 XMAS CRACKERS.", "Pack of 12 Christmas crackers"),
        ("TEA SET CERAMIC 9PC", "Tea set ceramic 9 piece"),
        ("REGENCY CAKESTAND 2 TIER", "Regency cake stand 2 tier"),
        ("Robin stoneware mugs, set of 4", "Robin stoneware mugs, set of 4"),
        ("iPhone case", "iPhone case"),
        ("  Two   spaces ", "Two spaces"),
    ],
)
def test_titles_are_cleaned(title, cleaned):
    assert clean_title(title, LEXICON) == cleaned


@pytest.mark.parametrize(
    ("title", "name", "kind"),
    [
        ("JUMBO BAG GREEN PAISLEY", "jumbo bag in green paisley", "carrier"),
        ("SET OF 3 CAKE TINS OWL DESIGN", "set of 3 cake tins with owl design", "food_tin"),
        ("LOAF OF WICKER SMALL", "loaf of wicker small", "generic"),
        ("HAND WARMER RED LOVE HEART", "hand warmer with red love heart", "hot_water_bottle"),
        ("COOK WITH JOY METAL SIGN", "“Cook with joy” metal sign", "sign"),
        ("CANDLE SNUFFER", "candle snuffer", "generic"),
        ("BOX OF VINTAGE MARBLES", "box of vintage marbles", "generic"),
        ("CHOCOLATE HOT WATER BOTTLE", "chocolate hot water bottle", "hot_water_bottle"),
        ("MUG COSY", "mug cosy", "generic"),
        ("PHOTO FRAME TRELLIS", "photo frame “Trellis”", "frame"),
        ("Black Armchairs", "black armchairs", "furniture"),
        ("Fenland beeswax candle", "Fenland beeswax candle", "candle"),
    ],
)
def test_titles_are_read(title, name, kind):
    reading = read(Facts("1", title, vendor="Fenland Wax Works"), LEXICON)
    assert (reading.name, reading.kind.name) == (name, kind)
