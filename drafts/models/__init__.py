from drafts.models.draft import Draft

__all__ = ["Draft"]
