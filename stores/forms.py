"""The forms of an import."""

from django import forms
from django.utils.translation import gettext_lazy as _

from stores.imports.kinds import KINDS
from stores.models import ImportRun
from stores.states import ImportKind

PREFIX = "column."


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("A CSV file as your shop exports it, also packed with gzip. At most 200 MB."),
        max_length=255,
        allow_empty_file=True,
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("Find out from the columns")), *ImportKind.choices],
    )


class MappingForm(forms.Form):
    """Which column is which: one choice per field of the kind, named after its usual header."""

    def __init__(self, run: ImportRun, data=None) -> None:
        super().__init__(data)
        layout = KINDS[run.kind].layout
        headers = [header for header in run.preview.get("headers", []) if header]
        choices = [("", _("– not in this file –")), *((name, name) for name in headers)]
        for name, aliases in layout.aliases.items():
            self.fields[PREFIX + name] = forms.ChoiceField(
                label=aliases[0],
                choices=choices,
                required=name in layout.required,
                initial=run.mapping.get(name, ""),
            )

    @property
    def mapping(self) -> dict[str, str]:
        """Field → header, of what was chosen."""
        return {
            name.removeprefix(PREFIX): header
            for name, header in self.cleaned_data.items()
            if header
        }
