"""For load balancers: whether this process lives, and whether it can serve."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from codex import vitals


def livez(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:
    """503 with the part that is missing; asks nothing of the tenant tables.

    A silent beat is said and is no reason for 503: taking every web machine away from people
    would not wake it.
    """
    found = [vitals.look_at(part, check) for part, check in vitals.NEEDED.items()]
    ready = all(one.is_well for one in found)
    said = {one.part: one.said for one in found}
    if said["database"] == "ok":
        said["beat"] = vitals.look_at("beat", vitals.beat).said
    return JsonResponse({"ready": ready, **said}, status=200 if ready else 503)
