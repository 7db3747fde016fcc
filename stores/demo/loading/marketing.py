"""Posts, mailings and promotions."""

from datetime import date, datetime, time, timedelta

from core.ids import new_id
from core.scope import require_tenant_id
from stores.demo.loading.shelves import SIMULATOR, Shelf
from stores.demo.rows import Campaign, History, Post, Promotion
from stores.demo.story import SHOP_ZONE
from stores.models import (
    Campaign as CampaignRow,
)
from stores.models import (
    Post as PostRow,
)
from stores.models import (
    Promotion as PromotionRow,
)
from stores.models import (
    PromotionProduct,
)
from stores.states import CampaignStatus, PostStatus, PromotionKind

KINDS_OF_POST = ("product_features", "tips", "lifestyle")


def load_posts(history: History, shelves: dict[str, Shelf]) -> int:
    products = {shelf.handle: shelf.product_id for shelf in shelves.values()}
    rows = [
        _post(place, post, products.get(post.handle)) for place, post in enumerate(history.posts)
    ]
    return len(PostRow.objects.bulk_create(rows, batch_size=500))


def _post(place: int, post: Post, product_id: str | None) -> PostRow:
    comments, shares = post.engagements // 12, post.engagements // 9
    return PostRow(
        id=new_id("post"),
        tenant_id=require_tenant_id(),
        platform=post.platform,
        status=PostStatus.PUBLISHED,
        content_type=KINDS_OF_POST[place % len(KINDS_OF_POST)],
        caption=post.caption,
        link=f"/products/{post.handle}",
        product_id=product_id,
        scheduled_at=post.published_at,
        published_at=post.published_at,
        views=post.reach,
        likes=post.engagements - comments - shares,
        comments=comments,
        shares=shares,
        created_by=SIMULATOR,
        simulated=True,
    )


def load_campaigns(history: History) -> int:
    return len(CampaignRow.objects.bulk_create(_campaign(sent) for sent in history.campaigns))


def _campaign(sent: Campaign) -> CampaignRow:
    return CampaignRow(
        id=new_id("campaign"),
        tenant_id=require_tenant_id(),
        name=sent.name,
        status=CampaignStatus.SENT,
        segment=sent.audience,
        audience_size=sent.recipients,
        subject=sent.subject,
        scheduled_at=sent.sent_at,
        sent_at=sent.sent_at,
        recipients=sent.recipients,
        opens=sent.opens,
        clicks=sent.clicks,
        orders=sent.orders,
        revenue=sent.revenue,
        created_by=SIMULATOR,
        simulated=True,
    )


def load_promotions(history: History, shelves: dict[str, Shelf]) -> int:
    for offered in history.promotions:
        promotion = _promotion(offered)
        products = {s.product_id for s in shelves.values() if s.type == offered.type}
        PromotionProduct.objects.bulk_create(
            PromotionProduct(
                tenant_id=promotion.tenant_id, promotion=promotion, product_id=product_id
            )
            for product_id in sorted(products)
        )
    return len(history.promotions)


def _promotion(offered: Promotion) -> PromotionRow:
    return PromotionRow.objects.create(
        id=new_id("promotion"),
        tenant_id=require_tenant_id(),
        name=offered.name,
        kind=PromotionKind.PERCENT,
        value=offered.percent,
        code=offered.code,
        starts_at=_midnight(offered.starts_on),
        ends_at=_midnight(offered.ends_on + timedelta(days=1)),
        created_by=SIMULATOR,
        simulated=True,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=SHOP_ZONE)
