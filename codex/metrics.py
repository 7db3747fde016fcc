"""Figures for Prometheus: requests of this web machine, and the state of the work in the database.

Requests are counted in the process that served them. With several web processes on a machine,
PROMETHEUS_MULTIPROC_DIR names a directory they share, emptied before they start. What is told of
runs, drift and detectors is counted in the database when it is asked for, so that it is right on
whichever machine it is asked, and whichever worker did the work.
"""

import os
import time
from collections.abc import Iterable, Iterator

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from kombu import Connection
from kombu.exceptions import ChannelError, OperationalError
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

SHARED = "PROMETHEUS_MULTIPROC_DIR"
KEPT, KEPT_SECONDS = "codex-metrics", 10
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

own = CollectorRegistry()
requests = Counter(
    "codex_requests", "Requests answered", ["method", "view", "status"], registry=own
)
took = Histogram("codex_request_seconds", "Time to answer", ["view"], buckets=SECONDS, registry=own)

# Name, what it says, label, SQL of (label, value): asked on the staff's login, that sees all shops.
COUNTED: tuple[tuple[str, str, str, str], ...] = (
    (
        "codex_runs",
        "Runs by state, those that ended in the last day only",
        "state",
        "SELECT status, count(*) FROM workflows WHERE finished_at IS NULL"
        " OR finished_at > now() - interval '1 day' GROUP BY 1",
    ),
    (
        "codex_runs_waiting_seconds",
        "How long the oldest run that is due has been waiting",
        "",
        "SELECT '', coalesce(extract(epoch FROM now() - min(due_at)), 0) FROM workflows"
        " WHERE status = 'pending' AND due_at <= now()",
    ),
    (
        "codex_runs_left_by_their_worker",
        "Active runs whose lease ran out",
        "",
        "SELECT '', count(*) FROM workflows WHERE status IN ('running', 'undoing')"
        " AND lease_until < now()",
    ),
    (
        "codex_drift_stops",
        "Runs that stopped in the last day because the shop had moved",
        "",
        "SELECT '', count(*) FROM workflows WHERE status = 'stopped_by_drift'"
        " AND finished_at > now() - interval '1 day'",
    ),
    (
        "codex_reviews_open",
        "Rounds of review that wait for a decision",
        "",
        "SELECT '', count(*) FROM councils_reviewround WHERE state = 'open'",
    ),
    (
        "codex_detector_seconds",
        "Time the detectors took for looks that ended in the last day",
        "",
        "SELECT '', coalesce(sum((cost ->> 'seconds')::float8), 0) FROM ai_proposer_runs"
        " WHERE finished_at > now() - interval '1 day'",
    ),
    (
        "codex_looks",
        "Looks at shops in the last day, by how they ended",
        "end",
        "SELECT CASE WHEN finished_at IS NULL THEN 'open' WHEN error = '' THEN 'well'"
        " ELSE 'failed' END, count(*) FROM ai_proposer_runs"
        " WHERE started_at > now() - interval '1 day' GROUP BY 1",
    ),
    (
        "codex_beat_silent_seconds",
        "Since the beat was last heard",
        "",
        "SELECT '', extract(epoch FROM now() - max(last_run_at))"
        " FROM django_celery_beat_periodictask WHERE enabled HAVING max(last_run_at) IS NOT NULL",
    ),
)


class Work(Collector):
    """What the database and the broker say, asked once for all scrapes of a few seconds."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for name, about, label, rows in _work():
            family = GaugeMetricFamily(name, about, labels=[label] if label else [])
            for key, value in rows:
                family.add_metric([key] if label else [], value)
            yield family

    def describe(self) -> Iterable[GaugeMetricFamily]:
        return []


def _work() -> list[tuple[str, str, str, list[tuple[str, float]]]]:
    known = cache.get(KEPT)
    if known is None:
        known = _asked()
        cache.set(KEPT, known, KEPT_SECONDS)
    return known


def _asked() -> list[tuple[str, str, str, list[tuple[str, float]]]]:
    found = []
    with connections["staff"].cursor() as cursor:
        for name, about, label, sql in COUNTED:
            cursor.execute(sql)
            found.append((name, about, label, [(key, float(n)) for key, n in cursor.fetchall()]))
    found.append(("codex_queue", "Messages at the broker", "", _queue()))
    return found


def _queue() -> list[tuple[str, float]]:
    """Nothing when the broker is away; that is said by /readyz."""
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    name = current_app.conf.task_default_queue
    try:
        with Connection(settings.CELERY_BROKER_URL, transport_options=options) as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
            said = broker.default_channel.queue_declare(queue=name, passive=True)
    except ChannelError:  # an empty queue is not there at all
        return [("", 0.0)]
    except (OperationalError, OSError):
        return []
    return [("", float(said.message_count))]


class Requests:
    """Middleware: counts what was asked by the name of its view, never by its path or asker."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        began = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        view = (match.view_name or "unnamed") if match else "none"
        requests.labels(request.method, view, response.status_code).inc()
        took.labels(view).observe(time.perf_counter() - began)
        return response


def metrics(request: HttpRequest) -> HttpResponse:
    """With the token of CODEX_METRICS_TOKEN; to everybody else, and without one, not there."""
    expected, given = settings.METRICS_TOKEN, request.headers.get("Authorization", "")
    if not expected or not constant_time_compare(given, f"Bearer {expected}"):
        return HttpResponse("Not found\n", status=404, content_type="text/plain")
    return HttpResponse(_told(), content_type=CONTENT_TYPE_LATEST)


def _told() -> bytes:
    work = CollectorRegistry(auto_describe=False)
    work.register(Work())
    if os.environ.get(SHARED):
        shared = CollectorRegistry()
        MultiProcessCollector(shared)
        return generate_latest(shared) + generate_latest(work)
    return generate_latest(own) + generate_latest(work)
