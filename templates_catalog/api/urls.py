from django.urls import path

from templates_catalog.api import history, library, views

app_name = "templates_api"
ONE = "templates/<str:template_id>"

urlpatterns = [
    path("templates", views.templates, name="templates"),
    path("templates/save-as", views.save_as, name="save_as"),
    path("templates/standing", history.standing, name="standing"),
    path("templates/switches", history.switches, name="switches"),
    path("templates/speed", history.speed, name="speed"),
    path("templates/library", library.library, name="library"),
    path("templates/import", library.import_file, name="import"),
    path(ONE, views.template, name="template"),
    path(f"{ONE}/use", views.use, name="use"),
    path(f"{ONE}/sample", views.sample, name="sample"),
    path(f"{ONE}/instant-run", views.instant_run, name="instant_run"),
    path(f"{ONE}/instant-run/<str:draft_id>/confirm", views.confirm, name="confirm"),
    path(f"{ONE}/pre-approve", views.pre_approve, name="pre_approve"),
    path(f"{ONE}/revoke", views.revoke, name="revoke"),
    path(f"{ONE}/clear", views.clear, name="clear"),
    path(f"{ONE}/retire", views.retire, name="retire"),
    path(f"{ONE}/install", library.install, name="install"),
    path(f"{ONE}/offer", library.offer, name="offer"),
    path(f"{ONE}/withdraw-offer", library.withdraw_offer, name="withdraw_offer"),
    path(f"{ONE}/update", library.update, name="update"),
    path(f"{ONE}/export", library.export, name="export"),
    path(f"{ONE}/versions", history.versions, name="versions"),
    path(f"{ONE}/versions/<int:number>", history.version, name="version"),
    path(f"{ONE}/blocks/<str:block_id>/lift", history.lift, name="lift"),
]
