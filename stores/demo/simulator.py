"""The whole history of a shop from its items and a day: the same every time."""

from collections.abc import Sequence
from datetime import date

from stores.demo.market import simulate_market
from stores.demo.marketing import simulate_campaigns, simulate_posts, simulate_promotions
from stores.demo.orders import CLOSES, simulate_orders
from stores.demo.rows import History, Item
from stores.demo.searches import simulate_searches
from stores.demo.seasons import days_until
from stores.demo.story import Story
from stores.demo.traffic import simulate_traffic


def simulate(
    items: Sequence[Item], today: date, story: Story | None = None, *, last_minute: int = CLOSES
) -> History:
    """Thirteen months ending on ``today``."""
    story = story or Story()
    days = days_until(today, story.days)
    promotions = simulate_promotions(today, story)
    traffic = simulate_traffic(items, days, story)
    orders, lines = simulate_orders(
        items, days, traffic, promotions, story, last_minute=last_minute
    )
    return History(
        orders=orders,
        lines=lines,
        traffic=traffic,
        market_prices=simulate_market(items, today, story),
        posts=simulate_posts(items, days, story),
        campaigns=simulate_campaigns(days, story),
        promotions=promotions,
        searches=simulate_searches(items, today, story),
    )
