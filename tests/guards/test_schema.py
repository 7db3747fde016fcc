"""The OpenAPI document is made without a warning and is valid."""

from django.core.management import call_command


def test_the_schema_is_complete_and_valid(tmp_path):
    call_command("spectacular", file=str(tmp_path / "schema.yml"), validate=True, fail_on_warn=True)
