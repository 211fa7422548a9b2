from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.utils.decorators import method_decorator


class AdminSite(admin.AdminSite):
    site_header = site_title = "tavusweb"
    index_title = "Back-office"
    login = method_decorator(secure_admin_login)(admin.AdminSite.login)
