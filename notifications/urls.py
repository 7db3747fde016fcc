from django.urls import path

from notifications.views import endpoints, inbox, preferences

app_name = "notifications"

urlpatterns = [
    path("inbox", inbox.inbox, name="inbox"),
    path("inbox/read", inbox.read_all, name="read_all"),
    path("inbox/<str:notice_id>", inbox.open_notice, name="open"),
    path("settings/notifications", preferences.preferences, name="preferences"),
    path("settings/endpoints", endpoints.endpoints, name="endpoints"),
    path("settings/endpoints/<str:endpoint_id>", endpoints.endpoint, name="endpoint"),
    path("settings/endpoints/<str:endpoint_id>/switch", endpoints.switch, name="switch"),
    path("settings/endpoints/<str:endpoint_id>/rotate", endpoints.rotate, name="rotate"),
    path("settings/endpoints/<str:endpoint_id>/ping", endpoints.ping, name="ping"),
    path("settings/endpoints/<str:endpoint_id>/remove", endpoints.remove, name="remove"),
    path("settings/deliveries/<str:delivery_id>", endpoints.delivery, name="delivery"),
    path("settings/deliveries/<str:delivery_id>/replay", endpoints.replay, name="replay"),
]
