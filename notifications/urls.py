from django.urls import path

from notifications.views import inbox as views

app_name = "notifications"

urlpatterns = [
    path("inbox", views.inbox, name="inbox"),
    path("inbox/read", views.read_all, name="read_all"),
    path("inbox/<str:notice_id>", views.open_notice, name="open"),
]
