"""Helpers of the import tests: a file from text, brought in and looked at."""

import gzip
from pathlib import Path

from core.actors import SystemActor
from core.scope import scope
from stores import services
from stores.models import ImportRun
from stores.services.running import Options

OPERATOR = SystemActor("tests", grants=frozenset({"stores.import_data"}))


def bring_in(tmp_path: Path, tenant, text: str | bytes, *, name="file.csv", **options) -> ImportRun:
    """Import text as a file from beginning to end."""
    path = tmp_path / name
    data = text if isinstance(text, bytes) else text.encode()
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    kind, mapping = options.pop("kind", ""), options.pop("mapping", None)
    return services.import_file(
        tenant_id=tenant.pk,
        path=path,
        actor=OPERATOR,
        kind=kind,
        mapping=mapping,
        options=Options(**options),
    )


def reasons(run: ImportRun) -> dict[int, str]:
    from stores.queries import refusals

    with scope(tenant_id=run.tenant_id):
        return {row.line_number: row.reason for row in refusals(run.tenant_id, run.pk)}


def everything(model) -> list[dict]:
    """All rows of a table as they stand, to show that nothing changed."""
    return list(model.objects.order_by("pk").values())
