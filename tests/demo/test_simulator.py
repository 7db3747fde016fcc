"""The simulator is repeatable, adds up, and holds each planted truth on any day of the year.

The truths are counted again here from the rows, with formulas of their own.
"""

from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal
from statistics import NormalDist, median

import pytest

from stores.demo.simulator import simulate
from stores.demo.story import Story
from tests.demo.conftest import TODAY

DAYS = [date(2026, 1, 14), date(2026, 5, 14), date(2026, 8, 14), date(2027, 2, 28)]


@pytest.fixture(scope="module", params=[TODAY, *DAYS], ids=str)
def told(request, items):
    return request.param, simulate(items, request.param)


def within(today, days, skip=0):
    """The days of a window that ends ``skip`` days before today, today included."""
    return {today - timedelta(days=back) for back in range(skip, skip + days)}


def sessions(history, window):
    return sum(row.sessions for row in history.traffic if row.day in window)


def wilson_upper(successes, trials):
    z = NormalDist().inv_cdf(0.975)
    rate = successes / trials
    middle = rate + z * z / (2 * trials)
    spread = z * (rate * (1 - rate) / trials + z * z / (4 * trials * trials)) ** 0.5
    return (middle + spread) / (1 + z * z / trials)


def by_page(history, window):
    pages = defaultdict(lambda: [0, 0])
    for row in history.traffic:
        if row.day in window:
            pages[row.landing_page][0] += row.sessions
            pages[row.landing_page][1] += row.orders
    return pages


def revenue(history, window, key):
    found = Counter()
    for line in history.lines:
        if line.placed_at.date() in window:
            found[key(line)] += line.unit_price * line.quantity - line.discount
    return found


def test_the_same_day_tells_the_same_story(items, history):
    assert simulate(items, TODAY) == history


def test_another_seed_tells_another_story(items, history):
    assert simulate(items, TODAY, Story(seed=27)).traffic != history.traffic


def test_it_covers_thirteen_months_to_the_day(history):
    days = {row.day for row in history.traffic}
    assert (min(days), max(days), len(days)) == (date(2025, 10, 24), TODAY, 396)
    assert {order.placed_at.date() for order in history.orders} == days


def test_every_order_is_a_session_that_bought(told):
    _, history = told
    bought = Counter()
    for row in history.traffic:
        bought[row.day, row.channel, row.landing_page] += row.orders
    placed = Counter((o.placed_at.date(), o.channel, o.landing_page) for o in history.orders)
    assert placed == +bought


def test_orders_add_up_from_their_lines(history):
    discounts, numbers = Counter(), Counter()
    for line in history.lines:
        if not line.returns:
            discounts[line.order] += line.discount
            numbers[line.order] += 1
    assert {order.number for order in history.orders} == set(numbers)
    assert all(order.discount == discounts[order.number] for order in history.orders)
    assert all((order.discount > 0) == bool(order.discount_code) for order in history.orders)


def test_returns_send_back_what_was_bought_before(history):
    sold = {(line.order, line.position): line for line in history.lines if not line.returns}
    sent_back = [line for line in history.lines if line.returns]
    assert 0.02 < len(sent_back) / len(sold) < 0.06
    for line in sent_back:
        bought = sold[line.returns, line.position]
        assert (line.sku, line.quantity) == (bought.sku, -bought.quantity)
        paid = bought.unit_price * bought.quantity - bought.discount
        assert bought.placed_at < line.placed_at
        assert line.order == f"{bought.order}-R{bought.position}"
        assert abs(line.unit_price * line.quantity + paid) < Decimal("0.01")


def test_nothing_happens_after_the_last_minute(items):
    noon = simulate(items, TODAY, last_minute=12 * 60)
    today = [order for order in noon.orders if order.placed_at.date() == TODAY]
    assert len(today) > 10
    assert max(order.placed_at for order in today).hour < 12
    assert all(order.placed_at.utctimetuple().tm_mday == TODAY.day for order in today)


def test_traffic_falls_by_more_than_15_percent(told):
    today, history = told
    last, before = within(today, 28), within(today, 28, skip=28)
    assert sessions(history, last) / sessions(history, before) < 0.80
    assert sessions(history, within(today, 14)) / sessions(history, within(today, 14, 14)) < 0.87


