"""The library: offered by a shop, published by the platform, installed as a copy by others."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from core.ids import new_id
from core.lifecycle import record
from core.routing import on_database
from core.schema_fields import fields_of
from core.schema_widgets import Products
from core.scope import require_tenant_id, scope
from templates_catalog import queries
from templates_catalog.models import Template, TemplateVersion
from templates_catalog.services.content import VERSIONED, checked, kind_of, write_version
from templates_catalog.services.refusing import refusals_told
from templates_catalog.services.writing import held, keep_shared_template, put_listed
from templates_catalog.states import SYSTEM
from tenants.models import Tenant


@refusals_told("offer")
@transaction.atomic
def offer_template(*, template_id: str, actor: Actor) -> Template:
    """Offer the version in force to all shops; it stands in the library once staff publish it."""
    template = held(template_id, actor, perm="templates.offer_template")
    if not template.is_active or not template.is_verified:
        raise Conflict(_("Only a template that is in use and verified can be offered."))
    if template.offered_version != template.version:
        template.offered_at, template.offered_version = timezone.now(), template.version
        template.save()
        record("template.offered", template, actor=actor, data={"version": template.version})
    return queries.template(template_id)


@refusals_told("withdraw_offer")
@transaction.atomic
def withdraw_offer(*, template_id: str, actor: Actor) -> Template:
    """Offer it no more; what is published already stays with those who have it."""
    template = held(template_id, actor, perm="templates.offer_template")
    if template.offered_at is None:
        raise Conflict(_("It is not offered."))
    template.offered_at = template.offered_version = None
    template.save()
    record("template.offer_withdrawn", template, actor=actor)
    return queries.template(template_id)


def publish_offered(*, tenant_id: str, template_id: str, actor: Actor) -> Template:
    """Staff put an offered version into the library, or the newer one over the older. The shop's
    own product ids stay behind; nothing in the entry says whose it was."""
    if not actor.has_perm("templates.publish_template"):
        raise NotAllowed(perm="templates.publish_template")
    with on_database("staff"), transaction.atomic("staff"):
        found = Template.objects.filter(pk=template_id, tenant_id=tenant_id).first()
        if found is None:
            raise NotFound
        if found.offered_version is None or not found.is_verified:
            raise Conflict(_("It is not offered."))
        version = TemplateVersion.objects.get(template=found, number=found.offered_version)
        entry = _keep_entry(found, version)
    with on_database("default"), scope(tenant_id=tenant_id):
        data = {"entry": entry.pk, "version": version.number}
        record("template.published", found, actor=actor, data=data)
    return entry


def _keep_entry(found: Template, version: TemplateVersion) -> Template:
    present = Template.objects.filter(published_from=found.pk).first()
    entry = keep_shared_template(
        template_id=present.pk if present else new_id("template"),
        workflow_type_id=version.workflow_type_id,
        name=version.name,
        description=version.description,
        category=found.category,
        tags=found.tags,
        **without_own_products(version),
    )
    entry.in_library, entry.published_from = True, found.pk
    entry.retired_at, entry.retired_why = None, ""
    entry.save()
    return entry


def unpublish(*, entry_id: str, reason: str, actor: Actor) -> Template:
    """Nobody can install it any more; copies stay as they are."""
    if not actor.has_perm("templates.publish_template"):
        raise NotAllowed(perm="templates.publish_template")
    with on_database("staff"), transaction.atomic("staff"):
        entry = Template.objects.filter(pk=entry_id, in_library=True, retired_at=None).first()
        if entry is None:
            raise NotFound
        entry.retired_at, entry.retired_why = timezone.now(), reason[:300]
        entry.save()
    return entry


def without_own_products(version: TemplateVersion) -> dict[str, Any]:
    """The content as others can use it: products are asked for, not named by a shop's own ids."""
    kind = kind_of(version.workflow_type_id)
    own = {field.key for field in fields_of(kind.Inputs) if isinstance(field.own, Products)}
    named = [name for name in version.default_inputs if name in own]
    return {
        "default_inputs": {
            name: value for name, value in version.default_inputs.items() if name not in own
        },
        "required_fields": [*version.required_fields]
        + [name for name in named if name not in version.required_fields],
        "optional_fields": [name for name in version.optional_fields if name not in named],
        "approved_copy_blocks": version.approved_copy_blocks,
    }


