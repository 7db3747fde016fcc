"""What may be written, field by field: its column, its type, and what a shop must never get.

All four shop servers we tried take a negative price with a friendly 200. Ours does not.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

# Reasons are codes in SQL and words for people.
REASONS = {
    "not_writable": _("This field can't be written."),
    "not_a_number": _("Not a number."),
    "not_valid": _("Not a value this field can have."),
    "missing": _("A value is needed."),
    "negative": _("Below zero."),
    "too_fine": _("More than two digits after the point."),
    "too_large": _("Too large."),
    "blank": _("Empty."),
    "too_long": _("Too long."),
    "handle_form": _("A handle has small letters, digits and hyphens only."),
    "handle_taken": _("Another product has this handle."),
}

TEXT = "{value} #>> '{{}}'"
MOST = 9_999_999_999


@dataclass(frozen=True, slots=True)
class Field:
    """``cast`` makes the column's type of a JSON value; ``refusal`` names what is wrong with it.

    ``once`` names what is wrong when two changes of one batch ask for the same value.
    """

    cast: str
    refusal: str
    shown: str = "to_jsonb({column})"
    once: str = ""

    def from_json(self, value: str) -> str:
        return self.cast.format(value=value)


@dataclass(frozen=True, slots=True)
class Entity:
    table: str
    id_type: str
    fields: dict[str, Field]


def text(most: int, *, needed: bool = False, more: str = "", once: str = "") -> Field:
    checks = [
        "WHEN jsonb_typeof({value}) IS DISTINCT FROM 'string' THEN 'not_valid'",
        f"WHEN length({TEXT}) > {most} THEN 'too_long'",
    ]
    if needed:
        checks.append(rf"WHEN {TEXT} !~ '\S' THEN 'blank'")
    return Field(cast=f"({TEXT})", refusal=" ".join([*checks, more]), once=once)


def money(*, needed: bool) -> Field:
    number = f"({TEXT})::numeric"
    null = "'missing'" if needed else "NULL"
    checks = (
        f"WHEN {{value}} IS NULL OR jsonb_typeof({{value}}) = 'null' THEN {null}"
        f" WHEN NOT pg_input_is_valid({TEXT}, 'numeric') OR ({TEXT}) !~ '^-?[0-9]+([.][0-9]+)?$'"
        " THEN 'not_a_number'"
        f" WHEN {number} < 0 THEN 'negative'"
        f" WHEN {number} > {MOST} THEN 'too_large'"
        f" WHEN scale(trim_scale({number})) > 2 THEN 'too_fine'"
    )
    return Field(cast=f"({number})", refusal=checks, shown="to_jsonb({column}::text)")


def choice(*words: str) -> Field:
    listed = ", ".join(f"'{word}'" for word in words)
    check = f"WHEN {{value}} IS NULL OR ({TEXT}) NOT IN ({listed}) THEN 'not_valid'"
    return Field(cast=f"({TEXT})", refusal=check)


def typed(json_type: str, sql_type: str) -> Field:
    check = (
        f"WHEN jsonb_typeof({{value}}) IS DISTINCT FROM '{json_type}'"
        f" OR NOT pg_input_is_valid({TEXT}, '{sql_type}') THEN 'not_valid'"
    )
    return Field(cast=f"({TEXT})::{sql_type}", refusal=check)


# ``listed`` is an array of texts of at most 255 characters, and never null inside.
WORDS = Field(
    cast="ARRAY(SELECT jsonb_array_elements_text("
    "CASE WHEN jsonb_typeof({value}) = 'array' THEN {value} ELSE '[]'::jsonb END))::varchar[]",
    refusal="WHEN jsonb_typeof({value}) IS DISTINCT FROM 'array' THEN 'not_valid'"
    " WHEN jsonb_path_exists({value}, '$[*] ? (@.type() != \"string\")') THEN 'not_valid'"
    " WHEN EXISTS (SELECT FROM jsonb_array_elements_text({value}) word"
    " WHERE length(word) > 255 OR word !~ '\\S') THEN 'too_long'",
)

HANDLE = text(
    255,
    needed=True,
    more=f"WHEN ({TEXT}) !~ '^[[:alnum:]]+([-_][[:alnum:]]+)*$' OR ({TEXT}) <> lower({TEXT})"
    " THEN 'handle_form'"
    " WHEN EXISTS (SELECT FROM stores_product other WHERE other.tenant_id = %(gateway_tenant)s"
    f" AND other.handle = ({TEXT}) AND other.id <> change.target_id) THEN 'handle_taken'",
    once="handle_taken",
)

ENTITIES: dict[str, Entity] = {
    "product": Entity(
        table="stores_product",
        id_type="text",
        fields={
            "title": text(500, needed=True),
            "description_html": text(200_000),
            "handle": HANDLE,
            "seo_title": text(500),
            "seo_description": text(5_000),
            "tags": WORDS,
            "product_type": text(255),
            "category": text(500),
            "status": choice("active", "draft", "archived"),
            "position": typed("number", "integer"),
            "is_featured": typed("boolean", "boolean"),
            "needs_image": typed("boolean", "boolean"),
        },
    ),
    "variant": Entity(
        table="stores_variant",
        id_type="bigint",
        fields={
            "price": money(needed=True),
            "compare_at_price": money(needed=False),
        },
    ),
    "image": Entity(table="stores_productimage", id_type="bigint", fields={"alt": text(1_000)}),
}


def field_of(entity: str, name: str) -> tuple[Entity, Field] | None:
    found = ENTITIES.get(entity)
    if found is None or name not in found.fields:
        return None
    return found, found.fields[name]