def test_the_fall_is_greater_than_the_noise(told):
    """Weekly sums fall six times in a row: by chance that happens once in 5,040."""
    today, history = told
    weeks = [sessions(history, within(today, 7, skip=7 * back)) for back in range(6, -1, -1)]
    assert weeks == sorted(weeks, reverse=True)


def test_the_poor_pages_sell_below_2_percent_and_only_they(told):
    today, history = told
    poor = {
        page
        for page, (seen, bought) in by_page(history, within(today, 28)).items()
        if wilson_upper(bought, seen) < 0.02
    }
    assert poor == set(Story().poor_rates)


def test_the_market_is_more_than_10_percent_away_weighted_by_sales(told, items):
    today, history = told
    price = {item.sku: item.price for item in items}
    asked = defaultdict(list)
    for row in history.market_prices:
        if row.observed_on == today - timedelta(days=1):
            asked[row.sku].append(row.price)
    sales = revenue(history, within(today, 90), lambda line: line.sku)
    weight = {sku: float(sales[sku]) for sku in asked}
    gap = {sku: float(median(asked[sku]) / price[sku]) - 1 for sku in asked}
    weighted = sum(gap[sku] * weight[sku] for sku in asked) / sum(weight.values())
    far = sum(weight[sku] for sku in asked if gap[sku] > 0.10) / sum(weight.values())
    assert weighted > 0.12
    assert far > 0.5
    assert min(gap.values()) < -0.05


def test_eleven_weeks_ago_the_market_stood_where_the_shop_stands(history, items):
    price = {item.sku: item.price for item in items}
    first = min(row.observed_on for row in history.market_prices)
    gaps = [
        float(row.price / price[row.sku]) - 1
        for row in history.market_prices
        if row.observed_on == first
    ]
    assert first == TODAY - timedelta(days=78)
    assert abs(median(gaps)) < 0.02


def test_no_campaign_for_more_than_30_days(told):
    today, history = told
    latest = max(campaign.sent_at.date() for campaign in history.campaigns)
    assert (today - latest).days == 41
    assert len(history.campaigns) == 19


def test_pinterest_alone_is_silent(told):
    today, history = told
    latest = {}
    for post in history.posts:
        latest[post.platform] = (today - post.published_at.date()).days
    assert latest == {"instagram": 1, "facebook": 2, "pinterest": 19}


def test_posts_were_regular_before(history):
    usual = Counter(post.platform for post in history.posts)
    assert usual["pinterest"] > 150


def test_promotions_are_over_and_were_used(told):
    today, history = told
    used = Counter(order.discount_code for order in history.orders)
    assert all(promotion.ends_on < today for promotion in history.promotions)
    assert all(used[promotion.code] >= 30 for promotion in history.promotions)


def test_november_and_december_are_the_peak(history):
    months = Counter(order.placed_at.strftime("%Y-%m") for order in history.orders)
    assert {month for month, _ in months.most_common(2)} == {"2025-11", "2025-12"}
    assert months["2025-12"] > 1.8 * months["2026-02"]


def test_a_fifth_of_the_products_make_more_than_half_of_the_sales(history, items):
    handle = {item.sku: item.handle for item in items}
    sales = revenue(history, {row.day for row in history.traffic}, lambda line: handle[line.sku])
    best = sum(amount for _, amount in sales.most_common(133 // 5))
    assert best / sum(sales.values()) > 0.5


def test_customers_differ_in_how_often_and_how_lately_they_came(told):
    today, history = told
    often = Counter(order.customer for order in history.orders)
    latest = {order.customer: order.placed_at.date() for order in history.orders}
    lapsed = [c for c, n in often.items() if n >= 3 and (today - latest[c]).days > 120]
    assert len(lapsed) > 200
    assert len([c for c, n in often.items() if n >= 5]) > 300
    assert 0.6 < sum(n == 1 for n in often.values()) / len(often) < 0.85


def test_one_query_in_six_is_seen_near_the_top_and_hardly_clicked(history):
    seen, clicked, place = Counter(), Counter(), {}
    for row in history.searches:
        seen[row.query] += row.impressions
        clicked[row.query] += row.clicks
        place[row.query] = row.position
    poor = [q for q in seen if place[q] < 5 and clicked[q] / seen[q] < 0.02]
    assert len(poor) == 10
