"""A notice as an e-mail, plain and HTML. Its link opens a page; nothing is decided by a GET."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from notifications.models import Notice


def send(notice: Notice) -> None:
    link = f"{settings.SITE_URL}{notice.url}" if notice.url else ""
    context = {"notice": notice, "link": link}
    message = EmailMultiAlternatives(
        subject=" ".join(notice.subject.split()),
        body=render_to_string("notifications/mail.txt", context),
        to=[notice.user.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(render_to_string("notifications/mail.html", context), "text/html")
    message.send()
