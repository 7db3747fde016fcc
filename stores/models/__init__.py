"""The shop of a tenant."""

from stores.models.catalog import Product, ProductImage, Variant
from stores.models.imports import ImportRefusal, ImportRun
from stores.models.market import MarketPrice
from stores.models.marketing import Campaign, Post, Promotion, PromotionProduct
from stores.models.orders import Order, OrderLine
from stores.models.profile import StoreProfile
from stores.models.traffic import SearchQuery, TrafficDay

__all__ = [
    "Campaign",
    "ImportRefusal",
    "ImportRun",
    "MarketPrice",
    "Order",
    "OrderLine",
    "Post",
    "Product",
    "ProductImage",
    "Promotion",
    "PromotionProduct",
    "SearchQuery",
    "StoreProfile",
    "TrafficDay",
    "Variant",
]
