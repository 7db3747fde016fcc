"""The workflow types; ``load`` imports every family so that it registers itself."""

from importlib import import_module
from pkgutil import iter_modules

NOT_FAMILIES = frozenset({"base", "registry", "store"})


def load() -> None:
    for module in iter_modules(__path__):
        if module.name not in NOT_FAMILIES:
            import_module(f"{__name__}.{module.name}")
