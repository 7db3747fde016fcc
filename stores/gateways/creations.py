"""Rows a run may make in our own shop, and how they are taken back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from core.scope import require_tenant_id
from stores.gateways.base import Change, Changes, Json, Outcome, Result
from stores.models import Campaign, Post, Product, Promotion, PromotionProduct

NOT_COMPARED = frozenset({"created_at", "updated_at"})
NOT_GIVEN = frozenset({"id", "tenant", "created_by", "created_at", "updated_at"})
PRODUCTS = "product_ids"


@dataclass(frozen=True, slots=True)
class Made:
    """A row to be, with the products it lists (promotions only)."""

    position: int
    row: Any
    product_ids: tuple[str, ...] = ()


# In this order: what others point at comes first.
MODELS: dict[str, type[models.Model]] = {
    "campaign": Campaign,
    "promotion": Promotion,
    "post": Post,
}


def create(changes: Changes, *, created_by: str) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for model, members in _by_model(changes, outcomes):
        made, refused = _built(model, members, created_by)
        made, unknown = _with_known_references(made)
        outcomes += refused + unknown + _inserted(model, made, created_by)
    return sorted(outcomes, key=lambda outcome: outcome.position)


def refusals(changes: Changes) -> list[Outcome]:
    """Rows that could never be made as they are; what they point at may be made with them."""
    outcomes: list[Outcome] = []
    for model, members in _by_model(changes, outcomes):
        outcomes += _built(model, members, created_by="")[1]
    return sorted(outcomes, key=lambda outcome: outcome.position)


def delete_unchanged(changes: Changes, *, created_by: str) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for model, members in reversed(_by_model(changes, outcomes)):
        made, refused = _built(model, members, created_by)
        outcomes += refused + _deleted(model, made, created_by)
    return sorted(outcomes, key=lambda outcome: outcome.position)


def _by_model(changes: Changes, outcomes: list[Outcome]) -> list[tuple[Any, list[Change]]]:
    groups: dict[str, list[Change]] = {entity: [] for entity in MODELS}
    for change in changes:
        if change.entity in groups:
            groups[change.entity].append(change)
        else:
            outcomes.append(_refused(change.position, _("This can't be made.")))
    return [(MODELS[entity], members) for entity, members in groups.items() if members]


def _built(model, members: Iterable[Change], created_by: str) -> tuple[list[Made], list[Outcome]]:
    made, refused = [], []
    for change in members:
        try:
            made.append(_build(model, change, created_by))
        except ValidationError as error:
            refused.append(_refused(change.position, " ".join(error.messages)))
    return made, refused


def _build(model, change: Change, created_by: str) -> Made:
    given = dict(change.after) if isinstance(change.after, Mapping) else {}
    product_ids = tuple(given.pop(PRODUCTS, ())) if model is Promotion else ()
    fields = {field.attname: field for field in _given_fields(model)}
    unknown = sorted(set(given) - set(fields))
    if unknown:
        raise ValidationError(_("Unknown fields: {names}.").format(names=", ".join(unknown)))
    row = model(id=change.target_id, tenant_id=require_tenant_id(), created_by=created_by)
    for name, value in given.items():
        setattr(row, name, _cleaned(fields[name], value, row))
    row.clean_fields(exclude=[field.name for field in model._meta.fields if field.is_relation])
    return Made(change.position, row, product_ids)


def _given_fields(model) -> list[models.Field]:
    return [field for field in model._meta.concrete_fields if field.name not in NOT_GIVEN]


def _cleaned(field, value: Json, row) -> object:
    if field.is_relation:
        return None if value is None else str(value)
    return field.clean(value, row)


def _with_known_references(made: list[Made]) -> tuple[list[Made], list[Outcome]]:
    """Composite keys are judged at commit; a row that points nowhere is refused here instead."""
    products = {item.row.product_id for item in made if getattr(item.row, "product_id", None)}
    products |= {product for item in made for product in item.product_ids}
    campaigns = {item.row.campaign_id for item in made if getattr(item.row, "campaign_id", None)}
    known = _known(Product, products) | _known(Campaign, campaigns)
    kept, refused = [], []
    for item in made:
        if _references(item) <= known:
            kept.append(item)
        else:
            refused.append(_refused(item.position, _("It points at a row that is not there.")))
    return kept, refused


def _known(model, ids: set[str]) -> set[str]:
    return set(model.objects.filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()


def _references(item: Made) -> set[str]:
    own = (getattr(item.row, name, None) for name in ("product_id", "campaign_id"))
    return {reference for reference in own if reference} | set(item.product_ids)


def _inserted(model, made: list[Made], created_by: str) -> list[Outcome]:
    outcomes = []
    present = dict(
        model.objects.filter(pk__in=[m.row.pk for m in made]).values_list("pk", "created_by")
    )
    fresh = [item for item in made if item.row.pk not in present]
    for item in made:
        if item.row.pk in present and present[item.row.pk] != created_by:
            outcomes.append(Outcome(item.position, Result.TAKEN))
    try:
        _insert(model, fresh)
    except IntegrityError:
        outcomes += [outcome for item in fresh for outcome in _insert_alone(model, item)]
    return outcomes


def _insert(model, fresh: list[Made]) -> None:
    with transaction.atomic():
        model.objects.bulk_create([item.row for item in fresh])
        PromotionProduct.objects.bulk_create(
            PromotionProduct(tenant_id=item.row.tenant_id, promotion=item.row, product_id=product)
            for item in fresh
            for product in dict.fromkeys(item.product_ids)
        )


def _insert_alone(model, item: Made) -> list[Outcome]:
    try:
        _insert(model, [item])
    except IntegrityError:
        return [_refused(item.position, _("The shop does not take a row like this."))]
    return []


def _deleted(model, made: list[Made], created_by: str) -> list[Outcome]:
    rows = model.objects.select_for_update(of=("self",)).filter(
        pk__in=[item.row.pk for item in made]
    )
    present = {row.pk: row for row in rows}
    listed = _listed_products(model, list(present))
    outcomes, gone = [], []
    for item in made:
        found = present.get(item.row.pk)
        if found is None:
            outcomes.append(Outcome(item.position, Result.MISSING))
        elif found.created_by != created_by or _edited(item, found, listed):
            outcomes.append(Outcome(item.position, Result.CHANGED, _differences(item.row, found)))
        else:
            gone.append(found.pk)
    model.objects.filter(pk__in=gone).delete()
    return outcomes


def _listed_products(model, ids: list[str]) -> dict[str, set[str]]:
    listed: dict[str, set[str]] = {}
    if model is Promotion:
        rows = PromotionProduct.objects.filter(promotion_id__in=ids)
        for promotion_id, product_id in rows.values_list("promotion_id", "product_id"):
            listed.setdefault(promotion_id, set()).add(product_id)
    return listed


def _edited(item: Made, found, listed: dict[str, set[str]]) -> bool:
    return bool(_differences(item.row, found)) or (
        listed.get(item.row.pk, set()) != set(item.product_ids)
    )


def _differences(planned, found) -> dict[str, Json]:
    """Field → what stands there now, where it is not what was planned."""
    differing = {}
    for field in planned._meta.concrete_fields:
        if field.name in NOT_COMPARED:
            continue
        value = getattr(found, field.attname)
        if field.to_python(getattr(planned, field.attname)) != value:
            differing[field.attname] = field.value_to_string(found)
    return differing


def _refused(position: int, reason: str) -> Outcome:
    return Outcome(position, Result.REFUSED, None, reason)
