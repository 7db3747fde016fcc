"""For load balancers: whether this process lives, and whether it can serve."""

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from kombu import Connection


def livez(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:
    """503 with the part that is missing; asks nothing of the tenant tables."""
    parts = {"database": _says(_database), "broker": _says(_broker)}
    ready = all(said == "ok" for said in parts.values())
    return JsonResponse({"ready": ready, **parts}, status=200 if ready else 503)


def _says(check) -> str:
    try:
        check()
    except Exception as error:
        return type(error).__name__
    return "ok"


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _broker() -> None:
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    with Connection(settings.CELERY_BROKER_URL, transport_options=options) as broker:
        broker.ensure_connection(max_retries=1, timeout=2)
