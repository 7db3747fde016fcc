from django.urls import path

from proposals import views

app_name = "proposals"
LIST = "workflows/proposals"
ONE = f"{LIST}/<str:proposal_id>"

urlpatterns = [
    path(LIST, views.dashboard, name="dashboard"),
    path(f"{LIST}/muted", views.muted, name="muted"),
    path(f"{LIST}/history", views.history, name="history"),
    path(f"{LIST}/record", views.record, name="record"),
    path(f"{LIST}/detectors", views.detectors, name="detectors"),
    path(f"{LIST}/detectors/<str:detector>", views.set_detector, name="set_detector"),
    path(ONE, views.detail, name="detail"),
    path(f"{ONE}/accept", views.accept, name="accept"),
    path(f"{ONE}/dismiss", views.dismiss, name="dismiss"),
    path(f"{ONE}/snooze", views.snooze, name="snooze"),
    path(f"{ONE}/restore", views.restore, name="restore"),
]
