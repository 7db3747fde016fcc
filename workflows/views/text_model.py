"""Settings, Texts: which language model writes, and what it has cost."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import Invalid, NotAllowed
from core.requests import Request
from workflows import queries, services
from workflows.forms import TextModelForm
from workflows.models import TextModel
from workflows.text.llm.endpoint import configured
from workflows.text.llm.memory import this_month

PERM = "workflows.set_text_model"


@never_cache
@require_http_methods(["GET", "POST"])
def text_model(request: Request) -> HttpResponse:
    _require(request)
    own = queries.text_model(request.actor.tenant_id)
    if request.method != "POST":
        return _page(request, own, TextModelForm(initial=_facts(own)))
    form = TextModelForm(request.POST)
    if not form.is_valid():
        return _page(request, own, form, 422)
    try:
        services.set_text_model(
            tenant_id=request.actor.tenant_id, actor=request.actor, **form.cleaned_data
        )
    except Invalid as error:
        for name, texts in error.fields.items():
            form.add_error(name if name in form.fields else None, [str(text) for text in texts])
        return _page(request, own, form, 422)
    messages.success(request, _("Saved."))
    return redirect("workflows:text_model")


@require_POST
def try_it(request: Request) -> HttpResponse:
    _require(request)
    works, text = services.try_text_model(tenant_id=request.actor.tenant_id, actor=request.actor)
    (messages.success if works else messages.error)(request, text)
    return redirect("workflows:text_model")


@require_http_methods(["GET", "POST"])
def remove(request: Request) -> HttpResponse:
    _require(request)
    if request.method == "POST":
        services.remove_text_model(tenant_id=request.actor.tenant_id, actor=request.actor)
        messages.success(request, _("Removed. Its key is gone too."))
        return redirect("workflows:text_model")
    question = {
        "title": _("Remove this language model?"),
        "text": _("Its address and key are forgotten. Texts already planned stay as they are."),
        "yes": _("Remove"),
        "danger": True,
        "action": request.path,
        "back": "/portal/settings/text-model",
    }
    return render(request, "confirm.html", {"question": question})


def _page(
    request: Request, own: TextModel | None, form: TextModelForm, status: int = 200
) -> HttpResponse:
    spending = queries.text_spending(request.actor.tenant_id)
    context = {
        "form": form,
        "own": own,
        "platform": None if own else configured(),
        "spending": spending,
        "spent": next((row for row in spending if row.month == this_month()), None),
    }
    return render(request, "workflows/text_model.html", context, status=status)


def _facts(own: TextModel | None) -> dict[str, object]:
    names = ("url", "model", "monthly_tokens", "texts_a_plan", "is_active")
    return {name: getattr(own, name) for name in names} if own else {}


def _require(request: Request) -> None:
    if request.tenant is None or not request.actor.has_perm(PERM, request.tenant):
        raise NotAllowed(perm=PERM)
