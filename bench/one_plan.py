"""A process that makes one plan and says its peak memory: ``python -m bench.one_plan TENANT USER``."""

import sys

import django

if __name__ == "__main__":
    django.setup()
    from bench.workloads import plans
    from core.scope import scope
    from tenants.actors import Person
    from tenants.models import User

    tenant_id, person_id = sys.argv[1:]
    plans.TENANT = tenant_id
    with scope(tenant_id=tenant_id, user_id=person_id):
        person = User.objects.get(pk=person_id)
    plans._plan(Person(user=person, tenant_id=tenant_id, role="owner"))
    print(plans.peak_megabytes())
