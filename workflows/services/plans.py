"""Making plans: validate, let the type look and say, store what it said with its fingerprint."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

import pydantic
import structlog
from django.db import DataError, IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import DomainError, Invalid, NotAllowed
from core.ids import new_id
from core.scope import require_tenant_id, scope
from stores.gateways import gateway_for
from tenants.models import Tenant
from workflows import queries
from workflows.engine.batch import planned
from workflows.models import Artifact, ArtifactPart, Plan
from workflows.planning.encoding import change_line
from workflows.planning.errors import PlanFailed, invalid_inputs
from workflows.planning.files import MadeFile
from workflows.planning.fingerprint import Blocks, fingerprint
from workflows.planning.sink import CopySink
from workflows.planning.staging import Staging
from workflows.planning.summary import summary
from workflows.services.measuring import measured
from workflows.types import registry
from workflows.types.base import RequiredInputs, TypeInputs, WorkflowType
from workflows.types.store import StoreReader

log = structlog.get_logger(__name__)
FORGET = (
    "DELETE FROM workflow_plan_delta_rows WHERE delta_id IN (SELECT id FROM workflow_plan_deltas"
    " WHERE plan_id = %(plan)s OR earlier_id = %(plan)s)",
    "DELETE FROM workflow_plan_deltas WHERE plan_id = %(plan)s OR earlier_id = %(plan)s",
    "DELETE FROM workflow_artifact_parts WHERE plan_id = %(plan)s",
    "DELETE FROM workflow_artifacts WHERE plan_id = %(plan)s",
    "DELETE FROM workflow_planned_changes WHERE plan_id = %(plan)s",
    "DELETE FROM workflow_plans WHERE id = %(plan)s",
)


def validate_inputs(workflow_type_id: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs with their defaults, as JSON; ``Invalid`` with ``inputs.<name>`` otherwise."""
    return canonical_inputs(parse_inputs(registry.get(workflow_type_id), inputs))


def parse_inputs(kind: WorkflowType, inputs: Mapping[str, Any]) -> TypeInputs:
    try:
        return kind.Inputs.model_validate(dict(inputs))
    except pydantic.ValidationError as error:
        raise invalid_inputs(error) from error


def canonical_inputs(parsed: TypeInputs) -> dict[str, Any]:
    return parsed.model_dump(mode="json", by_alias=True)


def make_plan(
    *,
    tenant_id: str,
    workflow_type_id: str,
    inputs: Mapping[str, Any],
    draft_id: str | None,
    seed: str,
    actor: Actor,
) -> Plan:
    """Plan on the shop as it is. The type runs where the database refuses to write; when it
    fails, nothing of it is left and the error carries a reference to the trace in the log."""
    begun = begin_plan(tenant_id, workflow_type_id, inputs, draft_id, seed, actor)
    plan, kind, parsed, store = begun
    with transaction.atomic(), _staging() as staging:
        sink = CopySink(staging, seed)
        with closing(sink):
            run_type(kind, store, parsed, sink)
            store_or_fail(plan, kind, sink, store)
    return plan


def begin_plan(
    tenant_id: str,
    workflow_type_id: str,
    inputs: Mapping[str, Any],
    draft_id: str | None,
    seed: str,
    actor: Actor,
) -> tuple[Plan, WorkflowType, TypeInputs, StoreReader]:
    """What is known before the type has looked: refused input is found here."""
    kind = registry.get(workflow_type_id)
    parsed = parse_inputs(kind, inputs)
    tenant = Tenant.objects.get(pk=tenant_id)
    if not actor.has_perm("workflows.make_plan", tenant):
        raise NotAllowed(perm="workflows.make_plan")
    plan = Plan(
        tenant=tenant,
        draft_id=draft_id,
        workflow_type_id=kind.id,
        type_version=kind.version,
        inputs=canonical_inputs(parsed),
        seed=seed,
    )
    return plan, kind, parsed, StoreReader(tenant, seed)


@contextmanager
def _staging() -> Iterator[Staging]:
    staging = Staging(new_id("plan"))
    staging.make()
    yield staging
    staging.drop()


