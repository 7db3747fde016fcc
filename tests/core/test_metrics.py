"""Metrics are told to who knows the token, and count what happened in every shop."""

import os
import re
import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from codex import metrics, reporting
from core.scope import scope
from workflows.models import Plan, Workflow

TOKEN = "scrape-me"
SENT = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def told(settings, client):
    """What a scrape reads, as {name{labels}: value}."""
    settings.METRICS_TOKEN = TOKEN

    def told() -> dict[str, float]:
        cache.delete(metrics.KEPT)
        text = client.get("/metrics", headers=SENT).content.decode()
        lines = re.findall(r"^([a-z_]+(?:{[^}]*})?) (\S+)$", text, re.M)
        return {name: float(value) for name, value in lines}

    return told


def run_in(tenant, status, **more):
    with scope(tenant_id=tenant.pk):
        plan = Plan.objects.create(
            tenant=tenant,
            workflow_type_id="seo.audit",
            type_version=1,
            inputs={},
            seed="s",
            fingerprint="a" * 64,
            summary={},
            change_count=1,
        )
        return Workflow.objects.create(
            tenant=tenant,
            plan=plan,
            workflow_type_id="seo.audit",
            name="Run",
            inputs={},
            created_by_agent="direct",
            total=1,
            status=status,
            **more,
        )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("token", "headers"),
    [
        ("", SENT),
        ("", {"Authorization": "Bearer "}),
        (TOKEN, {}),
        (TOKEN, {"Authorization": TOKEN}),
    ],
)
def test_nobody_else_is_told_that_there_are_any(client, settings, token, headers):
    settings.METRICS_TOKEN = token
    response = client.get("/metrics", headers=headers)
    assert (response.status_code, response.content) == (404, b"Not found\n")


def test_runs_of_all_shops_are_counted(committed_cast, told):
    now = timezone.now()
    for tenant in (committed_cast.tenant, committed_cast.other):
        run_in(tenant, "pending", due_at=now - timedelta(minutes=2))
        run_in(tenant, "running", lease_until=now - timedelta(minutes=1))
        run_in(tenant, "stopped_by_drift", finished_at=now - timedelta(hours=1))
        run_in(tenant, "stopped_by_drift", finished_at=now - timedelta(hours=30))
    found = told()
    assert found['codex_runs{state="pending"}'] == 2
    assert found['codex_runs{state="running"}'] == 2
    assert found['codex_runs{state="stopped_by_drift"}'] == 2
    assert found["codex_drift_stops"] == 2
    assert found["codex_runs_left_by_their_worker"] == 2
    assert 120 <= found["codex_runs_waiting_seconds"] < 180


def test_requests_are_counted_by_view_and_never_by_path(cast, client, told):
    name = 'codex_requests_total{method="GET",status="200",view="livez"}'
    before = told().get(name, 0)
    for _ in range(3):
        client.get("/livez?secret=1")
    found = told()
    assert found[name] == before + 3
    assert not [key for key in found if "secret" in key]


def test_a_broker_that_is_away_leaves_its_figure_out(cast, told, settings):
    assert "codex_queue" in told()
    settings.CELERY_BROKER_URL = "redis+socket:///nowhere/valkey.sock"
    assert "codex_queue" not in told()


COUNTS = """
import os, sys
from multiprocessing import get_context

def work(n):
    from codex import metrics
    metrics.requests.labels("GET", "home", "200").inc(n)

if __name__ == "__main__":
    context = get_context("spawn")
    for n in (3, 4):
        one = context.Process(target=work, args=(n,))
        one.start(); one.join()
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    print(generate_latest(registry).decode())
"""


def test_processes_of_one_machine_add_up(tmp_path, settings):
    script = tmp_path / "count.py"
    script.write_text(COUNTS)
    shared = tmp_path / "shared"
    shared.mkdir()

    env = {**os.environ, metrics.SHARED: str(shared), "PYTHONPATH": str(settings.BASE_DIR)}
    env["DJANGO_SETTINGS_MODULE"] = "codex.settings"
    out = subprocess.run(
        [sys.executable, script], env=env, capture_output=True, text=True, timeout=120, check=True
    ).stdout
    assert 'codex_requests_total{method="GET",status="200",view="home"} 7.0' in out


def test_without_an_address_nothing_is_reported():
    assert reporting.start("") is False
