from django.urls import path

from templates_catalog.views import catalog, council, library, running, writing

app_name = "templates_catalog"
LIST = "workflows/templates"
ONE = f"{LIST}/<str:template_id>"

urlpatterns = [
    path(LIST, catalog.catalog, name="catalog"),
    path(f"{LIST}/new", writing.new, name="new"),
    path(f"{LIST}/standing", council.standing, name="standing"),
    path(f"{LIST}/switches", council.switches, name="switches"),
    path(f"{LIST}/library", library.library, name="library"),
    path(f"{LIST}/library/import", library.import_file, name="import"),
    path(ONE, catalog.template, name="template"),
    path(f"{ONE}/sample", catalog.sample, name="sample"),
    path(f"{ONE}/use", running.use, name="use"),
    path(f"{ONE}/instant", running.instant, name="instant"),
    path(f"{ONE}/instant/<str:draft_id>", running.ready, name="ready"),
    path(f"{ONE}/instant/<str:draft_id>/confirm", running.confirm, name="confirm"),
    path(f"{ONE}/pre-approve", council.pre_approve, name="pre_approve"),
    path(f"{ONE}/revoke", council.revoke, name="revoke"),
    path(f"{ONE}/clear", council.clear, name="clear"),
    path(f"{ONE}/blocks/<str:block_id>/lift", council.lift, name="lift"),
    path(f"{ONE}/install", library.install, name="install"),
    path(f"{ONE}/offer", library.offer, name="offer"),
    path(f"{ONE}/withdraw-offer", library.withdraw_offer, name="withdraw_offer"),
    path(f"{ONE}/update", library.update, name="update"),
    path(f"{ONE}/export", library.export, name="export"),
    path(f"{ONE}/edit", writing.edit, name="edit"),
    path(f"{ONE}/retire", writing.retire, name="retire"),
]
