"""Every door: portal, API, sign-in, admin. URL paths do not follow the floors of the tower."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from codex import health, metrics, views
from councils.views.guests import guest_review
from tenants import views as tenants_views

# The portal's own sign-in stands before the admin, with its rate limits and second factors.
admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # as allauth says
admin.site.site_header = "Codex"
admin.site.site_title = "Codex staff"
admin.site.index_title = "Platform"

urlpatterns = [
    path("", RedirectView.as_view(url="/portal/"), name="root"),
    path("accounts/", include("allauth.urls")),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("admin/", admin.site.urls),
    path("api/schema", SpectacularAPIView.as_view(), name="api_schema"),
    path("api/docs", SpectacularSwaggerSplitView.as_view(url_name="api_schema"), name="api_docs"),
    path("api/", include("tenants.api.urls")),
    path("api/", include("stores.api.urls")),
    path("api/", include("notifications.api.urls")),
    path("api/", include("workflows.api.urls")),
    path("api/", include("drafts.api.urls")),
    path("api/", include("templates_catalog.api.urls")),
    path("api/", include("councils.api.urls")),
    path("api/", include("proposals.api.urls")),
    path("api/", include("codex.insights.api_urls")),
    path("api/", include("codex.trail.api_urls")),
    path("accounts/invited/<str:secret>", tenants_views.invited, name="invited"),
    path("guest/<str:token>", guest_review, name="guest_review"),
    path("portal/", include("tenants.urls")),
    path("portal/", include("stores.urls")),
    path("portal/", include("notifications.urls")),
    path("portal/", include("workflows.urls")),
    path("portal/", include("drafts.urls")),
    path("portal/", include("templates_catalog.urls")),
    path("portal/", include("councils.urls")),
    path("portal/", include("proposals.urls")),
    path("portal/", include("codex.insights.urls")),
    path("portal/", include("codex.trail.urls")),
    path("portal/", views.home, name="home"),
    path("portal/switch", views.switch, name="switch_tenant"),
    path("portal/search", views.find, name="search"),
    path("offline", views.offline, name="offline"),
    path("ui/", views.show_gallery, name="gallery"),
    path("ui/products", views.gallery_products, name="gallery_products"),
]

handler400 = "codex.views.bad_request"
handler403 = "codex.views.forbidden"
handler404 = "codex.views.not_found"
handler500 = "codex.views.server_error"
