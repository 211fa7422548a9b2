"""Domains of addresses: how one is spelled, who has shown to receive mail there, and where anybody can."""

from allauth.account.models import EmailAddress

from tavusweb.accounts.models import User


def in_ascii(domain: str) -> str:
    """A domain as names are looked up: lower case, and xn--… where it is written in other letters."""
    try:
        return domain.strip().rstrip(".").lower().encode("idna").decode()
    except UnicodeError:
        return domain.lower()


def domain_of(email: str) -> str:
    return in_ascii(email.rpartition("@")[2])


def verified_domains(user: User) -> set[str]:
    verified = EmailAddress.objects.filter(user=user, verified=True)
    return {domain_of(email) for email in verified.values_list("email", flat=True)}


# No organisation vouches for who is behind an address at one of these.
PUBLIC_MAIL = frozenset(
    """
    126.com 163.com 21cn.com abv.bg aim.com alice.it aliyun.com aol.com aol.de arcor.de atlas.cz att.net
    bellsouth.net bigpond.com bk.ru blueyonder.co.uk bluewin.ch bol.com.br btinternet.com centrum.cz charter.net
    comcast.net cox.net daum.net duck.com earthlink.net email.com email.cz email.it eircom.net excite.com
    fastmail.com fastmail.fm free.fr freenet.de frontier.com gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net gmx.us
    googlemail.com guerrillamail.com hanmail.net hey.com home.nl hotmail.co.uk hotmail.com hotmail.de hotmail.es
    hotmail.fr hotmail.it hushmail.com icloud.com ig.com.br inbox.com inbox.lv inbox.ru interia.pl juno.com
    kpnmail.nl laposte.net libero.it list.ru live.ca live.co.uk live.com live.com.au live.de live.fr live.it live.nl
    mac.com mail.bg mail.com mail.ee mail.ru mailbox.org mailinator.com me.com mindspring.com msn.com mweb.co.za
    naver.com neuf.fr ntlworld.com o2.pl online.de onet.pl op.pl optonline.net optusnet.com.au orange.fr outlook.com
    outlook.de outlook.es outlook.fr outlook.jp outlook.pt pm.me posteo.de posteo.net poste.it proton.me
    protonmail.ch protonmail.com qq.com rambler.ru rediffmail.com rocketmail.com rogers.com runbox.com sapo.pt
    sbcglobal.net seznam.cz sfr.fr shaw.ca sina.cn sina.com skynet.be sky.com sohu.com startmail.com sympatico.ca
    t-online.de talktalk.net telenet.be telia.com telus.net terra.com.br tin.it tiscali.it tutanota.com tutanota.de
    tuta.com tuta.io ukr.net uol.com.br verizon.net virgilio.it virginmedia.com walla.co.il wanadoo.fr web.de
    windstream.net wp.pl xtra.co.nz yahoo.ca yahoo.co.id yahoo.co.in yahoo.co.jp yahoo.co.uk yahoo.com yahoo.com.ar
    yahoo.com.au yahoo.com.br yahoo.com.mx yahoo.de yahoo.es yahoo.fr yahoo.it yandex.com yandex.ru yeah.net
    ymail.com yopmail.com ziggo.nl zoho.com
    """.split()  # noqa: SIM905 - a list of them would be a page long
)
