"""Refusals of services become answers; what the request had written is rolled back."""

from django.db import connection, transaction

from core.answers import answer
from core.errors import DomainError


class DomainErrors:
    """Innermost of all middleware: inside the scope's transaction, around the view alone."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, DomainError):
            return None
        if connection.in_atomic_block:
            transaction.set_rollback(True)
        request.refused = exception
        return answer(request, exception)
