from django.urls import path

from wsoa.accounts import views

app_name = "accounts"
urlpatterns = [
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("password/", views.change_password, name="change_password"),
    path("users/", views.user_list, name="user_list"),
    path("users/new/", views.create_user, name="create_user"),
    path("users/<int:pk>/", views.user, name="user"),
    path("users/<int:pk>/deactivate/", views.deactivate, name="deactivate"),
    path("users/<int:pk>/reactivate/", views.reactivate, name="reactivate"),
    path("users/<int:pk>/password/", views.reset_password, name="reset_password"),
]
