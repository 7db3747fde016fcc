"""Keys of rows that come by the hundred thousand, checked once per statement."""

import pgtrigger
from django.db import models


class BulkKey(models.ForeignKey):
    """A key inside the tenant whose truth is checked once per statement, by trigger.

    PostgreSQL checks a foreign key row by row; for half a million order lines that alone took
    longer than the rest of the import. The triggers are below.
    """

    checked_by_statement = True

    def __init__(self, to, on_delete, **options):
        options["db_constraint"] = False
        options.setdefault("db_index", False)
        super().__init__(to, on_delete, **options)


FOREIGN = "USING ERRCODE = 'foreign_key_violation'"

# Every (tenant, key) of the statement's new rows must name a row of that tenant. Under row-level
# security the planner expects a handful of rows and would loop over them; a hash never hurts here.
REFERENCES_EXIST = f"""
    PERFORM set_config('enable_nestloop', 'off', true);
    IF EXISTS (SELECT FROM (SELECT DISTINCT tenant_id, order_id FROM new_lines) line
               WHERE NOT EXISTS (SELECT FROM stores_order other
                                 WHERE other.tenant_id = line.tenant_id
                                   AND other.id = line.order_id)) THEN
        RAISE EXCEPTION 'an order line names an order that is not there' {FOREIGN};
    END IF;
    IF EXISTS (SELECT FROM (SELECT DISTINCT tenant_id, variant_id FROM new_lines) line
               WHERE line.variant_id IS NOT NULL
                 AND NOT EXISTS (SELECT FROM stores_variant other
                                 WHERE other.tenant_id = line.tenant_id
                                   AND other.id = line.variant_id)) THEN
        RAISE EXCEPTION 'an order line names a variant that is not there' {FOREIGN};
    END IF;
    PERFORM set_config('enable_nestloop', loops, true);
    RETURN NULL;
"""  # noqa: S608 -- constants


def _still_named(column: str) -> str:
    return f"""
    IF EXISTS (SELECT FROM gone JOIN stores_orderline line
               ON line.tenant_id = gone.tenant_id AND line.{column} = gone.id) THEN
        RAISE EXCEPTION 'order lines still name this row' {FOREIGN};
    END IF;
    RETURN NULL;
"""


def no_lines_left(column: str) -> pgtrigger.Trigger:
    """Refuses to delete what order lines still name; one look per statement."""
    return pgtrigger.Trigger(
        name="no_lines_left",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Delete,
        referencing=pgtrigger.Referencing(old="gone"),
        func=_still_named(column),
    )


def lines_refer(operation: pgtrigger.Operation, name: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(new="new_lines"),
        declare=[("loops", "text := current_setting('enable_nestloop')")],
        func=REFERENCES_EXIST,
    )
