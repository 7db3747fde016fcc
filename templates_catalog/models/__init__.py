from templates_catalog.models.standing import InstantBlock, StandingApproval
from templates_catalog.models.template import Template, TemplateVersion
from templates_catalog.models.use import TemplateSettings, TemplateTrack, TemplateUse

__all__ = [
    "InstantBlock",
    "StandingApproval",
    "Template",
    "TemplateSettings",
    "TemplateTrack",
    "TemplateUse",
    "TemplateVersion",
]
