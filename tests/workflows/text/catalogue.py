"""Twenty products as shops have them: shouting, abbreviated, sparse, rich, thin and hostile."""

from workflows.text.base import Facts

CATALOGUE = (
    Facts("p01", "RED ENAMEL HANGING STAR LANTERN"),
    Facts("p02", "SET/6 BLUE GINGHAM NAPKINS PAPER", tags=("picnic",), band="low"),
    Facts("p03", "S/4 PANTRY SPICE TINS CREAM"),
    Facts("p04", "LUNCH BAG FOXES DESIGN "),
    Facts("p05", "CAKESTAND 3 TIER ROSE PAISLEY"),
    Facts("p06", "MIND THE CAT METAL SIGN"),
    Facts(
        "p07",
        "Robin stoneware mugs, set of 4",
        product_type="Mugs",
        vendor="Tidewater Pottery",
        tags=("mug", "christmas", "stoneware"),
        text="<p>Dishwasher safe, boxed and ready to give.</p>",
    ),
    Facts(
        "p08",
        "Harbour beeswax candle",
        product_type="Candles",
        vendor="Harbour Wax Co",
        tags=("candle", "beeswax"),
        options=(("Size", ("Small", "Medium", "Large")),),
    ),
    Facts(
        "p09",
        "Merino bed socks, oatmeal",
        product_type="Socks",
        vendor="Northfold Mill",
        tags=("merino", "wool"),
        options=(("Size", ("S", "M", "L")),),
        band="middle",
    ),
    Facts(
        "p10",
        "Walnut cheese board, large",
        product_type="Kitchen",
        vendor="Alder & Sons",
        tags=("walnut", "kitchen"),
        band="high",
    ),
    Facts("p11", "Black Armchair", product_type="Indoor", tags=("Black", "Suede"), band="high"),
    Facts("p12", "Green Trowel", product_type="Outdoor", tags=("Green", "Plastic")),
    Facts(
        "p13", "Brown Pots", product_type="Outdoor", tags=("Brown",), text="<p>Brown clay pots</p>"
    ),
    Facts("p14", "PACK OF 12 PENCILS WOODLAND TALL TUBE"),
    Facts("p15", "HOT WATER BOTTLE TARTAN GREEN"),
    Facts(
        "p16",
        "Linen notebook, A5",
        product_type="Stationery",
        vendor="Quarto Press",
        tags=("linen", "notebook"),
        options=(("Colour", ("Rust", "Sage", "Navy")),),
        text="<p>Ninety-six plain pages, sewn so that they lie flat.</p>",
    ),
    Facts("p17", "DROP EARRINGS FLOWER PURPLE", band="low"),
    Facts("p18", "CHRISTMAS GARLAND FELT STARS 2M"),
    Facts(
        "p19",
        "Orange and clove candle tin",
        tags=("candle", "christmas", "stocking-filler"),
        text="<p>Orange peel and clove in a travel tin. Burns for 18 hours.</p>",
        product_type="Candles",
    ),
    Facts(
        "p20",
        "Round Table",
        product_type="Indoor",
        vendor="Home Row",
        tags=("Round", "Table", "Wood"),
        text="<p>Round wooden table</p>",
    ),
)

HOSTILE = (
    Facts("h1", '<script>alert(1)</script> mug "cheap" & cheerful'),
    Facts("h2", "مصباح طاولة أسود", tags=("black", "lamp", "table lamp"), product_type="Lamps"),
    Facts("h3", "🎄🎁 Christmas bauble ✨ red", tags=("red",)),
    Facts("h4", "mug " * 75, tags=("ceramic",)),
    Facts("h5", "\u202egnitsujda\u202c mug\u0000 blue", tags=("blue",)),
    Facts(
        "h6",
        "Candle",
        vendor="<img src=x onerror=alert(1)>",
        options=(("<b>Size</b>", ("</li></ul><script>", "L")),),
    ),
    Facts(
        "h7", "Tray", text="<p>Holds <script>alert(1)</script> four mugs &amp; a teapot easily.</p>"
    ),
)

NOTHING_TO_SAY = (
    Facts("n1", "???"),
    Facts("n2", "🎁"),
    Facts("n3", "POSTAGE"),
    Facts("n4", "Gift card"),
    Facts("n5", "CAPIZ CHANDELIER"),
    Facts(
        "n6", "Something whose title goes on and on without ever telling anybody what it might be"
    ),
)
