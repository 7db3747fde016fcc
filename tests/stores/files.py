"""Small files of our own making, one per kind; every row here was written for these tests."""

SHOPIFY_OLD = """Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,\
Variant SKU,Variant Grams,Variant Inventory Qty,Variant Price,Variant Compare At Price,Image Src,\
Image Position,Image Alt Text,SEO Title,SEO Description,Google Shopping / MPN,Cost per item,Status
oak-stool,Oak Stool,<p>Stands on three legs.</p>,Bench & Beam,Seating,"oak, stool",true,Colour,\
Natural,ST-1,4200.0,7,49.00,59.00,https://shop.example/stool-1.jpg,1,A stool,,,M1,21.50,active
oak-stool,,,,,,,,Black,ST-2,4200.0,3,52.00,,https://shop.example/stool-2.jpg,2,,,,,22.00,
oak-stool,,,,,,,,,,,,,,https://shop.example/stool-3.jpg,3,,,,,,
tin-mug,Tin Mug,,Bench & Beam,Kitchen,,true,Title,Default Title,MUG-1,120.0,40,9.50,9.50,\
https://shop.example/mug.jpg,1,,,,,,active
"""

SHOPIFY_NEW = """Title,URL handle,Description,Vendor,Product category,Type,Tags,\
Published on online store,Status,SKU,Option1 name,Option1 value,Price,Price / International,\
Compare-at price,Cost per item,Inventory quantity,Weight value (grams),Product image URL,\
Image position,Image alt text,SEO title,SEO description
Oak Stool,oak-stool,<p>Stands on three legs.</p>,Bench & Beam,Furniture > Stools,Seating,\
"oak, stool",TRUE,Active,ST-1,Colour,Natural,49.00,55.00,59.00,21.50,7,4200,\
https://shop.example/stool-1.jpg,1,A stool,,
,oak-stool,,,,,,,,ST-2,,Black,52.00,58.00,,22.00,3,4200,https://shop.example/stool-2.jpg,2,,,
Tin Mug,tin-mug,,Bench & Beam,,Kitchen,,FALSE,Active,MUG-1,Title,Default Title,9.50,,,,40,120,,,,,
"""

WOOCOMMERCE = (
    "\ufeff"
    + """ID,Type,SKU,"GTIN, UPC, EAN, or ISBN",Name,Published,Is featured?,\
Short description,Description,Date sale price starts,Date sale price ends,Tax status,Stock,\
Weight (kg),Sale price,Regular price,Categories,Tags,Images,Parent,Position,Attribute 1 name,\
Attribute 1 value(s),Meta: _custom
11,simple,LAMP,4006381333931,Desk Lamp,1,1,Bright.,<p>Bends.</p>,,,taxable,5,1.2,24.90,29.90,\
"Home > Lamps, Sale","desk, light","https://shop.example/lamp.jpg, https://shop.example/lamp2.jpg",\
,0,,,x
12,variable,SHIRT,,Linen Shirt,1,0,,,,,taxable,,,,,Clothes,,,,0,Size,"S, M",
13,variation,SHIRT-S,,Linen Shirt - S,1,0,,,,,taxable,2,0.2,,39.00,,,,SHIRT,1,Size,S,
14,variation,SHIRT-M,,Linen Shirt - M,1,0,,,,,taxable,4,0.2,,39.00,,,,id:12,2,Size,M,
15,simple,SOON,,Winter Cap,0,0,,,2099-01-01,2099-02-01,taxable,9,,5.00,12.00,Clothes,,,,0,,,
"""
)

SHOPIFY_ORDERS = """Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,\
Accepts Marketing,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,\
Shipping Method,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,\
Lineitem discount,Billing Name,Billing Phone,Shipping Name,Shipping Street,Shipping Zip,\
Shipping Country,Notes,Cancelled at,Refunded Amount,Vendor,Tags
#1001,Ada@Example.com,paid,2024-05-01 10:00:00 +0000,fulfilled,,no,GBP,110.50,4.00,0.00,114.50,\
SPRING,5.00,Post,2024-05-01 23:30:00 +0000,2,Oak Stool - Natural,49.00,ST-1,0.00,Ada Person,\
+44 1,Ada Person,1 Road,'E1 1AA,GB,call first,,0.00,Bench & Beam,vip
#1001,,,,,,,,,,,,,,,,1,Tin Mug,9.50,,0.00,,,,,,,,,,Bench & Beam,
#1002,bob@example.com,refunded,,,,no,GBP,9.50,0.00,0.00,9.50,,,,2024-05-02 08:00:00 +0100,1,\
Tin Mug,9.50,MUG-1,0.00,Bob Person,,,,,FR,,2024-05-03 08:00:00 +0100,9.50,,
"""

INVOICES = """InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
900001,A1,Paper Star,6,2011-11-01 08:26:00,2.55,17850.0,United Kingdom
900001,A1,Paper Star,6,2011-11-01 08:26:00,2.55,17850.0,United Kingdom
900001,B2,Glass Bird,2,2011-11-01 08:26:00,4.25,17850.0,United Kingdom
C900002,A1,Paper Star,-6,2011-11-02 09:00:00,2.55,17850,United Kingdom
900003,A1,paper star?,1,2011-11-03 09:00:00,2.95,,France
900004,B2,damaged,-3,2011-11-04 09:00:00,0.0,,United Kingdom
900005,POST,Postage,1,2011-11-05 09:00:00,18.00,12680.0,France
A900006,B,Adjust bad debt,1,2011-11-06 09:00:00,-20.00,,United Kingdom
900007,C3,Tin Sign,1,not a date,3.00,,United Kingdom
900008,D4,Wooden Box,1,2011-11-07 09:00:00,1.25
"""
