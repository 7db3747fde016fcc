from django.urls import path

from tenants import views

app_name = "tenants"

urlpatterns = [
    path("settings", views.settings_page, name="settings"),
    path("settings/shop", views.change_shop, name="shop"),
    path("settings/invitations", views.invite, name="invite"),
    path("settings/invitations/<str:invitation_id>/withdraw", views.withdraw, name="withdraw"),
    path("settings/members/<str:user_id>", views.change_member, name="member"),
    path("settings/members/<str:user_id>/remove", views.remove_member, name="remove"),
    path("settings/members/<str:user_id>/hand-over", views.hand_over, name="hand_over"),
    path("settings/leave", views.leave, name="leave"),
    path("settings/tokens", views.issue_token, name="token"),
    path("settings/tokens/<str:token_key>/revoke", views.revoke_token, name="revoke_token"),
]
