from allauth.account.decorators import secure_admin_login
from django.contrib import admin


class AdminSite(admin.AdminSite):
    site_header = site_title = "tavusweb"
    index_title = "Back-office"
    login = secure_admin_login(admin.AdminSite.login)
