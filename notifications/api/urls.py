from django.urls import path

from notifications.api import endpoints, views

app_name = "notifications_api"

urlpatterns = [
    path("notifications", views.notices, name="notices"),
    path("notifications/preferences", views.preferences, name="preferences"),
    path("notifications/read", views.read_all, name="read_all"),
    path("notifications/<str:notice_id>/read", views.read, name="read"),
    path("endpoints", endpoints.endpoints, name="endpoints"),
    path("endpoints/<str:endpoint_id>", endpoints.endpoint, name="endpoint"),
    path("endpoints/<str:endpoint_id>/rotate-secret", endpoints.rotate, name="rotate"),
    path("endpoints/<str:endpoint_id>/ping", endpoints.ping, name="ping"),
    path("endpoints/<str:endpoint_id>/deliveries", endpoints.deliveries, name="deliveries"),
    path("deliveries/<str:delivery_id>/replay", endpoints.replay, name="replay"),
]
