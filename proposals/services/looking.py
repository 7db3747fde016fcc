"""Asking the detectors: a batch of shops, each in its own language and with its own settings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pydantic
import structlog
from django.db import connections, transaction
from django.utils import translation

from proposals import queries
from proposals.detectors import registry
from proposals.detectors.base import Detector, Finding, Shop
from proposals.detectors.reading import Reader
from stores import queries as stores
from tenants.models import Tenant

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Sighting:
    """A finding, with the detector that made it and the settings it had."""

    detector: Detector
    settings: Any
    finding: Finding


@dataclass
class Look:
    """One shop being looked at: what was found, what failed, what it cost."""

    shop: Shop
    locale: str
    settings: Mapping[str, Any]
    sightings: list[Sighting] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)


def look_of(tenant_id: str, *, only: str | None = None, today: Any = None) -> Look:
    """The shop as the detectors have to know it; in the tenant's scope."""
    tenant = Tenant.objects.get(pk=tenant_id)
    profile = stores.profile(tenant_id)
    shop = Shop(
        tenant_id=tenant_id,
        today=today or stores.today(tenant_id),
        currency=profile.currency,
        country=profile.country,
        timezone=tenant.timezone,
        clock=profile.clock,
    )
    settings, errors = settings_of(only)
    return Look(shop=shop, locale=tenant.locale, settings=settings, errors=errors)


def settings_of(only: str | None = None) -> tuple[dict[str, Any], dict[str, str]]:
    """Typed settings by detector id, of those switched on (or of the one asked for); and what is
    wrong with those that an older version of a detector took and this one does not."""
    rows = queries.settings_rows()
    wanted = [registry.get(only)] if only else registry.all()
    found, errors = {}, {}
    for detector in wanted:
        row = rows.get(detector.id)
        if only or row is None or row.is_on:
            try:
                found[detector.id] = detector.Settings.model_validate(row.values if row else {})
            except pydantic.ValidationError as error:
                errors[detector.id] = f"ValidationError: {error.errors()[0]['msg']}"
    return found, errors


def ask_detectors(looks: Sequence[Look], reader: Reader) -> None:
    """Every detector over every shop it is switched on for; what fails is noted on its shops."""
    for detector in registry.all():
        asked = [look for look in looks if detector.id in look.settings]
        if asked:
            _ask(detector, asked, reader)


def _ask(detector: Detector, looks: Sequence[Look], reader: Reader) -> None:
    try:
        with _read_only(reader.alias):
            _see(detector, looks, reader)
    except Exception as error:
        log.exception("detector_failed", detector=detector.id, shops=len(looks))
        if len(looks) == 1:
            looks[0].errors[detector.id] = f"{type(error).__name__}: {error}"
            return
        # One shop's data must not cost the others theirs.
        for look in looks:
            look.sightings = [s for s in look.sightings if s.detector is not detector]
            _ask(detector, [look], reader)


def _read_only(alias: str) -> Any:
    """A savepoint (or transaction), so that a statement that fails spoils nothing else."""
    return transaction.atomic(using=alias, savepoint=connections[alias].in_atomic_block)


def _see(detector: Detector, looks: Sequence[Look], reader: Reader) -> None:
    pairs = [(look.shop, look.settings[detector.id]) for look in looks]
    facts = detector.read(reader, pairs)
    found = [(look, finding) for look in looks for finding in _judged(detector, look, facts)]
    for locale in {look.locale for look, _finding in found}:
        group = [(look, finding) for look, finding in found if look.locale == locale]
        with translation.override(locale):
            _keep(detector, group, reader)


def _judged(detector: Detector, look: Look, facts: Mapping[str, Any]) -> Iterable[Finding]:
    if look.shop.tenant_id not in facts:
        return []
    with translation.override(look.locale):
        return detector.judge(look.shop, facts[look.shop.tenant_id], look.settings[detector.id])


def _keep(detector: Detector, group: Sequence[tuple[Look, Finding]], reader: Reader) -> None:
    asked = [(look.shop, look.settings[detector.id], finding) for look, finding in group]
    # Shops may have several findings; a read serves one finding of each shop.
    fuller: dict[tuple[str, str], Finding] = {}
    for batch in _one_each(asked):
        fuller.update(detector.illustrate(reader, batch))
    for look, finding in group:
        kept = fuller.get((look.shop.tenant_id, finding.target), finding)
        look.sightings.append(Sighting(detector, look.settings[detector.id], kept))


def _one_each(
    asked: Sequence[tuple[Shop, Any, Finding]],
) -> Iterable[list[tuple[Shop, Any, Finding]]]:
    waiting = list(asked)
    while waiting:
        batch: dict[str, tuple[Shop, Any, Finding]] = {}
        for entry in waiting:
            batch.setdefault(entry[0].tenant_id, entry)
        yield list(batch.values())
        taken = {id(entry) for entry in batch.values()}
        waiting = [entry for entry in waiting if id(entry) not in taken]
