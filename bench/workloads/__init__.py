"""One module a workload, found by its number. Each has ``NUMBER``, ``TITLE`` and ``measure``."""

import pkgutil
from importlib import import_module
from types import ModuleType


def all_workloads() -> dict[int, ModuleType]:
    modules = [
        import_module(found.name) for found in pkgutil.iter_modules(__path__, f"{__name__}.")
    ]
    return {module.NUMBER: module for module in sorted(modules, key=lambda one: one.NUMBER)}
