"""Which account a server runs as."""

import os
import pwd
from dataclasses import dataclass

from launcher.terminal import Failure

# PostgreSQL refuses to run as root. Debian's own account for it first, then the one every Unix has.
UNPRIVILEGED = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    name: str
    uid: int
    gid: int


def is_root() -> bool:
    return os.geteuid() == 0


def current_account() -> Account:
    try:
        entry = pwd.getpwuid(os.geteuid())
    except KeyError:
        raise Failure(
            f"This account (number {os.geteuid()}) has no name on this machine,"
            " and PostgreSQL needs one.\n"
            "Add it to /etc/passwd, run as a named account,"
            " or set DATABASE_URL to a database of your own."
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def server_account() -> Account:
    """Ourselves, or, as root, an account that cannot harm anything."""
    if not is_root():
        return current_account()
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise Failure(
        "PostgreSQL does not run as root, and here is neither account `postgres` nor `nobody`.\n"
        "Run as an ordinary user, or set DATABASE_URL to a database of your own."
    )
