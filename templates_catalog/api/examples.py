"""What bodies and answers of the catalog look like, for the OpenAPI document."""

from drf_spectacular.utils import OpenApiExample

VERSION = {
    "number": 2,
    "name": "Weekly posts",
    "description": "A week of posts about our candles.",
    "workflow_type_id": "social.content_calendar",
    "default_inputs": {"platforms": ["instagram"], "posts_per_day": 3},
    "required_fields": ["brand_voice"],
    "optional_fields": [],
    "approved_copy_blocks": [],
    "created_by_user_id": "user_demo",
    "created_at": "2026-11-23T09:30:00Z",
}
VERSIONS = OpenApiExample(
    "Two versions",
    value={"versions": [VERSION], "total": 1, "limit": 50, "offset": 0, "next": None},
    response_only=True,
)
DIFF = OpenApiExample(
    "One more post a day",
    value={
        **VERSION,
        "against": 1,
        "differences": [
            {
                "field": "default_inputs.posts_per_day",
                "title": "Posts a day",
                "before": "2",
                "after": "3",
                "words": "Posts a day: 2 → 3",
            }
        ],
    },
    response_only=True,
)
SAVE_AS = OpenApiExample(
    "The products are asked for, the rest stays",
    value={
        "draft_id": "draft_01m84mf282j6435j5qgp38pe9w",
        "name": "Descriptions in our voice",
        "category": "Content",
        "required_fields": ["product_ids"],
        "optional_fields": ["length"],
    },
    request_only=True,
)
STANDING = OpenApiExample(
    "One in force",
    value={
        "standing_approvals": [
            {
                "id": "standing_01m84mf282j6435j5qgp38pe9w",
                "template_id": "template_social_calendar",
                "template_name": "Weekly Social Media Calendar",
                "version": 1,
                "council_id": "council_media",
                "bounds": {"max_items": 120, "families": ["social"], "runs_per_day": 10},
                "until": "2027-11-23T00:00:00Z",
                "given_by": "system",
                "given_at": "2026-11-23T09:30:00Z",
            }
        ],
        "total": 1,
        "limit": 50,
        "offset": 0,
        "next": None,
    },
    response_only=True,
)
PRE_APPROVE = OpenApiExample(
    "At most 50 items, 5 % and £500 at risk",
    value={
        "version": 2,
        "until": "2026-12-20T23:59:59Z",
        "bounds": {
            "max_items": 50,
            "max_step_percent": "5",
            "max_money_at_risk": "500",
            "allowed_inputs": {"direction": ["down"]},
            "runs_per_day": 1,
        },
    },
    request_only=True,
)
INSTANT = OpenApiExample(
    "Only what is asked for",
    value={"inputs": {"brand_voice": "Warm and plain", "product_focus": ["Candles"]}},
    request_only=True,
)
CONFIRM = OpenApiExample(
    "What was shown", value={"seen": "9f2c61b0c6d54d4d9b0e7a4c3f1f2a77"}, request_only=True
)
REASON = OpenApiExample("A reason", value={"reason": "Prices rise next week."}, request_only=True)
SWITCHES = OpenApiExample("Run without asking", value={"asks_to_confirm": False})
SAMPLE = OpenApiExample(
    "With a value made up for what is asked",
    value={
        "plan": {"id": "plan_01m84mf282j6435j5qgp38pe9w", "change_count": 42},
        "made_up": {"brand_voice": "Warm and plain, never loud"},
        "why_not": "",
    },
    response_only=True,
)
SPEED = OpenApiExample(
    "Seconds against a day",
    value={
        "instant": {"runs": 31, "median_seconds": 9.4, "most_seconds": 41.0},
        "reviewed": {"runs": 12, "median_seconds": 61_200.0, "most_seconds": 180_300.0},
        "saved": 0.99985,
        "reaches_goal": True,
    },
    response_only=True,
)
LIBRARY = OpenApiExample(
    "One entry, installed",
    value={
        "templates": [
            {
                "id": "template_01m84mf282j6435j5qgp38pe9w",
                "name": "Advent countdown posts",
                "description": "One post a day until Christmas.",
                "category": "Marketing",
                "tags": ["advent"],
                "workflow_type_id": "social.content_calendar",
                "version": 2,
                "required_fields": ["brand_voice"],
                "optional_fields": [],
                "installed_id": "template_01m84mn7wq9c2n3x4v5b6z7y8d",
                "installed_version": 1,
                "results": {
                    "shops": 7,
                    "runs": 41,
                    "success": 0.98,
                    "broken": 1,
                    "fidelity": 0.997,
                    "fidelity_quartiles": [0.99, 1.0, 1.0],
                },
            }
        ],
        "total": 1,
        "limit": 50,
        "offset": 0,
        "next": None,
    },
    response_only=True,
)
UPDATE = OpenApiExample("What was shown", value={"to_version": 2}, request_only=True)
FILE = OpenApiExample(
    "A signed template",
    value={
        "format": "codex-template",
        "format_version": 1,
        "template": {
            "name": "Weekly posts",
            "description": "A week of posts about our candles.",
            "category": "Marketing",
            "tags": ["social"],
            "workflow_type_id": "social.content_calendar",
            "default_inputs": {"platforms": ["instagram"]},
            "required_fields": ["brand_voice"],
            "optional_fields": [],
            "approved_copy_blocks": [],
        },
        "signed_at": "2026-11-23T17:00:00+00:00",
        "signer": "Z8m0c2q3v0mJc7Vb1r9i6m4yq0y1bX2s5rV9n0o3uXk=",
        "signature": "m2yFZ…",
    },
)
