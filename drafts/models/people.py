"""Who has to do with a draft: who wrote in it, who may read it, who judged it."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from core.ids import IdField
from tenants.models import TenantKey, TenantOwned

User = settings.AUTH_USER_MODEL


class Contributor(TenantOwned):
    """Created or edited the draft, or one it was re-planned from: may never judge it."""

    guest_path = "draft_id"

    id = IdField(prefix="contributor")
    draft = TenantKey("drafts.Draft", on_delete=models.CASCADE, related_name="contributors")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "user"], name="contributor_once")]

    def __str__(self) -> str:
        return f"{self.user_id} wrote in {self.draft_id}"


class DraftShare(TenantOwned):
    """A draft shown to one more person of the tenant."""

    id = IdField(prefix="share")
    draft = TenantKey("drafts.Draft", on_delete=models.CASCADE, related_name="shares")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    may_edit = models.BooleanField(default=False)
    shared_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "user"], name="share_once")]
        indexes = [models.Index(fields=["tenant", "user", "draft"], name="share_by_user")]

    def __str__(self) -> str:
        return f"{self.draft_id} shared with {self.user_id}"


class Judge(TenantOwned):
    """Gave a verdict, and therefore keeps seeing the draft after its conversion."""

    guest_path = "draft_id"

    id = IdField(prefix="judge")
    draft = TenantKey("drafts.Draft", on_delete=models.CASCADE, related_name="judges")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "user"], name="judge_once")]
        indexes = [models.Index(fields=["tenant", "user", "draft"], name="judge_by_user")]

    def __str__(self) -> str:
        return f"{self.user_id} judged {self.draft_id}"
