"""Every way to change the past is found, and the row is named: in the database and in a bundle."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from core.audit import checking, keys
from core.audit.checking import Fault
from core.audit.sealing import seal_tenant
from tests.core.audit.conftest import checked, exported, happen, owner

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
SCRIPT = Path(checking.__file__)


def fault_of(tenant_id):
    with pytest.raises(Fault) as found:
        checked(tenant_id)
    return found.value.what, found.value.where


def fault_in(lines):
    with pytest.raises(Fault) as found:
        checking.check(lines, keys.known_keys(), keys.verify)
    return found.value.what, found.value.where


def test_an_altered_event_is_named_whatever_was_altered(trail):
    tenant_id, ids = trail
    whole = exported(tenant_id)
    at = next(i for i, line in enumerate(whole) if line.get("id") == ids[6])
    for name, value in whole[at]["event"].items():
        lines = json.loads(json.dumps(whole))
        lines[at]["event"][name] = {} if name == "data" else f"{value}x"
        assert fault_in(lines) == ("altered", f"{ids[6]}x" if name == "id" else ids[6]), name


def test_the_first_of_two_altered_events_is_named(trail):
    tenant_id, ids = trail
    owner("UPDATE core_event SET kind = 'x' WHERE id = ANY(%s)", [ids[7], ids[2]])
    assert fault_of(tenant_id) == ("altered", ids[2])


def test_a_deleted_event_is_named(trail):
    tenant_id, ids = trail
    for place in (8, 4, 2, 0):
        owner("DELETE FROM core_event WHERE id = %s", ids[place])
        assert fault_of(tenant_id) == ("missing", ids[place])


@pytest.mark.parametrize(("place", "where"), [(0, "row 1 of seal 1"), (4, "row 5 of seal 1")])
def test_an_event_deleted_with_its_place_is_found(trail, place, where):
    tenant_id, ids = trail
    owner("DELETE FROM core_event WHERE id = %s", ids[place])
    owner("DELETE FROM core_sealedevent WHERE event_id = %s", ids[place])
    assert fault_of(tenant_id) == ("missing", where)


def test_places_moved_up_over_a_deleted_event_are_found(trail):
    tenant_id, ids = trail
    owner("DELETE FROM core_event WHERE id = %s", ids[1])
    owner("DELETE FROM core_sealedevent WHERE event_id = %s", ids[1])
    for position, moved in enumerate(ids[2:5], 1):
        owner("UPDATE core_sealedevent SET position = %s WHERE event_id = %s", position, moved)
    assert fault_of(tenant_id) == ("missing", "row 2 of seal 1")


def test_two_events_that_changed_places_are_found(trail):
    tenant_id, ids = trail
    owner("UPDATE core_sealedevent SET position = 99 WHERE event_id = %s", ids[0])
    owner("UPDATE core_sealedevent SET position = 0 WHERE event_id = %s", ids[1])
    owner("UPDATE core_sealedevent SET position = 1 WHERE event_id = %s", ids[0])
    assert fault_of(tenant_id)[0] == "altered"


def slip_in(tenant_id, event_id, hours):
    owner(
        "INSERT INTO core_event (id, tenant_id, kind, subject_type, subject_id, draft_id, actor_id,"
        " actor_label, before, after, data, request_id, at) VALUES (%s, %s, 'draft.approved',"
        " 'drafts.draft', 'draft_x', '', 'user_x', 'X', '', '', '{}', '',"
        " now() - interval '1 hour' * %s)",
        event_id,
        tenant_id,
        hours,
    )


def test_an_event_slipped_into_the_past_is_named(trail):
    tenant_id, _ids = trail
    slip_in(tenant_id, "event_forged", 48)
    assert fault_of(tenant_id) == ("added", "event_forged")
    assert seal_tenant(tenant_id) == 0


@pytest.mark.parametrize("position", [2, 5])
def test_an_event_slipped_into_a_seal_is_named(trail, position):
    tenant_id, _ids = trail
    slip_in(tenant_id, "event_forged", 48)
    owner("UPDATE core_sealedevent SET position = position + 100 WHERE position >= %s", position)
    owner(
        "INSERT INTO core_sealedevent (event_id, tenant_id, seal_number, position, mark)"
        " VALUES ('event_forged', %s, 1, %s, 'x')",
        tenant_id,
        position,
    )
    for step in range(100, 110):
        owner("UPDATE core_sealedevent SET position = %s WHERE position = %s", step - 99, step)
    what, where = fault_of(tenant_id)
    assert (what, where) == ("added", "event_forged")


def test_a_seal_that_is_gone_is_missed(trail):
    tenant_id, _ids = trail
    owner("DELETE FROM core_seal WHERE number = 2")
    assert fault_of(tenant_id) == ("missing", "seal 2")
    owner("DELETE FROM core_seal WHERE number = 1")
    assert fault_of(tenant_id) == ("missing", "seal 1")


def test_a_seal_cannot_be_changed(trail):
    whole = exported(trail[0])
    at = next(i for i, line in enumerate(whole) if _number(line) == 1)
    for name, value in whole[at]["seal"].items():
        lines = json.loads(json.dumps(whole))
        lines[at]["seal"][name] = value + 1 if isinstance(value, int) else f"{value}x"
        expected = ("missing", "seal 1") if name == "number" else ("altered", "seal 1")
        assert fault_in(lines) == expected, name


def _number(line):
    """The seal a line opens; None for a line of another kind."""
    return line["seal"]["number"] if "seal" in line and "event" not in line else None


def test_a_chain_made_anew_with_another_key_is_not_ours(trail, settings):
    tenant_id, _ids = trail
    known = keys.known_keys()
    for table in ("core_sealedevent", "core_seal"):
        owner(f"DELETE FROM {table}")
    settings.SECRET_KEY = "the thief's"
    seal_tenant(tenant_id)
    with pytest.raises(Fault, match="not known"):
        checking.check(exported(tenant_id), known, keys.verify)


# The bundle, offline


def write(tmp_path, lines):
    path = tmp_path / "audit.jsonl"
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))
    return path


def run_script(path, *more):
    """By a Python that knows nothing of us: isolated, in another directory."""
    command = [sys.executable, "-I", "-S", str(SCRIPT), str(path), *more]
    return subprocess.run(command, capture_output=True, text=True, cwd="/", timeout=60, check=False)


def test_the_script_alone_accepts_a_whole_bundle(trail, tmp_path, committed_cast):
    tenant_id, _ids = trail
    happen(committed_cast.tenant, 1, minutes=1)
    done = run_script(write(tmp_path, exported(tenant_id)), "--key", keys.public_key())
    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        "Whole: 9 events in 2 seals, 1 not sealed yet.\n",
        "",
    )


def test_without_a_key_it_says_which_one_to_compare(trail, tmp_path):
    done = run_script(write(tmp_path, exported(trail[0])))
    assert keys.public_key() in done.stdout


def test_it_wants_the_key_it_was_given(trail, tmp_path):
    done = run_script(write(tmp_path, exported(trail[0])), "--key", "00" * 32)
    assert done.returncode == 1
    assert "signed with a key that is not known" in done.stdout


def lines_of_events(lines):
    return [index for index, line in enumerate(lines) if line.get("event")]


def test_an_altered_line_is_named(trail, tmp_path):
    lines = exported(trail[0])
    victim = lines_of_events(lines)[3]
    lines[victim]["event"]["actor_label"] = "Somebody else"
    done = run_script(write(tmp_path, lines))
    assert done.stdout == f"NOT WHOLE. altered: {lines[victim]['event']['id']}\n"
    assert done.returncode == 1


def test_a_line_taken_out_is_noticed(trail, tmp_path):
    lines = exported(trail[0])
    del lines[lines_of_events(lines)[3]]
    done = run_script(write(tmp_path, lines))
    assert "missing: row 4 of seal 1" in done.stdout


def test_a_line_put_in_is_named(trail, tmp_path):
    lines = exported(trail[0])
    at = lines_of_events(lines)[3]
    forged = json.loads(json.dumps(lines[at]))
    forged["event"]["id"] = "event_forged"
    lines.insert(at, forged)
    done = run_script(write(tmp_path, lines))
    assert "added: event_forged" in done.stdout


def test_a_cut_off_end_is_noticed(trail, tmp_path):
    lines = exported(trail[0])
    second = next(i for i, line in enumerate(lines) if _number(line) == 2)
    done = run_script(write(tmp_path, lines[:second]))
    assert "missing: seal 2" in done.stdout


# The command


def test_the_command_tells_and_ends_with_a_fault(trail, capsys):
    tenant_id, ids = trail
    call_command("verify_audit", tenant_id)
    assert f"{tenant_id}: whole. 9 events in 2 seals, 0 not sealed yet." in capsys.readouterr().out
    owner("UPDATE core_event SET kind = 'x' WHERE id = %s", ids[4])
    with pytest.raises(SystemExit):
        call_command("verify_audit")
    assert f"{tenant_id}: NOT WHOLE. altered: {ids[4]}" in capsys.readouterr().out


def test_the_key_is_printed(capsys):
    call_command("audit_key")
    assert capsys.readouterr().out.strip() == keys.public_key()
