"""The tenant's language model: who may set it, where it may be, what is kept and what it costs."""

import socket
from types import SimpleNamespace

import pytest
from django.urls import reverse

from core.errors import Invalid, NotAllowed, NotFound
from core.models import Event
from core.scope import scope
from tests.stores.factories import make_product
from tests.workflows.text.llm.conftest import GOOD, Server, answers, completion, says
from tests.workflows.types.shops import changes, make_clock, plan_for
from workflows import queries, services
from workflows.models import TextModel, TextSpending
from workflows.text.choice import writer_for
from workflows.text.llm.endpoint import configured, endpoint_for
from workflows.text.llm.memory import TenantPurse, this_month
from workflows.text.llm.writer import LlmWriter

URL, KEY = "https://llm.example/v1", "sk-very-secret"
PAGE, API = reverse("workflows:text_model"), reverse("workflows_api:text_model")


@pytest.fixture(autouse=True)
def names(monkeypatch):
    """Two public names, and one that leads inside; everything else is resolved as ever."""
    found = {"llm.example": "93.184.216.34", "other.example": "93.184.216.35"}
    found |= {"inside.example": "10.0.0.7"}
    real = socket.getaddrinfo

    def resolve(host, port, *args, **kwargs):
        if host in found:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (found[host], port))]
        return real(host, port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


def set_one(cast, who="olivia", **more) -> TextModel:
    asked = {"url": URL, "model": "writer", "key": KEY} | more
    return services.set_text_model(tenant_id=cast.tenant.pk, actor=cast.actor(who), **asked)


@pytest.mark.django_db
def test_the_key_is_sealed_and_the_audit_does_not_know_it(in_tenant, cast):
    found = set_one(cast)
    row = TextModel.objects.values().get()
    assert KEY not in str(row)
    assert (found.key, endpoint_for(cast.tenant.pk).key) == (KEY, KEY)
    event = Event.objects.get(kind="text_model.changed")
    assert event.data["key"] == "set"
    assert event.data["after"]["url"] == URL
    assert KEY not in str(event.data)


@pytest.mark.django_db
def test_another_address_needs_its_own_key(in_tenant, cast):
    set_one(cast)
    assert set_one(cast, key="", model="better").key == KEY
    with pytest.raises(Invalid) as refused:
        set_one(cast, key="", url="https://other.example/v1")
    assert list(refused.value.fields) == ["key"]
    assert TextModel.objects.get().url == URL
    assert set_one(cast, key="new", url="https://other.example/v1").key == "new"
    assert not set_one(cast, key="", forget_key=True, url=URL).has_key


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"url": "https://inside.example/v1"}, "url"),
        ({"url": "http://llm.example/v1"}, "url"),
        ({"url": "https://127.0.0.1/v1"}, "url"),
        ({"url": "https://2130706433/v1"}, "url"),
        ({"url": "https://[::1]/v1"}, "url"),
        ({"url": "https://a:b@llm.example/v1"}, "url"),
        ({"url": "nonsense"}, "url"),
        ({"model": " "}, "model"),
        ({"key": "with\nlines"}, "key"),
        ({"monthly_tokens": -1}, "monthly_tokens"),
        ({"texts_a_plan": 10_001}, "texts_a_plan"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(in_tenant, cast, given, field):
    with pytest.raises(Invalid) as refused:
        set_one(cast, **given)
    assert list(refused.value.fields) == [field]
    assert TextModel.objects.count() == Event.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["eddie", "vera"])
def test_only_owners_and_admins_set_try_and_remove_it(in_tenant, cast, who):
    set_one(cast, who="adam")
    actor, tenant_id = cast.actor(who), cast.tenant.pk
    with pytest.raises(NotAllowed):
        set_one(cast, who=who)
    for service in (services.try_text_model, services.remove_text_model):
        with pytest.raises(NotAllowed):
            service(tenant_id=tenant_id, actor=actor)
    assert TextModel.objects.count() == Event.objects.count() == 1


@pytest.mark.django_db
def test_removing_forgets_it_and_can_be_done_once(in_tenant, cast):
    set_one(cast)
    asked = {"tenant_id": cast.tenant.pk, "actor": cast.actor("olivia")}
    services.remove_text_model(**asked)
    assert queries.text_model(cast.tenant.pk) is None
    with pytest.raises(NotFound):
        services.remove_text_model(**asked)


@pytest.mark.django_db
def test_the_shops_own_comes_before_the_installations(in_tenant, cast, monkeypatch):
    for name in ("CODEX_LLM_URL", "CODEX_LLM_MODEL", "CODEX_LLM_KEY"):
        monkeypatch.delenv(name, raising=False)
    assert configured() is None
    assert not isinstance(writer_for("s", "en-gb", cast.tenant.pk), LlmWriter)
    monkeypatch.setenv("CODEX_LLM_URL", "http://llm.internal/v1/")
    monkeypatch.setenv("CODEX_LLM_MODEL", "m")
    monkeypatch.setenv("CODEX_LLM_MONTHLY_TOKENS", "5")
    shared = endpoint_for(cast.tenant.pk)
    assert (shared.url, shared.trusted) == ("http://llm.internal/v1", True)
    assert shared.monthly_tokens == 5
    set_one(cast)
    assert (endpoint_for(cast.tenant.pk).url, endpoint_for(cast.tenant.pk).trusted) == (URL, False)
    set_one(cast, is_active=False)
    assert endpoint_for(cast.tenant.pk) is None


