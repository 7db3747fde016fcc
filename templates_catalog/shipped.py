"""The templates every tenant finds in its catalog.

``standing`` names the bounds of the yes in advance that ``system`` gives for the council.
"""

from typing import Any

MEDIA, CONTENT = "council_media", "council_content"

SHIPPED: dict[str, dict[str, Any]] = {
    "template_social_calendar": {
        "name": "Weekly Social Media Calendar",
        "description": "Plans a week of posts for Instagram, Facebook and Pinterest, two a day,"
        " each about a product in stock, with captions, hashtags and times.",
        "category": "Marketing",
        "tags": ["social", "content", "weekly"],
        "workflow_type_id": "social.content_calendar",
        "default_inputs": {
            "platforms": ["instagram", "facebook", "pinterest"],
            "posts_per_day": 2,
            "content_types": ["product_features", "tips", "lifestyle"],
            "tone": "friendly_professional",
        },
        "required_fields": ["brand_voice", "product_focus"],
        "optional_fields": ["hashtag_strategy", "posting_times"],
        "council_id": MEDIA,
        "standing": {"max_items": 120, "families": ["social"], "runs_per_day": 10},
    },
    "template_product_descriptions": {
        "name": "Generate Product Descriptions",
        "description": "Writes descriptions for the products you choose, from what the shop knows"
        " of them and nothing else.",
        "category": "Content",
        "tags": ["seo", "products", "descriptions"],
        "workflow_type_id": "content.product_descriptions",
        "default_inputs": {
            "tone": "persuasive",
            "length": "medium",
            "include_features": True,
            "include_benefits": True,
        },
        "required_fields": ["product_ids"],
        "optional_fields": ["target_keywords", "competitor_examples"],
        "council_id": CONTENT,
    },
    "template_black_friday": {
        "name": "Launch Black Friday Campaign",
        "description": "A time-boxed promotion and its letter for Black Friday, with the margin"
        " floor kept and its own end.",
        "category": "Marketing",
        "tags": ["black friday", "promotion", "campaign", "season"],
        "workflow_type_id": "marketing.seasonal_campaign",
        "default_inputs": {"holiday": "black_friday", "discount_percent": "15"},
        "required_fields": [],
        "optional_fields": ["discount_percent", "product_focus", "code"],
        "council_id": MEDIA,
        "standing": {
            "max_items": 300,
            "max_discount_percent": "20",
            "families": ["marketing"],
            "allowed_inputs": {"holiday": ["black_friday"]},
            "runs_per_day": 2,
        },
    },
    "template_seo_repair": {
        "name": "SEO repair",
        "description": "Finds missing, double and too long titles and descriptions and missing alt"
        " texts, and repairs what needs no guessing.",
        "category": "E-commerce",
        "tags": ["seo", "repair"],
        "workflow_type_id": "seo.audit",
        "default_inputs": {"fix_slugs": False},
        "required_fields": [],
        "optional_fields": ["include_tags", "exclude_tags"],
        "council_id": CONTENT,
    },
    "template_follow_market": {
        "name": "Follow the market within margin",
        "description": "Moves prices toward the market in small steps, never below cost plus the"
        " margin you name.",
        "category": "E-commerce",
        "tags": ["pricing", "market", "margin"],
        "workflow_type_id": "pricing.dynamic_pricing",
        "default_inputs": {"max_step_percent": "8", "margin_floor_percent": "20"},
        "required_fields": [],
        "optional_fields": ["include_tags", "exclude_tags", "price_ending"],
        "council_id": CONTENT,
    },
    "template_win_back": {
        "name": "Win back lapsed customers",
        "description": "A letter to customers who bought before and have stopped, with products"
        " like those they chose.",
        "category": "Marketing",
        "tags": ["campaign", "customers", "win back"],
        "workflow_type_id": "marketing.launch_campaign",
        "default_inputs": {
            "campaign_name": "We have missed you",
            "segments": ["at_risk", "lapsed"],
        },
        "required_fields": [],
        "optional_fields": ["product_focus", "send_date"],
        "council_id": MEDIA,
    },
    "template_holiday_gifts": {
        "name": "Holiday gift promotion",
        "description": "A promotion of gifts before Christmas, announced by a letter, with its own"
        " end date.",
        "category": "Marketing",
        "tags": ["christmas", "gifts", "promotion", "season"],
        "workflow_type_id": "marketing.seasonal_campaign",
        "default_inputs": {"holiday": "christmas", "discount_percent": "10"},
        "required_fields": [],
        "optional_fields": ["discount_percent", "product_focus"],
        "council_id": MEDIA,
    },
    "template_conversion_tune_up": {
        "name": "Conversion tune-up",
        "description": "Ranks what keeps visitors from buying by the money it loses, and mends what"
        " is plainly wrong.",
        "category": "Automation",
        "tags": ["conversion", "repair", "report"],
        "workflow_type_id": "marketing.conversion_optimization",
        "default_inputs": {},
        "required_fields": [],
        "optional_fields": ["focus_areas", "exclude_tags"],
        "council_id": CONTENT,
    },
}
