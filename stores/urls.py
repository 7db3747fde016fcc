from django.urls import path

from stores.views import imports, shop

app_name = "stores"
ONE = "store/imports/<str:run_id>"

urlpatterns = [
    path("store", shop.store, name="store"),
    path("store/products", shop.products, name="products"),
    path("store/products/choices", shop.choices, name="choices"),
    path("store/products/<str:product_id>", shop.product, name="product"),
    path("store/imports", imports.imports, name="imports"),
    path(ONE, imports.run, name="import"),
    path(f"{ONE}/look", imports.look, name="look"),
    path(f"{ONE}/confirm", imports.confirm, name="confirm"),
    path(f"{ONE}/discard", imports.discard, name="discard"),
    path(f"{ONE}/refusals.csv", imports.refusals, name="refusals"),
]
