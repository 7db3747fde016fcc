# Sourced by the commands in bin/: finds a Python that Codex runs on and hands the command to the launcher.
# Nothing is installed yet when this runs, so it is plain sh.

fits='import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))'

codex_launch() {
    for python in python3 python3.14 python3.13 python3.12 python3.11 /usr/bin/python3 python; do
        if "$python" -I -c "$fits" </dev/null >/dev/null 2>&1; then
            exec "$python" -I "$launcher/__main__.py" "$@"
        fi
    done
    echo "Codex needs Python 3.11, 3.12, 3.13 or 3.14, and none is on the PATH." >&2
    found=$(python3 --version 2>&1) && echo "(python3 here is $found.)" >&2
    echo "On Debian 12 or Ubuntu 24.04 and later: apt-get install python3" >&2
    exit 1
}
