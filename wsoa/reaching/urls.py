from django.urls import path

from wsoa.reaching import everybody_views, mail_views, own_views, write_views

app_name = "reaching"

urlpatterns = [
    path("mail/", own_views.my_mail, name="my_mail"),
    path("calendar/renew/", own_views.renew_calendar, name="renew_calendar"),
    path("calendar/<str:key>.ics", own_views.calendar, name="calendar"),
    path("mail/off/<str:token>/", own_views.unsubscribe, name="unsubscribe"),
    path("plans/<slug:slug>/updates/everybody/", everybody_views.everybody, name="everybody"),
    path("plans/<slug:slug>/mail/", mail_views.mail, name="mail"),
    path("plans/<slug:slug>/mail/write/", write_views.write, name="write"),
    path("plans/<slug:slug>/mail/<int:pk>/", mail_views.message, name="message"),
    path("plans/<slug:slug>/mail/address/<int:person>/", mail_views.address, name="address"),
    path("plans/<slug:slug>/mail/settings/", mail_views.mail_settings, name="mail_settings"),
    path("plans/<slug:slug>/mail/hold/<int:user>/", mail_views.hold, name="hold"),
    path("plans/<slug:slug>/mail/hold/<int:user>/end/", mail_views.end_hold, name="end_hold"),
]
