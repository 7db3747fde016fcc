"""Uploads wait in the project's storage, where nothing serves them, under names nobody guesses."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from core.errors import Invalid
from stores.imports.limits import DEFAULT

BLOCK = 1 << 20


def digest(file: BinaryIO) -> tuple[str, int]:
    """(SHA-256, size) of a file, which is rewound; refuses what is larger than the limit."""
    whole, size = hashlib.sha256(), 0
    while block := file.read(BLOCK):
        size += len(block)
        if size > DEFAULT.packed:
            most = DEFAULT.packed // BLOCK
            raise Invalid({"file": [_("The file is larger than {most} MB.").format(most=most)]})
        whole.update(block)
    file.seek(0)
    return whole.hexdigest(), size


def keep(file: BinaryIO, *, tenant_id: str, run_id: str) -> str:
    """Store an upload; where it is."""
    return default_storage.save(f"imports/{tenant_id}/{run_id}", File(file))


@contextmanager
def opened(path: str) -> Iterator[Any]:
    with default_storage.open(path, "rb") as file:
        yield file


def forget(path: str) -> None:
    if path:
        default_storage.delete(path)
