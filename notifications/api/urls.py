from django.urls import path

from notifications.api import views

app_name = "notifications_api"

urlpatterns = [
    path("notifications", views.notices, name="notices"),
    path("notifications/<str:notice_id>/read", views.read, name="read"),
]
