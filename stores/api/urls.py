from django.urls import path

from stores.api import views

app_name = "stores_api"
ONE = "store/imports/<str:run_id>"

urlpatterns = [
    path("store/imports", views.imports, name="imports"),
    path(ONE, views.import_run, name="import"),
    path(f"{ONE}/confirm", views.confirm, name="confirm"),
    path(f"{ONE}/discard", views.discard, name="discard"),
    path(f"{ONE}/refusals", views.refused_rows, name="refusals"),
    path("store/products", views.products, name="products"),
    path("store/products/<str:product_id>", views.product, name="product"),
]
