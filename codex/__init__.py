"""The Django project; the Celery app has to exist before any task is declared."""

from codex.celery import app as celery_app

__all__ = ["celery_app"]
