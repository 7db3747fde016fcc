from django.urls import path

from notifications import views

app_name = "notifications"

urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("read", views.read_all, name="read_all"),
    path("<str:notice_id>", views.open_notice, name="open"),
]
