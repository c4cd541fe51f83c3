from django.urls import path

from wsoa.accounts import views
from wsoa.accounts.own_account import views as own_account
from wsoa.accounts.second_step import views as second_step
from wsoa.accounts.signing_in import views as signing_in

app_name = "accounts"
urlpatterns = [
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("sign-in/code/", signing_in.enter_code, name="enter_code"),
    path("sign-in/password/", signing_in.sign_in_with_password, name="sign_in_with_password"),
    path("sign-in/second-step/", second_step.enter_second_code, name="enter_second_code"),
    path("sign-in/second-step/new/", second_step.set_up_at_sign_in, name="set_up_at_sign_in"),
    path("account/", own_account.account, name="account"),
    path("account/confirm/", own_account.confirm, name="confirm"),
    path("account/name/", own_account.change_name, name="change_name"),
    path("account/sign-out/", own_account.sign_out_everywhere, name="sign_out_everywhere"),
    path("account/second-step/", second_step.set_up, name="set_up_second_step"),
    path("account/second-step/codes/", second_step.new_codes, name="new_codes"),
    path("account/second-step/remove/", second_step.remove, name="remove_second_step"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("password/", views.change_password, name="change_password"),
    path("password/forgotten/", signing_in.forgotten_password, name="forgotten_password"),
    path("password/new/<str:key>/<str:token>/", signing_in.new_password, name="new_password"),
    path("users/", views.user_list, name="user_list"),
    path("users/new/", views.create_user, name="create_user"),
    path("users/<int:pk>/", views.user, name="user"),
    path("users/<int:pk>/deactivate/", views.deactivate, name="deactivate"),
    path("users/<int:pk>/reactivate/", views.reactivate, name="reactivate"),
    path("users/<int:pk>/second-step/", views.remove_second_step, name="remove_second_step_of"),
    path("users/<int:pk>/password/", views.reset_password, name="reset_password"),
]
