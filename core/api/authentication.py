"""Who asks was found by the middleware; DRF only repeats it, and holds sessions to CSRF."""

from rest_framework.authentication import BaseAuthentication, SessionAuthentication


class ActorAuthentication(BaseAuthentication):
    def authenticate(self, request):
        actor = getattr(request._request, "actor", None)
        if actor is None:
            return None
        token = getattr(request._request, "api_token", None)
        if token is None:
            SessionAuthentication().enforce_csrf(request)
        return actor.user, token

    def authenticate_header(self, request) -> str:
        return "Token"
