"""Celery entry points: the watch over what runs at once."""

from celery import shared_task


@shared_task(name="templates_catalog.watch", ignore_result=True, expires=300)
def watch() -> dict[str, int]:
    from templates_catalog.services.sweeping import sweep

    return sweep()
