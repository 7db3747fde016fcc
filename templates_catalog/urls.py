from django.urls import path

from templates_catalog.views import catalog, council, running, writing

app_name = "templates_catalog"
LIST = "workflows/templates"
ONE = f"{LIST}/<str:template_id>"

urlpatterns = [
    path(LIST, catalog.catalog, name="catalog"),
    path(f"{LIST}/new", writing.new, name="new"),
    path(f"{LIST}/standing", council.standing, name="standing"),
    path(f"{LIST}/switches", council.switches, name="switches"),
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
    path(f"{ONE}/edit", writing.edit, name="edit"),
    path(f"{ONE}/retire", writing.retire, name="retire"),
]
