"""A file comes in: looked at, shown, confirmed or thrown away."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import Invalid, NotAllowed
from core.lifecycle import moving, record
from core.scope import scope
from stores import tasks
from stores.imports import sample
from stores.imports.errors import Unreadable
from stores.imports.sample import Sample
from stores.models import ImportRun
from stores.services import files
from stores.services.profile import ensure_profile, reading_context
from stores.services.running import Options, run_import
from stores.states import ImportKind

PERM = "stores.import_data"
# What is this small is imported while the person waits; the rest by a worker.
AT_ONCE = 256 * 1024


def receive_upload(
    *, tenant_id: str, file: BinaryIO, filename: str, actor: Actor, kind: str = ""
) -> ImportRun:
    """Keep a file and look at its beginning. Nothing is imported before it is confirmed."""
    _may_import(tenant_id, actor)
    sha256, size = files.digest(file)
    seen = _looked_at(tenant_id, file, kind=kind)
    run = ImportRun(
        tenant_id=tenant_id,
        kind=seen.kind,
        filename=_named(filename),
        size=size,
        sha256=sha256,
        uploaded_by_id=actor.user_id,
        mapping=seen.mapping,
        preview=seen.as_json(),
    )
    file.seek(0)
    run.path = files.keep(file, tenant_id=tenant_id, run_id=run.pk)
    run.save()
    record("import.received", run, actor=actor, data={"filename": run.filename, "sha256": sha256})
    return run


def choose_mapping(
    *, run_id: str, actor: Actor, kind: str = "", mapping: Mapping[str, str] | None = None
) -> ImportRun:
    """Look again with another kind or other columns; ``mapping`` is field → header."""
    with moving(ImportRun, run_id, actor=actor, perm=PERM, event="import.mapped") as run:
        _look_again(run, kind, mapping)
    return run


def confirm_import(
    *, run_id: str, actor: Actor, kind: str = "", mapping: Mapping[str, str] | None = None
) -> ImportRun:
    """Import the file: at once when it is small, otherwise as soon as a worker is free."""
    with moving(ImportRun, run_id, actor=actor, perm=PERM, event="import.confirmed") as run:
        run.mark_queued()
        if kind or mapping is not None:
            _look_again(run, kind, mapping)
    if run.size <= AT_ONCE:
        run_import(tenant_id=run.tenant_id, run_id=run.pk)
        run.refresh_from_db()
    else:
        tasks.import_file.publish(tenant_id=run.tenant_id, run_id=run.pk)
    return run


def discard_import(*, run_id: str, actor: Actor) -> ImportRun:
    with moving(ImportRun, run_id, actor=actor, perm=PERM, event="import.discarded") as run:
        run.mark_discarded()
        path, run.path = run.path, ""
        transaction.on_commit(partial(files.forget, path))
    return run


def import_file(
    *,
    tenant_id: str,
    path: Path,
    actor: Actor,
    kind: str = "",
    mapping: Mapping[str, str] | None = None,
    options: Options | None = None,
    progress: Callable[[int], None] | None = None,
) -> ImportRun:
    """Import a file of this machine from beginning to end; for operators."""
    with path.open("rb") as file:
        with scope(tenant_id=tenant_id, user_id=actor.user_id or ""):
            _may_import(tenant_id, actor)
            sha256, size = files.digest(file)
            seen = _looked_at(tenant_id, file, kind=kind, mapping=mapping)
            run = ImportRun.objects.create(
                tenant_id=tenant_id,
                kind=seen.kind,
                filename=_named(path.name),
                size=size,
                sha256=sha256,
                uploaded_by_id=actor.user_id,
                mapping=seen.mapping,
                preview=seen.as_json(),
            )
            record("import.received", run, actor=actor, data={"filename": run.filename})
            run.mark_queued()
            run.save()
        file.seek(0)
        return run_import(
            tenant_id=tenant_id, run_id=run.pk, file=file, options=options, progress=progress
        )


def _may_import(tenant_id: str, actor: Actor) -> None:
    if not actor.has_perm(PERM, ensure_profile(tenant_id)):
        raise NotAllowed(perm=PERM)


def _look_again(run: ImportRun, kind: str, mapping: Mapping[str, str] | None) -> None:
    if not run.path:
        raise Invalid({"file": [_("The file is not there any more.")]})
    with files.opened(run.path) as file:
        seen = _looked_at(run.tenant_id, file, kind=kind or run.kind, mapping=mapping)
    run.kind, run.mapping, run.preview = seen.kind, seen.mapping, seen.as_json()


def _looked_at(
    tenant_id: str, file: BinaryIO, *, kind: str = "", mapping: Mapping[str, str] | None = None
) -> Sample:
    if kind and kind not in ImportKind.values:
        raise Invalid({"kind": [_("“{kind}” is not a kind of file.").format(kind=kind)]})
    context = reading_context(ensure_profile(tenant_id))
    try:
        return sample.taken(file, context, kind=kind, mapping=mapping)
    except Unreadable as error:
        where = _("Line {line}: ").format(line=error.line) if error.line else ""
        raise Invalid({"file": [where + error.reason]}) from error


def _named(filename: str) -> str:
    """The last part of a name, as people may see it."""
    last = filename.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable())[:255] or "file.csv"
