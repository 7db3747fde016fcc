"""What the database itself refuses."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from templates_catalog import services
from templates_catalog.models import Template, TemplateSettings, TemplateUse


def refused(name: str):
    return pytest.raises(IntegrityError, match=name)


def test_what_ran_at_once_names_its_yes(cast, template):
    services.use_template(template_id=template.pk, actor=cast.actor("eddie"))

    with refused("use_at_once_has_its_yes"), transaction.atomic():
        TemplateUse.objects.update(at_once_at=timezone.now())


@pytest.mark.parametrize("wanted", [0, 51])
def test_some_clean_runs_are_always_asked_for(shop, wanted):
    with refused("template_settings_ask_for_some_runs"), transaction.atomic():
        TemplateSettings.objects.create(tenant=shop, clean_runs_needed=wanted)


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"offered_at": timezone.now()}, "template_offer_names_its_version"),
        ({"offered_version": 1}, "template_offer_names_its_version"),
        ({"in_library": True}, "template_library_is_the_platforms"),
        ({"published_from": "template_x"}, "template_library_is_the_platforms"),
    ],
)
def test_offers_and_the_library(template, facts, name):
    with refused(name), transaction.atomic():
        Template.objects.update(**facts)
