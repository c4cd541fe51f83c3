from django.urls import path

from wsoa.accounts import views
from wsoa.accounts.signing_in import views as signing_in

app_name = "accounts"
urlpatterns = [
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("sign-in/code/", signing_in.enter_code, name="enter_code"),
    path("sign-in/password/", signing_in.sign_in_with_password, name="sign_in_with_password"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("password/", views.change_password, name="change_password"),
    path("password/forgotten/", signing_in.forgotten_password, name="forgotten_password"),
    path("password/new/<str:key>/<str:token>/", signing_in.new_password, name="new_password"),
    path("users/", views.user_list, name="user_list"),
    path("users/new/", views.create_user, name="create_user"),
    path("users/<int:pk>/", views.user, name="user"),
    path("users/<int:pk>/deactivate/", views.deactivate, name="deactivate"),
    path("users/<int:pk>/reactivate/", views.reactivate, name="reactivate"),
    path("users/<int:pk>/password/", views.reset_password, name="reset_password"),
]
