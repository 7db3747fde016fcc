"""What a template would do in this shop: a plan that belongs to no draft and runs nowhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from core.actors import Actor, SystemActor
from core.errors import DomainError, NotFound
from core.schema_fields import fields_of
from core.schema_widgets import Checks, Choice, Lines, Number, Products, Switch
from core.scope import require_tenant_id
from stores.models import Product, Variant
from stores.states import ProductStatus
from templates_catalog import queries
from templates_catalog.models import TemplateVersion
from templates_catalog.services.using import merged, missing_fields
from workflows.models import Plan
from workflows.services import make_plan
from workflows.types import registry

SAMPLER = SystemActor("template sample", grants=frozenset({"workflows.make_plan"}))
GOOD_FOR = timedelta(hours=24)
PRODUCTS, SMALL = 3, 2_000
WORDS = {
    "brand_voice": _l("Warm and plain, never loud"),
    "campaign_name": _l("A sample campaign"),
}


@dataclass(frozen=True, slots=True)
class Sample:
    """``made_up``: required inputs nobody gave, with the values chosen to show something."""

    plan: Plan | None
    made_up: Mapping[str, Any]
    why_not: str = ""


def show_sample(*, template_id: str, actor: Actor) -> Sample:
    """Today's sample of the version in force, made if there is none. Anybody who may see the
    template may see it: it reads the shop, and is forgotten like every old preview."""
    template = queries.template(template_id)
    if not actor.has_perm("templates.view_template", template):
        raise NotFound
    version = queries.version_in_force(template)
    made_up = made_up_inputs(version)
    found = present_sample(version)
    if found is not None:
        return Sample(found, made_up)
    try:
        plan = make_plan(
            tenant_id=require_tenant_id(),
            workflow_type_id=version.workflow_type_id,
            inputs=merged(version, made_up),
            draft_id=None,
            seed=version.pk,
            actor=SAMPLER,
        )
    except DomainError as refused:
        said = [str(text) for texts in refused.fields.values() for text in texts]
        return Sample(None, made_up, " ".join(said) or str(refused.detail))
    return Sample(plan, made_up)


def is_small() -> bool:
    """Whether a plan of the whole shop is a matter of a moment."""
    return Variant.objects.order_by()[: SMALL + 1].count() <= SMALL


def present_sample(version: TemplateVersion) -> Plan | None:
    return (
        Plan.objects.filter(draft=None, seed=version.pk, computed_at__gt=Now() - GOOD_FOR)
        .filter(workflows=None)
        .order_by("-computed_at")
        .first()
    )


def made_up_inputs(version: TemplateVersion) -> dict[str, Any]:
    kind = registry.find(version.workflow_type_id)
    if kind is None:
        return {}
    fields = {field.key: field for field in fields_of(kind.Inputs)}
    return {name: _made_up(name, fields[name]) for name in missing_fields(version, {})}


def _made_up(name: str, field: Any) -> Any:
    widget = field.own
    if isinstance(widget, Products):
        active = Product.objects.filter(status=ProductStatus.ACTIVE)
        return list(active.order_by("title", "id").values_list("pk", flat=True)[:PRODUCTS])
    if isinstance(widget, Lines):
        return [_usual_kind()] if name == "product_focus" else [_("sample")]
    if isinstance(widget, Switch):
        return True
    if isinstance(widget, Choice):
        first = widget.options[0].value
        return [first] if isinstance(widget, Checks) else first
    if isinstance(widget, Number):
        return max(1, int(field.schema.get("minimum") or 1))
    return str(WORDS.get(name, _("Sample")))


def _usual_kind() -> str:
    """What most products are, so that a sample finds some."""
    rows = (
        Product.objects.filter(status=ProductStatus.ACTIVE)
        .exclude(product_type="")
        .values_list("product_type")
        .annotate(n=Count("pk"))
        .order_by("-n", "product_type")
    )
    found = rows.first()
    return str(found[0]) if found else _("gift")
