"""The library: offered by one shop, published by staff, installed, updated; and as signed files."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core.actors import SystemActor
from core.canonical import canonical_json
from core.errors import Conflict, Invalid, NotAllowed
from core.models import Event
from core.routing import on_database
from core.scope import scope
from templates_catalog import files, queries, services
from templates_catalog.models import StandingApproval, Template, TemplateVersion
from tenants.models import Tenant
from tests.drafts.conftest import raise_prices  # noqa: F401 -- fixture
from tests.templates_catalog.conftest import SOON, TYPE
from tests.workflows.conftest import make_shop

STAFF = SystemActor("staff tess", grants=frozenset({"templates.publish_template"}))
API = "/api/templates"


@pytest.fixture
def signing(settings, tmp_path):
    settings.TEMPLATE_SIGNING_KEY = ""
    settings.TEMPLATE_SIGNING_KEY_FILE = tmp_path / "templates.key"
    settings.TEMPLATE_TRUSTED_SIGNERS = []
    return settings


@pytest.fixture
def offered(committed_cast):
    """Olivia's template, offered to all shops."""
    cast = committed_cast
    with scope(tenant_id=cast.tenant.pk):
        make_shop(cast.tenant.pk)
        made = services.create_template(
            tenant_id=cast.tenant.pk,
            actor=cast.actor("olivia"),
            name="Raise by one",
            category="E-commerce",
            tags=["price"],
            workflow_type_id=TYPE,
            default_inputs={"add": "1.00"},
        )
        return services.offer_template(template_id=made.pk, actor=cast.actor("olivia"))


def publish(offered) -> Template:
    return services.publish_offered(
        tenant_id=offered.tenant_id, template_id=offered.pk, actor=STAFF
    )


def test_from_one_shop_through_the_platform_to_another(committed_cast, offered):
    cast, stranger = committed_cast, committed_cast.client("stranger")
    assert stranger.get(f"{API}/library").json()["templates"] == []

    entry = publish(offered)

    listed = stranger.get(f"{API}/library").json()["templates"]
    assert [(one["id"], one["installed_id"], one["results"]) for one in listed] == [
        (entry.pk, None, None)
    ]
    assert stranger.get(f"{API}/{entry.pk}").status_code == 404  # to install, not to use
    page = stranger.post(f"/portal/workflows/templates/{entry.pk}/install")
    again = stranger.post(f"{API}/{entry.pk}/install", {}, content_type="application/json")
    with scope(tenant_id=cast.other.pk):
        copy = Template.objects.get(tenant=cast.other)
        assert (copy.origin_id, copy.origin_version) == (entry.pk, 1)
        assert queries.version_in_force(copy).default_inputs == {"add": "1.00"}
    assert page["Location"] == copy.get_absolute_url()
    assert again.json()["id"] == copy.pk
    with scope(tenant_id=cast.tenant.pk):
        assert Event.objects.filter(kind="template.published").count() == 1


def test_an_update_is_a_difference_to_accept(committed_cast, offered):
    cast, stranger = committed_cast, committed_cast.client("stranger")
    entry = publish(offered)
    copy_id = stranger.post(
        f"{API}/{entry.pk}/install", {}, content_type="application/json"
    ).json()["id"]
    assert stranger.get(f"{API}/{copy_id}/update").status_code == 409
    with scope(tenant_id=cast.tenant.pk):
        olivia = cast.actor("olivia")
        services.update_template(
            template_id=offered.pk, actor=olivia, default_inputs={"add": "2.00"}
        )
        services.offer_template(template_id=offered.pk, actor=olivia)
    publish(offered)

    shown = stranger.get(f"{API}/{copy_id}/update").json()
    page = stranger.get(f"/portal/workflows/templates/{copy_id}/update").content.decode()
    assert [one["words"][-11:] for one in shown["differences"]] == ["1.00 → 2.00"]
    assert "Take it over" in page
    with scope(tenant_id=cast.other.pk):
        assert Template.objects.get(pk=copy_id).version == 1  # pinned until somebody accepts

    body = {"to_version": 7}
    wrong = stranger.post(f"{API}/{copy_id}/update", body, content_type="application/json")
    assert wrong.status_code == 409
    stranger.post(f"/portal/workflows/templates/{copy_id}/update", {"to_version": "2"})

    with scope(tenant_id=cast.other.pk):
        copy = Template.objects.get(pk=copy_id)
        assert (copy.version, copy.origin_version) == (2, 2)
        assert queries.version_in_force(copy).default_inputs == {"add": "2.00"}


