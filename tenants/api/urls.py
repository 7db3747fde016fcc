from django.urls import path

from tenants.api import views

app_name = "tenants_api"

urlpatterns = [path("me", views.me, name="me")]
