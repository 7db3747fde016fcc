from django.urls import path

from codex.insights import api

app_name = "insights_api"

urlpatterns = [
    path("insights", api.insights, name="insights"),
    path("insights/<str:measure>", api.rows, name="rows"),
]
