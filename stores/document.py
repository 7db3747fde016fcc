"""Imports and products as the API answers them."""

from core.errors import DomainError
from stores import queries
from stores.models import ImportRun, Product


def import_document(run: ImportRun) -> dict[str, object]:
    result = run.result
    return {
        "id": run.pk,
        "tenant_id": run.tenant_id,
        "kind": run.kind,
        "status": run.status,
        "filename": run.filename,
        "size": run.size,
        "sha256": run.sha256,
        "mapping": run.mapping,
        "rows_read": run.rows_read,
        "rows_kept": run.rows_kept,
        "rows_refused": run.rows_refused,
        "counts": result.get("counts", {}),
        "warnings": result.get("warnings", []),
        "same_as_import_id": result.get("same_as"),
        "problem": run.problem,
        "created_by_user_id": run.uploaded_by_id,
        "created_at": run.created_at,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
    }


def detailed_import(run: ImportRun) -> dict[str, object]:
    return {
        **import_document(run),
        "preview": run.preview,
        "progress": queries.import_progress(run) if run.is_open else None,
    }


def product_document(product: Product) -> dict[str, object]:
    return {
        "id": product.pk,
        "tenant_id": product.tenant_id,
        "title": product.title,
        "handle": product.handle,
        "status": product.status,
        "vendor": product.vendor,
        "product_type": product.product_type,
        "tags": product.tags,
        "simulated": product.simulated,
        "variants": [
            {
                "id": str(variant.pk),
                "sku": variant.sku,
                "title": variant.title,
                "price": None if variant.price is None else str(variant.price),
                "compare_at_price": (
                    None if variant.compare_at_price is None else str(variant.compare_at_price)
                ),
                "inventory_quantity": variant.inventory_quantity,
            }
            for variant in product.variants.all()
        ],
        "created_at": product.created_at,
        "updated_at": product.updated_at,
    }


def said(error: DomainError) -> str:
    """All a refusal says, in one sentence after the other."""
    texts = [str(text) for texts in error.fields.values() for text in texts]
    return " ".join(texts) or str(error)
