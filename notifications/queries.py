"""A person's inbox."""

from django.db.models import QuerySet

from notifications.models import Notice


def inbox(user_id: str) -> QuerySet[Notice]:
    return Notice.objects.filter(user_id=user_id).order_by("-created_at", "-id")


def unread_count(user_id: str) -> int:
    return Notice.objects.filter(user_id=user_id, read_at__isnull=True).count()
