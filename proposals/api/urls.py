from django.urls import path

from proposals.api import views

app_name = "proposals_api"
ONE = "proposals/<str:proposal_id>"

urlpatterns = [
    path("proposals", views.proposals, name="proposals"),
    path(ONE, views.proposal, name="proposal"),
    path(f"{ONE}/accept", views.accept, name="accept"),
    path(f"{ONE}/dismiss", views.dismiss, name="dismiss"),
    path(f"{ONE}/snooze", views.snooze, name="snooze"),
    path(f"{ONE}/restore", views.restore, name="restore"),
]
