from django.urls import path

from codex.insights import views

urlpatterns = [
    path("insights", views.insights, name="insights"),
    path("insights/figures.csv", views.figures_csv, name="insights_csv"),
    path("insights/<str:measure>/rows.csv", views.rows_csv, name="insights_rows_csv"),
    path("insights/<str:measure>", views.rows, name="insights_rows"),
]
