"""One example a body, for the API's document."""

from drf_spectacular.utils import OpenApiExample

NOTICES = OpenApiExample(
    "Notices",
    value={
        "notifications": [
            {
                "id": "notice_01kbeh4x8q6w1t2n3m4p5r6s7v",
                "tenant_id": "tenant_demo",
                "kind": "review.asked",
                "group": "reviews",
                "subject": "“Raise winter prices” waits for your review",
                "text": "",
                "url": "/portal/reviews/draft_01kbeh4x8q6w1t2n3m4p5r6s7v",
                "details": {"effect": "Raises 12 prices by 4 % on average."},
                "created_at": "2026-11-23T09:12:00Z",
                "read_at": None,
            }
        ],
        "total": 1,
        "limit": 50,
        "offset": 0,
        "next": None,
    },
    response_only=True,
)
PREFERENCES = {
    "groups": {
        "reviews": {"in_app": True, "mail": "now"},
        "runs": {"in_app": True, "mail": "digest"},
    },
    "digest": {"hour": 8, "timezone": ""},
}
WISHES_IN = OpenApiExample("Runs in the digest", value=PREFERENCES, request_only=True)
WISHES_OUT = OpenApiExample("As they stand", value=PREFERENCES, response_only=True)
ENDPOINT = {
    "id": "endpoint_01kbeh4x8q6w1t2n3m4p5r6s7v",
    "tenant_id": "tenant_demo",
    "kind": "webhook",
    "name": "Our bookkeeping",
    "url": "https://books.example.com/codex",
    "kinds": ["workflow.succeeded"],
    "is_active": True,
    "why_off": "",
    "failures": 0,
    "failing_since": None,
    "old_secret_until": None,
    "created_at": "2026-11-23T09:12:00Z",
}
ENDPOINT_IN = OpenApiExample(
    "A webhook",
    value={key: ENDPOINT[key] for key in ("kind", "name", "url", "kinds")},
    request_only=True,
)
ENDPOINT_EDIT = OpenApiExample("Switch it off", value={"is_active": False}, request_only=True)
ENDPOINT_OUT = OpenApiExample("A webhook", value=ENDPOINT, response_only=True)
ENDPOINT_MADE = OpenApiExample(
    "A webhook, with its key",
    value={**ENDPOINT, "secret": "whsec_3q2+7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="},
    response_only=True,
)
ENDPOINTS = OpenApiExample(
    "Endpoints",
    value={"endpoints": [ENDPOINT], "total": 1, "limit": 50, "offset": 0, "next": None},
    response_only=True,
)
DELIVERY = {
    "id": "delivery_01kbeh4x8q6w1t2n3m4p5r6s7v",
    "endpoint_id": ENDPOINT["id"],
    "message_id": "occasion_01kbeh4x8q6w1t2n3m4p5r6s7v",
    "kind": "workflow.succeeded",
    "state": "sent",
    "attempts": 1,
    "last_status": 200,
    "last_error": "",
    "next_attempt_at": None,
    "sent_at": "2026-11-23T09:12:01Z",
    "created_at": "2026-11-23T09:12:00Z",
    "calls": [
        {
            "number": 1,
            "at": "2026-11-23T09:12:01Z",
            "milliseconds": 87,
            "status": 200,
            "problem": "",
            "snippet": "ok",
        }
    ],
}
DELIVERY_OUT = OpenApiExample("Sent", value=DELIVERY, response_only=True)
DELIVERIES = OpenApiExample(
    "The log",
    value={"deliveries": [DELIVERY], "total": 1, "limit": 50, "offset": 0, "next": None},
    response_only=True,
)