@refusals_told("install")
@transaction.atomic
def install_template(*, template_id: str, actor: Actor) -> Template:
    """This shop's own copy, pinned to the version of today; asked again, the same copy."""
    origin = queries.installable(template_id)
    present = queries.copy_of(origin)
    if present is not None:
        return present
    version = queries.version_in_force(origin)
    copy = Template(
        tenant_id=require_tenant_id(),
        created_by_user_id=actor.user_id or SYSTEM,
        name=version.name,
        description=version.description,
        category=origin.category,
        tags=origin.tags,
        workflow_type_id=version.workflow_type_id,
        council_id=origin.council_id,
        origin=origin,
        origin_version=version.number,
    )
    if not actor.has_perm("templates.install_template", copy):
        raise NotAllowed(perm="templates.install_template")
    try:
        with transaction.atomic():
            copy.save(force_insert=True)
    except IntegrityError:
        return queries.copy_of(origin)
    write_version(copy, _content_of(version), author=actor.user_id or SYSTEM)
    data = {"origin": origin.pk, "version": version.number}
    record("template.installed", copy, actor=actor, data=data)
    return queries.template(copy.pk)


@refusals_told("accept_update")
@transaction.atomic
def accept_update(*, template_id: str, to_version: int, actor: Actor) -> Template:
    """Take over the version of the origin that was shown, as a new version of the copy."""
    template = held(template_id, actor, perm="templates.change_template")
    found = queries.update_of(template)
    if found is None or found[1].number != to_version:
        raise Conflict(_("This update is not the newest any more. Look at it again."))
    newer = found[1]
    template.name, template.description = newer.name, newer.description
    template.version += 1
    template.origin_version = newer.number
    write_version(template, _content_of(newer), author=actor.user_id or SYSTEM)
    template.save()
    data = {"version": template.version, "origin_version": newer.number}
    record("template.updated_from_library", template, actor=actor, data=data)
    return queries.template(template_id)


def _content_of(version: TemplateVersion) -> dict[str, Any]:
    return {name: getattr(version, name) for name in VERSIONED}


@transaction.atomic
def import_template(
    *, facts: Mapping[str, Any], signer: str, known: bool, actor: Actor
) -> Template:
    """From a file whose signature fits. Of an unknown signer it is not verified: it can be used
    for drafts that go to review, and never be approved in advance."""
    tenant = Tenant.objects.get(pk=require_tenant_id())
    if not actor.has_perm("templates.import_template", tenant):
        raise NotAllowed(perm="templates.import_template")
    try:
        kind = kind_of(str(facts["workflow_type_id"]))
        content = checked(kind, facts)
    except Invalid as refused:
        said = [str(text) for texts in refused.fields.values() for text in texts]
        raise Invalid({"file": said}) from refused
    template = Template(
        tenant=tenant,
        created_by_user_id=actor.user_id or SYSTEM,
        workflow_type_id=kind.id,
        is_verified=known,
        signed_by=signer[:120],
    )
    put_listed(
        template, {name: facts[name] for name in ("name", "description", "category", "tags")}
    )
    template.save(force_insert=True)
    write_version(template, content, author=actor.user_id or SYSTEM)
    data = {"signer": signer, "is_verified": known}
    record("template.imported", template, actor=actor, data=data)
    return queries.template(template.pk)


def exported(*, template_id: str, actor: Actor) -> dict[str, Any]:
    """What goes into the file: the version in force, without this shop's own products."""
    template = queries.template(template_id)
    if not template.is_verified:
        raise Conflict(_("Nobody here vouches for it, so it is not signed again."))
    if not template.is_shared and not actor.has_perm("templates.export_template", template):
        raise NotAllowed(perm="templates.export_template")
    version = queries.version_in_force(template)
    return {
        "name": version.name,
        "description": version.description,
        "category": template.category,
        "tags": template.tags,
        "workflow_type_id": version.workflow_type_id,
        **without_own_products(version),
    }
