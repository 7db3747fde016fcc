"""Every write to a shop's own records that is not a run's."""

from stores.services.profile import ensure_profile
from stores.services.running import expire_uploads, run_import, sweep_imports
from stores.services.uploads import (
    choose_mapping,
    confirm_import,
    discard_import,
    import_file,
    receive_upload,
)

__all__ = [
    "choose_mapping",
    "confirm_import",
    "discard_import",
    "ensure_profile",
    "expire_uploads",
    "import_file",
    "receive_upload",
    "run_import",
    "sweep_imports",
]
