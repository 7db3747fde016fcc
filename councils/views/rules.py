"""The routing rules, one by one, and the bench they are tried on."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import Invalid, NotFound
from councils import queries, services
from councils.forms import FactsForm, RuleForm, rule_facts
from councils.models import RoutingRule
from councils.views.settings import require
from councils.views.submitting import asked_seats
from drafts.queries import draft_for, listed_for

ASK = ["GET", "POST"]
NEWEST = 50


@require_http_methods(ASK)
def new(request):
    require(request, "councils.manage_councils")
    return _edit(request, None)


@require_http_methods(ASK)
def edit(request, rule_id: str):
    require(request, "councils.manage_councils")
    return _edit(request, _own(rule_id))


@require_POST
def move(request, rule_id: str):
    services.move_rule(
        tenant_id=request.actor.tenant_id,
        rule_id=rule_id,
        up=request.POST.get("way") == "up",
        actor=request.actor,
    )
    return redirect(reverse("councils:settings") + "#rules")


@require_http_methods(ASK)
def remove(request, rule_id: str):
    require(request, "councils.manage_councils")
    rule = _own(rule_id)
    if request.method == "POST":
        services.remove_rule(
            tenant_id=request.actor.tenant_id, rule_id=rule_id, actor=request.actor
        )
        messages.success(request, _("The rule is taken away."))
        return redirect("councils:settings")
    question = {
        "action": request.path,
        "back": reverse("councils:settings"),
        "title": _("Take the rule “{name}” away?").format(name=rule.name),
        "text": _("Drafts in review stay where they are. Others follow the rules that are left."),
        "yes": _("Take away"),
        "danger": True,
    }
    return render(request, "confirm.html", {"question": question})


@require_GET
def bench(request):
    """Which rule fires for a draft, or for facts somebody types, and why the others do not."""
    require(request, "councils.view_councils")
    asked = request.GET
    context: dict[str, object] = {
        "drafts": list(listed_for(request.actor).order_by("-created_at")[:NEWEST]),
        "form": FactsForm(asked if "workflow_type_id" in asked else None),
        "draft_id": asked.get("draft", ""),
    }
    if asked.get("draft"):
        context |= _tried_draft(draft_for(request.actor, asked["draft"]))
    elif context["form"].is_bound and context["form"].is_valid():  # type: ignore[attr-defined]
        facts = services.typed_facts(context["form"].cleaned_data, request.tenant.currency)  # type: ignore[attr-defined]
        context |= {"facts": facts, "trials": services.trials(facts)}
    return render(request, "councils/bench.html", context)


def _tried_draft(draft) -> dict[str, object]:
    facts = services.facts_of(draft)
    tried = services.trials(facts)
    found: dict[str, object] = {"draft": draft, "facts": facts, "trials": tried}
    try:
        route = services.route_of(draft)
    except services.Unreviewable as refused:
        return found | {"route_problem": str(refused.detail)}
    return found | {"route": route, "route_seats": asked_seats(draft, route)}


def _edit(request, rule: RoutingRule | None):
    data = request.POST if request.method == "POST" else None
    councils = list(queries.councils().filter(is_active=True).order_by("tenant_id", "name"))
    form = RuleForm(data, initial=rule_facts(rule) if rule else {}, councils=councils)
    if data is not None and form.is_valid():
        try:
            services.save_rule(
                tenant_id=request.actor.tenant_id,
                actor=request.actor,
                rule_id=rule.pk if rule else "",
                **form.wanted(),
            )
        except Invalid as refused:
            form.add_error(None, [str(text) for texts in refused.fields.values() for text in texts])
        else:
            messages.success(request, _("The rule is saved."))
            return redirect("councils:settings")
    context = {"form": form, "rule": rule, "has_councils": bool(councils)}
    return render(request, "councils/rule.html", context, status=422 if form.errors else 200)


def _own(rule_id: str) -> RoutingRule:
    found = queries.routing_rules().filter(pk=rule_id, tenant_id__isnull=False).first()
    if found is None:
        raise NotFound
    return found