@pytest.mark.django_db
def test_a_key_sealed_under_a_lost_secret_means_the_rules_write(in_tenant, cast, settings):
    set_one(cast)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", []
    assert endpoint_for(cast.tenant.pk) is None


@pytest.mark.django_db
@pytest.mark.parametrize(("who", "status"), [("olivia", 200), ("adam", 200), ("eddie", 403)])
def test_page_and_api_answer_the_same_people(cast, who, status):
    client = cast.client(who)
    given = {"url": URL, "model": "writer", "key": KEY, "monthly_tokens": 900, "texts_a_plan": 5}
    assert client.get(PAGE).status_code == status
    saved = client.put(API, given, content_type="application/json")
    assert saved.status_code == status
    if status != 200:
        return
    assert (saved.json()["has_key"], saved.json()["tokens_this_month"]) == (True, 0)
    page = client.post(PAGE, given | {"model": "better", "key": "", "is_active": "on"}, follow=True)
    assert page.status_code == 200
    assert KEY not in page.content.decode() + client.get(PAGE).content.decode()
    shown = client.get(API)
    assert shown.json()["model"] == "better"
    assert KEY not in shown.content.decode()
    assert client.delete(API).status_code == 204
    assert client.get(API).status_code == 404


@pytest.mark.django_db
def test_a_refused_page_keeps_what_was_typed_but_the_key(cast):
    given = {"url": "https://inside.example", "model": "w", "key": KEY, "monthly_tokens": "9"}
    page = cast.client("olivia").post(PAGE, given | {"texts_a_plan": "5"})
    assert page.status_code == 422
    text = page.content.decode()
    assert "It leads into a private network." in text
    assert "https://inside.example" in text
    assert KEY not in text


# -- with a real server on this machine, and a tenant that other connections see ------------------


@pytest.fixture
def shop(committed_cast, settings):
    settings.OUTBOUND_LOCAL = True
    server, cast = Server(), committed_cast
    with scope(tenant_id=cast.tenant.pk):
        make_clock(cast.tenant)
        make_product(cast.tenant, title="RED ENAMEL HANGING STAR LANTERN", handle="lantern")
        set_one(cast, url=server.url, monthly_tokens=1_000)
    yield SimpleNamespace(cast=cast, server=server)
    server.close()


def descriptions(cast):
    with scope(tenant_id=cast.tenant.pk):
        return plan_for(cast, "content.product_descriptions")


@pytest.mark.django_db(transaction=True)
def test_a_plan_pays_once_and_plans_the_same_twice(shop):
    shop.server.script = [says(GOOD, tokens=321)]
    first, again = descriptions(shop.cast), descriptions(shop.cast)

    assert first.fingerprint == again.fingerprint
    assert len(shop.server.requests) == 1
    with scope(tenant_id=shop.cast.tenant.pk):
        assert GOOD in changes(first)[0][3]
        [spent] = TextSpending.objects.values_list("month", "tokens", "texts")
    assert spent == (this_month(), 321, 1)
    metric = {m["key"]: m for m in first.summary["metrics"]}["by_model"]
    assert metric["value"] == 1
    with scope(tenant_id=shop.cast.other.pk):
        assert TenantPurse(shop.cast.other.pk).spent() == 0


@pytest.mark.django_db(transaction=True)
def test_when_the_month_is_spent_the_rules_write_and_the_plan_says_so(shop):
    TenantPurse(shop.cast.tenant.pk).spend(1_000)
    plan = descriptions(shop.cast)
    assert shop.server.requests == []
    assert plan.change_count == 1
    assert [w["code"] for w in plan.summary["warnings"]] == ["model_spent"]


@pytest.mark.django_db(transaction=True)
def test_a_server_that_fails_costs_no_plan(shop, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    shop.server.script = [answers(500)]
    plan = descriptions(shop.cast)
    assert plan.change_count == 1
    assert [w["code"] for w in plan.summary["warnings"]] == ["model_failed"]


@pytest.mark.django_db(transaction=True)
def test_it_can_be_tried(shop):
    greeting = completion('{"text": "Good morning."}', 7)
    shop.server.script = [answers(200, greeting), answers(401)]
    client = shop.cast.client("olivia")
    tried = client.post(
        reverse("workflows_api:try_text_model"), {}, content_type="application/json"
    ).json()
    assert tried["works"]
    assert tried["text"].startswith("It answered in ")
    page = client.post(reverse("workflows:try_text_model"), follow=True)
    assert "It did not answer: status 401." in page.content.decode()
    assert client.get(API).json()["tokens_this_month"] == 7
