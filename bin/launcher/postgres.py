"""A private PostgreSQL, from the binaries of a wheel.

Only the binaries: the wheel's own `get_server()` makes an account when root and opens every folder
above the data to everybody, and it takes a zombie for a running server.

Who may connect: nobody over the network (`listen_addresses` is empty), and on the socket only who
the kernel says is the account that started Codex (`peer`, with a map to the database roles). No
password exists, so none can leak from an environment, a log or a backup; other accounts of a
shared machine are refused by the server and, before that, by the folder of the socket.
"""

import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from launcher.accounts import Account, current_account, is_root, server_account
from launcher.commands import Command, run
from launcher.environment import Environment
from launcher.home import Home
from launcher.postgres_config import SUPERUSER, identity_map, settings
from launcher.postgres_folder import Folder, end_servers, prepared_folder
from launcher.processes import Ending, Program
from launcher.project import ROOT
from launcher.terminal import Failure

DATABASE = "codex"
ROLES = {
    "DATABASE_URL": "codex_app",
    "DATABASE_OWNER_URL": "codex_owner",
    "DATABASE_STAFF_URL": "codex_staff",
    "DATABASE_SCAN_URL": "codex_scan",
}

# Fast shutdown: connections are closed, nothing is lost. Then the one that recovers later.
ENDING: Ending = ((signal.SIGINT, 10.0), (signal.SIGQUIT, 3.0))


@dataclass(frozen=True)
class Postgres:
    home: Home
    folder: Folder
    account: Account
    log: Path
    durable: bool

    def program(self) -> Program:
        return Program(
            name="postgres",
            title="Starting PostgreSQL",
            argv=[
                str(self.folder.binaries / "postgres"),
                "-D",
                str(self.folder.data),
                "-c",
                f"cluster_name={self.folder.mark}",
            ],
            env=bare_environ(),
            cwd=self.folder.data.parent,
            ending=ENDING,
            ready=self.is_ready,
            account=self.account if is_root() else None,
            prepare=self._clear_crash,
        )

    def is_ready(self) -> bool:
        """The server writes its state into the last line of its own file."""
        try:
            lines = (self.folder.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) >= 8 and lines[7].strip() == "ready"

    def create(self) -> None:
        """Make the cluster, all or nothing, and write its configuration."""
        if not (self.folder.data / "PG_VERSION").exists():
            self._initialise()
        self._check_version()
        for name, text in self._configuration().items():
            self._write(self.folder.data / name, text)

    def _initialise(self) -> None:
        new = self.folder.data.with_name("data.new")
        shutil.rmtree(new, ignore_errors=True)
        # The server's own C.UTF-8: the same order on every machine, whatever locales that has.
        locale = [
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        ]
        access = [f"--username={SUPERUSER}", "--auth-local=peer", "--auth-host=reject"]
        argv = [
            str(self.folder.binaries / "initdb"),
            "--pgdata",
            str(new),
            *locale,
            *access,
            "--no-instructions",
        ]
        self._run("Making a database cluster", argv if self.durable else [*argv, "--no-sync"])
        new.rename(self.folder.data)

    def _check_version(self) -> None:
        found = (self.folder.data / "PG_VERSION").read_text().strip()
        if found != self.folder.major:
            raise Failure(
                f"The data in {self.folder.data} was made by PostgreSQL {found};"
                f" this is {self.folder.major}.\n"
                "Dump it with the version of Codex that made it, or set CODEX_HOME to another one."
            )

    def _configuration(self) -> dict[str, str]:
        people = {SUPERUSER: [self.account.name]} | {
            role: [current_account().name] for role in ROLES.values()
        }
        return {
            "postgresql.conf": settings(self.folder.sockets, durable=self.durable),
            "pg_hba.conf": "local all all peer map=codex\n",
            "pg_ident.conf": identity_map(people),
        }

    def _write(self, path: Path, text: str) -> None:
        if path.read_text() != text:
            path.write_text(text)

    def _run(self, title: str, argv: list[str], stdin: int = subprocess.DEVNULL) -> None:
        account = self.account if is_root() else None
        run(title, Command(argv, bare_environ(), self.folder.data.parent, account, stdin), self.log)

    def provide(self) -> None:
        """Roles and database, by the one file that is also used elsewhere."""
        options = [
            "--no-psqlrc",
            "--quiet",
            "--set",
            f"database={DATABASE}",
            "--set",
            "owner_option=CREATEDB",
        ]
        where = [
            "--host",
            str(self.folder.sockets),
            "--username",
            SUPERUSER,
            "--dbname",
            "postgres",
        ]
        # Given as input: the server's account may not be able to read the project.
        with (ROOT / "bin" / "launcher" / "roles.sql").open("rb") as script:
            psql = [str(self.folder.binaries / "psql"), *options, *where]
            self._run("Preparing roles and database", psql, script.fileno())

    def urls(self) -> dict[str, str]:
        return {
            name: f"postgresql://{role}@/{DATABASE}?host={self.folder.sockets}"
            for name, role in ROLES.items()
        }

    def _clear_crash(self) -> None:
        """End what a crash left of this cluster, and remove the file that would bar the next start.

        The server itself only asks whether the number in its file is taken; in a container it
        often is, by something else.
        """
        end_servers(self.folder.mark)
        (self.folder.data / "postmaster.pid").unlink(missing_ok=True)


def private_postgres(home: Home, environment: Environment, *, durable: bool) -> Postgres:
    """Ready to be started; `durable` is off for tests only, where nothing outlives the run."""
    account = server_account()
    folder = prepared_folder(home, environment, account)
    postgres = Postgres(home, folder, account, home.log / "setup.log", durable)
    postgres.create()
    return postgres


def bare_environ() -> dict[str, str]:
    """For the server and its tools: nothing of the person's, whose PGHOST would mislead them."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "HOME": "/"}
