"""Making and changing templates: every change of what a draft starts from is a new version."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import Conflict, Invalid, NotAllowed
from core.lifecycle import locked, record
from councils.models import Council
from templates_catalog import queries
from templates_catalog.models import Template, TemplateVersion
from templates_catalog.services.content import VERSIONED, checked, kind_of, write_version
from templates_catalog.services.refusing import refusals_told
from templates_catalog.services.standing import end_with_its_council
from templates_catalog.states import SYSTEM, Category

LISTED = ("name", "description", "category", "tags", "council_id")
READ_IN_A_VERSION = {"name", "description"}


@refusals_told("create")
@transaction.atomic
def create_template(
    *, tenant_id: str, actor: Actor, made_from: Mapping[str, str] | None = None, **facts: Any
) -> Template:
    """A template of the scope's tenant, with its first version."""
    template = Template(tenant_id=tenant_id, created_by_user_id=actor.user_id or SYSTEM)
    if not actor.has_perm("templates.create_template", template):
        raise NotAllowed(perm="templates.create_template")
    kind = kind_of(facts.pop("workflow_type_id", ""))
    template.workflow_type_id = kind.id
    put_listed(template, facts)
    content = checked(kind, facts)
    template.save(force_insert=True)
    write_version(template, content, author=actor.user_id or SYSTEM)
    data = {"name": template.name, **(made_from or {})}
    record("template.created", template, actor=actor, data=data)
    return queries.template(template.pk)


@refusals_told("change")
@transaction.atomic
def update_template(
    *, template_id: str, actor: Actor, version_number: int | None = None, **facts: Any
) -> Template:
    """Category, tags and council change in place; what a draft starts from makes a new version.

    A standing approval belongs to the version before, so a changed template is not pre-approved.
    ``version_number`` is the one the writer started from; a newer one is a conflict.
    """
    template = held(template_id, actor)
    if not template.is_active:
        raise Conflict(_("This template is retired."))
    if version_number not in (None, template.version):
        raise Conflict(_("Somebody changed the template since you opened it. Nothing was saved."))
    before = queries.version_in_force(template)
    wanted = {name: facts.pop(name, getattr(before, name)) for name in VERSIONED}
    listed = {name: getattr(template, name) for name in LISTED}
    put_listed(template, facts)
    content = checked(kind_of(template.workflow_type_id), wanted)
    changed = {
        name: [listed[name], getattr(template, name)]
        for name in LISTED
        if listed[name] != getattr(template, name)
    }
    changed |= _differences(before, content)
    if not changed:
        return queries.template(template_id)
    if changed.keys() & {*VERSIONED, *READ_IN_A_VERSION}:
        template.version += 1
        write_version(template, content, author=actor.user_id or SYSTEM)
    template.save()
    if "council_id" in changed:
        end_with_its_council(template, actor=actor)
    data = {"version": template.version, **changed}
    record("template.changed", template, actor=actor, data=data)
    return queries.template(template_id)


@refusals_told("retire")
@transaction.atomic
def retire_template(*, template_id: str, reason: str, actor: Actor) -> Template:
    if not reason.strip():
        raise Invalid({"reason": [_("Say why it is retired.")]})
    template = held(template_id, actor)
    if not template.is_active:
        raise Conflict(_("It is retired already."))
    template.retired_at, template.retired_why = timezone.now(), reason.strip()[:300]
    template.save()
    record("template.retired", template, actor=actor, data={"reason": template.retired_why})
    return queries.template(template_id)


def keep_shared_template(*, template_id: str, workflow_type_id: str, **facts: Any) -> Template:
    """A platform template made so, however it was; called on the staff's login.

    A new version is written only where the content differs: a second call changes nothing.
    """
    kind = kind_of(workflow_type_id)
    content = checked(kind, facts)
    template = Template.objects.filter(pk=template_id, tenant=None).first()
    is_new = template is None
    template = template or Template(pk=template_id, tenant=None, workflow_type_id=kind.id)
    put_listed(template, {name: facts[name] for name in LISTED if name in facts})
    if is_new:
        template.save(force_insert=True)
        write_version(template, content, author=SYSTEM)
        return template
    before = TemplateVersion.objects.get(template=template, number=template.version)
    renamed = any(getattr(before, name) != getattr(template, name) for name in READ_IN_A_VERSION)
    if renamed or _differences(before, content):
        template.version += 1
        write_version(template, content, author=SYSTEM)
    template.save()
    return template


def _differences(before: TemplateVersion, content: Mapping[str, Any]) -> dict[str, list[Any]]:
    return {
        name: [getattr(before, name), content[name]]
        for name in VERSIONED
        if getattr(before, name) != content[name]
    }


def put_listed(template: Template, facts: Mapping[str, Any]) -> None:
    unknown = sorted(set(facts) - {*LISTED, *VERSIONED})
    if unknown:
        raise Invalid({name: [_("This cannot be set.")] for name in unknown})
    for name in LISTED:
        if name in facts:
            value = facts[name]
            setattr(template, name, value.strip() if isinstance(value, str) else value)
    template.tags = list(dict.fromkeys(tag.strip() for tag in template.tags if tag.strip()))
    if not template.name:
        raise Invalid({"name": [_("Give the template a name.")]})
    if template.category not in Category.values:
        choices = ", ".join(Category.values)
        raise Invalid({"category": [_("Choose one of: {all}.").format(all=choices)]})
    if template.council_id and not Council.objects.filter(pk=template.council_id).exists():
        raise Invalid({"council_id": [_("There is no such council.")]})


def held(template_id: str, actor: Actor, perm: str = "templates.change_template") -> Template:
    """The tenant's own under its lock; a shared one is not a tenant's login's to lock."""
    if queries.template(template_id).tenant_id is None:
        raise NotAllowed(_("Shared templates are kept by the platform. Change a copy of it."))
    template = locked(Template, template_id)
    if not actor.has_perm(perm, template):
        raise NotAllowed(perm=perm)
    return template
