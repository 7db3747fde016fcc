"""Files that came in."""

from django.core.cache import cache
from django.db.models import QuerySet

from core.errors import NotFound
from stores.models import ImportRefusal, ImportRun


def imports(tenant_id: str) -> QuerySet[ImportRun]:
    return ImportRun.objects.filter(tenant_id=tenant_id).select_related("uploaded_by")


def import_run(tenant_id: str, run_id: str) -> ImportRun:
    found = imports(tenant_id).filter(pk=run_id).first()
    if found is None:
        raise NotFound
    return found


def refusals(tenant_id: str, run_id: str) -> QuerySet[ImportRefusal]:
    """Refused rows of an import, in the order of the file."""
    rows = ImportRefusal.objects.filter(tenant_id=tenant_id, run_id=run_id)
    return rows.order_by("line_number", "id")


def progress_key(run_id: str) -> str:
    return f"stores.import.{run_id}"


def import_progress(run: ImportRun) -> dict[str, int]:
    """Rows read so far and per cent of the file, of a run at work."""
    return cache.get(progress_key(run.pk)) or {"rows": 0, "percent": 0}