def run_type(kind: WorkflowType, store: StoreReader, parsed: TypeInputs, sink: CopySink) -> None:
    """In a savepoint set to read only; the end of the savepoint ends that too."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
            kind.plan(store, parsed, sink)
            if sink.verdict is None:
                raise ValueError(f"{kind.id} did not finish its plan")
            sink.flush()
            _settle_order(sink)
            _check_writable(sink)
    except RequiredInputs as error:
        raise Invalid(
            {f"inputs.{name}".rstrip("."): [text] for name, text in error.fields.items()}
        ) from error
    except DomainError:
        raise
    except Exception as error:
        raise _failed(kind, error) from error


def _settle_order(sink: CopySink) -> None:
    """A plan that did not come sorted is hashed in a second pass over its rows."""
    if sink.is_sorted:
        return
    if (twice := sink.staging.duplicate()) is not None:
        raise ValueError(f"the plan changes {twice} twice")
    sink.targets = sink.staging.targets()
    sink.blocks = Blocks().add_all(sink.staging.lines())


def _check_writable(sink: CopySink) -> None:
    """A plan holds nothing the shop would refuse: that would be found out half-way through."""
    refused = gateway_for(require_tenant_id()).refusals(sink.staging.relation())
    if refused:
        first = refused[0]
        raise ValueError(f"change {first.position} of {len(refused)} refused: {first.reason}")


def _failed(kind: WorkflowType, error: Exception) -> PlanFailed:
    reference = new_id("fault")
    log.exception("plan_failed", reference=reference, workflow_type_id=kind.id, exc_info=error)
    text = _(
        "“{title}” stopped with an error while planning. Nothing was changed or stored."
        " If it happens again, tell us this reference: {reference}"
    )
    return PlanFailed(
        text.format(title=kind.title, reference=reference),
        reference=reference,
    )


def store_or_fail(plan: Plan, kind: WorkflowType, sink: CopySink, store: StoreReader) -> None:
    """Values PostgreSQL cannot hold are found out here: a fault of the type too."""
    try:
        with transaction.atomic():
            _store(plan, kind, sink, store)
    except DataError as error:
        raise _failed(kind, error) from error


def _store(plan: Plan, kind: WorkflowType, sink: CopySink, store: StoreReader) -> None:
    plan.fingerprint = fingerprint(kind.id, kind.version, plan.inputs, sink.blocks.finished())
    plan.change_count = sink.count
    plan.summary = summary(sink, store) | measured(
        plan, kind, sink.verdict.risks if sink.verdict else (), relation=sink.staging.measured()
    )
    plan.save(force_insert=True)
    sink.staging.store(plan.tenant_id, plan.pk)
    for made in sink.files.values():
        _store_file(plan, made)
    plan.refresh_from_db(fields=["computed_at", "summary"])


def _store_file(plan: Plan, made: MadeFile) -> None:
    artifact = Artifact.objects.create(
        tenant_id=plan.tenant_id,
        plan=plan,
        name=made.name,
        media_type=made.media_type,
        size=made.size,
        sha256=made.sha256,
    )
    for number, data in enumerate(made.parts()):
        ArtifactPart.objects.create(
            tenant_id=plan.tenant_id, plan=plan, artifact=artifact, number=number, data=data
        )


def stored_fingerprint(plan: Plan, leaving_out: Iterable[int] = ()) -> str:
    """Computed again from the rows, as whoever runs the plan will find them; or as they would be
    without some positions."""
    blocks = Blocks()
    rows = queries.changes_in_hash_order(plan, leaving_out)
    for kind, entity, target_id, field, before, after in rows:
        blocks.add(change_line(kind, entity, target_id, field, before, after))
    return fingerprint(plan.workflow_type_id, plan.type_version, plan.inputs, blocks.finished())


def plan_is_fresh(plan: Plan) -> bool:
    """Whether every target still holds its before-value and the type still plans the same way."""
    kind = registry.find(plan.workflow_type_id)
    if kind is None or kind.version != plan.type_version:
        return False
    gateway = gateway_for(plan.tenant_id)
    return not (gateway.drift(planned(plan.pk, 1, plan.change_count)))


def prune_plans() -> int:
    """Delete yesterday's previews that nothing refers to: no run, draft, revision or verdict.

    The finder knows of runs and drafts; what higher floors refer to, the database's own
    references tell.
    """
    return sum(_forget(tenant_id, plan_id) for tenant_id, plan_id in queries.old_plan_ids())


def _forget(tenant_id: str, plan_id: str) -> bool:
    try:
        with scope(tenant_id=tenant_id), transaction.atomic(), connection.cursor() as cursor:
            for statement in FORGET:
                cursor.execute(statement, {"plan": plan_id})
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError:
        return False
    return True