def test_nothing_is_published_that_is_not_offered_nor_by_anybody_else(committed_cast, offered):
    olivia = committed_cast.actor("olivia")
    with pytest.raises(NotAllowed):
        services.publish_offered(tenant_id=offered.tenant_id, template_id=offered.pk, actor=olivia)
    with scope(tenant_id=offered.tenant_id):
        services.withdraw_offer(template_id=offered.pk, actor=olivia)
    with pytest.raises(Conflict):
        publish(offered)
    with on_database("staff"):
        assert Template.objects.filter(in_library=True).count() == 0


@pytest.mark.parametrize("who", ["eddie", "bob", "vera"])
def test_only_managers_offer(cast, template, who):
    answer = cast.client(who).post(
        f"{API}/{template.pk}/offer", {}, content_type="application/json"
    )

    assert answer.status_code == 403
    assert Template.objects.get().offered_at is None


def test_what_is_taken_out_stays_with_those_who_have_it(committed_cast, offered):
    stranger = committed_cast.client("stranger")
    entry = publish(offered)
    stranger.post(f"{API}/{entry.pk}/install", {}, content_type="application/json")

    services.unpublish(entry_id=entry.pk, reason="Out of season", actor=STAFF)

    assert stranger.get(f"{API}/library").json()["total"] == 0
    assert stranger.get(API).json()["total"] == 1


def test_results_are_told_from_five_shops_on(committed_cast, offered):
    entry = publish(offered)
    shops = [make_run(number, entry) for number in range(4)]
    with scope(tenant_id=committed_cast.other.pk):
        assert queries.results([entry.pk]) == {}

    shops.append(make_run(4, entry, fidelity="0.5"))

    with scope(tenant_id=committed_cast.other.pk):
        told = queries.results([entry.pk])[entry.pk]
        assert (told.shops, told.runs, told.succeeded, told.broken) == (5, 5, 5, 0)
        assert (float(told.fidelity), float(told.low), float(told.high)) == (0.9, 1.0, 1.0)
        assert queries.results([offered.pk]) == {}  # a shop's own is nobody else's to sum


def make_run(number: int, entry: Template, fidelity: str = "1") -> str:
    """One finished run of a copy in a shop of its own."""
    from drafts.models import Draft
    from workflows.models import Plan, Workflow

    tenant_id = f"tenant_shop_{number}"
    with scope(tenant_id=tenant_id):
        tenant = Tenant.objects.create(pk=tenant_id, name=f"Shop {number}")
        copy = Template.objects.create(
            tenant=tenant,
            name="Copy",
            category="Content",
            workflow_type_id=TYPE,
            origin_id=entry.pk,
            origin_version=1,
        )
        draft = Draft.objects.create(
            tenant=tenant,
            name="From it",
            workflow_type_id=TYPE,
            created_by_id="user_stranger",
            updated_by_id="user_stranger",
            created_from_template_id=copy.pk,
        )
        plan = Plan.objects.create(
            tenant=tenant,
            draft=draft,
            workflow_type_id=TYPE,
            type_version=1,
            inputs={},
            fingerprint="f" * 64,
            summary={},
            change_count=2,
            seed=draft.pk,
        )
        run = Workflow.objects.create(
            tenant=tenant,
            plan=plan,
            draft=draft,
            workflow_type_id=TYPE,
            name="Run",
            inputs={},
            created_by_agent="draft_converter",
            total=2,
        )
        with connection.cursor() as cursor:
            for status in ("running", "succeeded"):
                cursor.execute(
                    "UPDATE workflows SET status = %s, done = 2, applied = 2, fidelity = %s,"
                    " finished_at = now() WHERE id = %s",
                    [status, fidelity, run.pk],
                )
    return tenant_id


# Files


def export(cast, template) -> dict:
    return cast.client("olivia").get(f"{API}/{template.pk}/export").json()


def bring(cast, document, who="olivia"):
    return cast.client(who).post(f"{API}/import", document, content_type="application/json")


def test_a_file_goes_out_and_comes_back_as_it_was(cast, template, signing):
    document = export(cast, template)

    made = bring(cast, document)

    assert made.status_code == 201
    assert (made.json()["name"], made.json()["is_verified"]) == ("Raise by one", True)
    assert made.json()["default_inputs"] == {"add": "1.00"}
    assert signing.TEMPLATE_SIGNING_KEY_FILE.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "tamper",
    [
        lambda document: document["template"]["default_inputs"].update(add="9.00"),
        lambda document: document.update(signed_at="2020-01-01T00:00:00+00:00"),
        lambda document: document.update(signature="AAAA"),
        lambda document: document.pop("signature"),
        lambda document: document.update(signer=base64.b64encode(b"x" * 32).decode()),
        lambda document: document.update(more="smuggled"),
    ],
)
def test_a_file_that_was_changed_is_refused_in_words(cast, template, signing, tamper):
    document = export(cast, template)
    tamper(document)

    answer = bring(cast, document)

    assert answer.status_code == 422
    assert answer.json()["errors"]["file"] == [
        "The signature does not fit: the file was changed after it was signed."
    ]
    assert Template.objects.count() == 1


