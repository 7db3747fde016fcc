"""What the private PostgreSQL is told."""

import os
import sys
from pathlib import Path

SUPERUSER = "postgres"

MEGABYTE = 1024 * 1024


def settings(sockets: Path, *, durable: bool) -> str:
    """The whole postgresql.conf; whatever is not named keeps the server's default."""
    chosen = {**_always(sockets), **_memory(), **({} if durable else _throw_away())}
    return "".join(f"{name} = {_quoted(value)}\n" for name, value in chosen.items())


def _always(sockets: Path) -> dict[str, str]:
    return {
        "listen_addresses": "",
        "unix_socket_directories": str(sockets),
        # Tests click a hundred times at once, each click on a connection of its own.
        "max_connections": "200",
        # One server, no replica, no archive: less to write when rows are copied into fresh tables.
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "max_wal_size": "2GB",
        # Solid disks; and queries too short for compiling to pay.
        "random_page_cost": "1.1",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_line_prefix": "%m [%p] %u ",
        "dynamic_shared_memory_type": _shared_memory(),
    }


def _throw_away() -> dict[str, str]:
    """For tests: a crash may lose everything."""
    return {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def _memory() -> dict[str, str]:
    """An eighth of the machine, within reason: others live here too."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MEGABYTE
    buffers = max(128, min(machine // 8, 1024))
    return {
        "shared_buffers": f"{buffers}MB",
        "effective_cache_size": f"{max(buffers * 2, machine // 2)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": f"{max(64, min(machine // 32, 512))}MB",
    }


def _shared_memory() -> str:
    """Containers often have 64 MB of /dev/shm, too little for a parallel query."""
    try:
        room = os.statvfs("/dev/shm")  # noqa: S108 -- only asked for its size
    except OSError:
        return "sysv" if sys.platform.startswith("linux") else "posix"
    return "posix" if room.f_frsize * room.f_blocks > 512 * MEGABYTE else "sysv"


def identity_map(people: dict[str, list[str]]) -> str:
    """pg_ident.conf: which account of the machine may be which role."""
    lines = [
        f'codex "{account}" "{role}"' for role, accounts in people.items() for account in accounts
    ]
    return "\n".join(lines) + "\n"


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
