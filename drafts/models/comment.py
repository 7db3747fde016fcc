"""What people say about a draft, one of its fields, or one planned change."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.ids import IdField
from tenants.models import TenantKey, TenantOwned

User = settings.AUTH_USER_MODEL


class Comment(TenantOwned):
    """``about`` keeps the words for the field or change, as plans come and go under it.

    ``mentioned`` are the people it calls by name; each could see the draft when it was said.
    """

    guest_path = "draft_id"

    id = IdField(prefix="comment")
    draft = TenantKey("drafts.Draft", on_delete=models.CASCADE, related_name="comments")
    parent = TenantKey(
        "drafts.Comment", on_delete=models.CASCADE, null=True, blank=True, related_name="replies"
    )
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    field = models.CharField(max_length=100, blank=True)
    planned_change_id = models.BigIntegerField(null=True, blank=True)
    about = models.CharField(max_length=300, blank=True)
    mentioned = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    revision_number = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(name="comment_says_something", condition=Q(text__regex=r"\S")),
            models.CheckConstraint(
                name="comment_on_one_thing",
                condition=Q(field="") | Q(planned_change_id__isnull=True),
            ),
            models.CheckConstraint(
                name="comment_resolved_by_someone",
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["tenant", "draft", "created_at"], name="comment_thread")]

    def __str__(self) -> str:
        return self.text[:80]
