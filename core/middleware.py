"""Refusals of services become answers; what the request had written is rolled back."""

from core.answers import answer
from core.errors import DomainError
from core.scope import undo_what_was_written


class DomainErrors:
    """Innermost of all middleware: inside the scope's transaction, around the view alone."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, DomainError):
            return None
        undo_what_was_written()
        request.refused = exception
        return answer(request, exception)
