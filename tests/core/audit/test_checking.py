"""The checker by itself: no database, no settings of ours."""

import subprocess
import sys
from pathlib import Path

import pytest

from core.audit import checking, keys
from core.audit.checking import signed


def run_script(path):
    command = [sys.executable, "-I", "-S", str(Path(checking.__file__)), str(path)]
    return subprocess.run(command, capture_output=True, text=True, cwd="/", timeout=60, check=False)


@pytest.mark.parametrize(
    "text", ["", "not json\n", "[]\n", '{"event": 1}\n', '{"codex_audit": 1}\n']
)
def test_what_is_no_bundle_is_not_whole(tmp_path, text):
    path = tmp_path / "x"
    path.write_text(text)
    done = run_script(path)
    assert done.returncode == 1
    assert done.stdout.startswith("NOT WHOLE.")
    assert "Traceback" not in done.stderr


def test_the_slow_signature_agrees_with_the_fast_one():
    for number in range(8):
        text = bytes([number]) * number
        made = keys.sign(text)
        assert signed(keys.public_key(), text, made)
        assert not signed(keys.public_key(), text + b"x", made)
        assert not signed("00" * 32, text, made)
    assert not signed("zz", b"", "zz")
