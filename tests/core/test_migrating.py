"""Rendering one model at a time makes the same state as rendering all."""

from django.db import migrations, models
from django.db.migrations.state import ProjectState

from core.migrating import rendering_one_by_one

STEPS = [
    migrations.CreateModel("Shop", [("id", models.AutoField(primary_key=True))]),
    migrations.CreateModel("Shelf", [("id", models.AutoField(primary_key=True))]),
    migrations.AddField("Shelf", "shop", models.ForeignKey("house.Shop", models.CASCADE)),
    migrations.AddField("Shelf", "number", models.IntegerField()),
    migrations.AddConstraint(
        "Shelf", models.UniqueConstraint(fields=["shop", "number"], name="shelf_once")
    ),
]


def walk(apps: frozenset[str]) -> ProjectState:
    state = ProjectState()
    assert state.apps.get_models() == []
    with rendering_one_by_one(apps):
        for step in STEPS:
            step.state_forwards("house", state)
    return state


def test_the_state_is_the_same_and_asks_to_be_rendered_before_data_is_touched():
    one_by_one, whole = walk(frozenset({"house"})), walk(frozenset())

    assert one_by_one.models == whole.models
    assert one_by_one.is_delayed
    one_by_one.clear_delayed_apps_cache()
    shelf, shop = (one_by_one.apps.get_model("house", name) for name in ("Shelf", "Shop"))
    assert shelf._meta.get_field("shop").remote_field.model is shop


def test_afterwards_django_is_as_it_was():
    before = ProjectState.reload_model
    walk(frozenset({"house"}))

    assert ProjectState.reload_model is before
