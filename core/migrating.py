"""Migrations without rendering the whole house again at every step.

Django re-renders every model that is related to a changed one before each operation. Here all
tables are related through the tenant, so a constraint on one table rendered some hundred models,
and making a database took most of a minute. Adding a model, a field, an index, a constraint or a
trigger changes no other model: rendering that one alone is enough. Other models may hold the class
of before until Django renders anew, which ``is_delayed`` makes it do before any data migration.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.db.migrations.state import ProjectState

ADDING = ("add_model", "add_field", "_append_option", "_remove_option")


@contextmanager
def rendering_one_by_one(apps: frozenset[str]) -> Iterator[None]:
    """For migrations of ``apps``; those of other packages go Django's own way."""
    originals = {name: getattr(ProjectState, name) for name in (*ADDING, "reload_model")}
    adding = [False]

    def reload_model(self: Any, app_label: str, model_name: str, delay: bool = False) -> None:
        if app_label in apps and (delay or adding[0]):
            _render_alone(self, app_label, model_name)
        else:
            originals["reload_model"](self, app_label, model_name, delay)

    for name in ADDING:
        setattr(ProjectState, name, _while_adding(originals[name], adding))
    setattr(ProjectState, "reload_model", reload_model)  # noqa: B010 -- a method, for a while
    try:
        yield
    finally:
        for name, original in originals.items():
            setattr(ProjectState, name, original)


def _while_adding(method: Callable[..., None], adding: list[bool]) -> Callable[..., None]:
    @wraps(method)
    def called(self: Any, *args: Any, **options: Any) -> None:
        adding[0] = True
        try:
            method(self, *args, **options)
        finally:
            adding[0] = False

    return called


def _render_alone(state: Any, app_label: str, model_name: str) -> None:
    if "apps" not in state.__dict__:
        return  # nothing is rendered yet; the first look renders all
    state.is_delayed = True
    with state.apps.bulk_update():
        state.apps.unregister_model(app_label, model_name)
    state.apps.render_multiple([state.models[app_label, model_name]])