@pytest.mark.parametrize(
    "raw",
    [b"", b"no json", b"[]", b"{}", b'{"format": "codex-template"}', b"\xff\xfe", b"[" * 9999],
)
def test_what_is_no_template_file_is_refused_in_words(signing, raw):
    with pytest.raises(Invalid) as refused:
        files.opened(raw)

    assert list(refused.value.fields) == ["file"]


def test_somebody_unknown_is_not_verified_and_never_approved_in_advance(
    cast, council, template, signing, earned
):
    foreign = signed_by(Ed25519PrivateKey.generate(), export(cast, template))

    made = bring(cast, foreign)

    assert (made.status_code, made.json()["is_verified"]) == (201, False)
    found = Template.objects.get(pk=made.json()["id"])
    services.update_template(
        template_id=found.pk, actor=cast.actor("olivia"), council_id=council.pk
    )
    body = {"until": (timezone.now() + SOON).isoformat()}
    answer = cast.client("rita").post(
        f"{API}/{found.pk}/pre-approve", body, content_type="application/json"
    )
    assert answer.status_code == 409
    with pytest.raises(IntegrityError, match="nobody vouches"), transaction.atomic():
        StandingApproval.objects.create(
            tenant_id=found.tenant_id,
            template=found,
            version=TemplateVersion.objects.get(template=found),
            council=council,
            bounds={},
            until=timezone.now() + SOON,
        )
    assert cast.client("olivia").get(f"{API}/{found.pk}/export").status_code == 409
    page = cast.client("vera").get(found.get_absolute_url()).content.decode()
    assert "Unverified" in page


def test_a_signer_the_operator_named_is_verified(cast, template, signing):
    key = Ed25519PrivateKey.generate()
    foreign = signed_by(key, export(cast, template))
    signing.TEMPLATE_TRUSTED_SIGNERS = [foreign["signer"]]

    assert bring(cast, foreign).json()["is_verified"] is True


def signed_by(key: Ed25519PrivateKey, document: dict) -> dict:
    signer = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    rest = {**document, "signer": signer}
    rest.pop("signature")
    return {**rest, "signature": base64.b64encode(key.sign(canonical_json(rest))).decode()}


def test_the_page_takes_a_file_and_says_why_it_does_not(cast, template, signing):
    client = cast.client("olivia")
    sent = client.get(f"/portal/workflows/templates/{template.pk}/export")
    assert sent["Content-Disposition"] == 'attachment; filename="raise-by-one.template.json"'
    document = json.loads(sent.content)

    good = client.post(
        "/portal/workflows/templates/library/import",
        {"file": SimpleUploadedFile("a.json", sent.content)},
    )
    document["template"]["name"] = "Another"
    bad = client.post(
        "/portal/workflows/templates/library/import",
        {"file": SimpleUploadedFile("a.json", json.dumps(document).encode())},
    )

    assert good.status_code == 302
    assert bad.status_code == 422
    assert "The signature does not fit" in bad.content.decode()
    assert Template.objects.count() == 2


@pytest.mark.parametrize("who", ["eddie", "vera"])
def test_only_managers_take_files_in(cast, template, signing, who):
    assert bring(cast, export(cast, template), who).status_code == 403
    assert Template.objects.count() == 1


def test_a_copy_of_a_shared_template_is_ones_own(committed_cast):
    from templates_catalog.services.writing import keep_shared_template

    with on_database("staff"):
        keep_shared_template(
            template_id="template_x", name="X", category="Content", workflow_type_id=TYPE
        )

    answer = committed_cast.client("eddie").post("/portal/workflows/templates/template_x/install")

    with scope(tenant_id=committed_cast.tenant.pk):
        copy = Template.objects.get(tenant=committed_cast.tenant)
        assert (answer["Location"], copy.origin_id) == (copy.get_absolute_url(), "template_x")


def test_one_live_copy_of_each_origin(committed_cast, offered):
    entry = publish(offered)
    with scope(tenant_id=committed_cast.other.pk):
        stranger = committed_cast.actor("stranger")
        services.install_template(template_id=entry.pk, actor=stranger)
        with pytest.raises(IntegrityError, match="template_one_live_copy"), transaction.atomic():
            Template.objects.create(
                tenant=committed_cast.other,
                name="Twice",
                category="Content",
                workflow_type_id=TYPE,
                origin_id=entry.pk,
                origin_version=1,
            )
