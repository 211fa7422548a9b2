"""Interpretation of real pip-audit output."""

import json

import pytest

from tools import audit

SOUND = {"name": "django", "version": "5.2.16", "vulns": []}
BROKEN = {"name": "requests", "version": "2.0", "vulns": [{"id": "PYSEC-2018-28", "fix_versions": ["2.20.0"]}]}
UNKNOWN = {"name": "attrs", "skip_reason": "Dependency not found on PyPI and could not be audited: attrs (26.1)"}
PROXY = "requests.exceptions.ProxyError: HTTPSConnectionPool(host='pypi.org', port=443): Max retries exceeded"
NO_NAME = "requests.exceptions.ConnectionError: Failed to resolve 'api.osv.dev' ([Errno -2] Name or service not known)"
TIP = "ERROR:pip_audit._cli:Tip: your network may be blocking this service. Try another service with `-s SERVICE`"
FEED = "ERROR:pip_audit._cli:Could not connect to PyPI's vulnerability feed"


@pytest.fixture
def ask(monkeypatch, tmp_path):
    """`ask(packages, ...)`: the exit code of an audit with this pip-audit output."""

    def asked(packages=None, stderr="", code=0):
        answer = tmp_path / "answer"
        answer.write_text("" if packages is None else json.dumps({"dependencies": packages, "fixes": []}))
        script = f"cat {answer}; printf '%s\\n' \"$0\" >&2; exit {code}"
        monkeypatch.setattr(audit, "COMMAND", ("sh", "-c", script, stderr))
        monkeypatch.setattr("sys.argv", ["audit", "requirements/base.txt"])
        return audit.main()

    return asked


def test_packages_without_vulnerabilities_pass(ask, capsys):
    assert ask([SOUND, SOUND]) == 0
    assert capsys.readouterr().out == "No known vulnerabilities in 2 packages\n"


def test_vulnerability_fails_the_check_and_is_listed_with_its_fix(ask, capsys):
    assert ask([SOUND, BROKEN, UNKNOWN], code=1) == 1
    assert "requests 2.0: PYSEC-2018-28, fixed in 2.20.0\n" in capsys.readouterr().out


def test_packages_unknown_to_the_service_do_not_pass(ask, capsys):
    assert ask([SOUND, UNKNOWN], "No known vulnerabilities found") == audit.COULD_NOT_ASK
    assert capsys.readouterr().out == "Could not ask about 1 of 2 packages: attrs\n"


@pytest.mark.parametrize(
    "stderr", [PROXY, NO_NAME, FEED, f"{FEED}\n{TIP}", "pip_audit._service.interface.ServiceError"]
)
def test_unreachable_service_is_reported(stderr, ask, capsys):
    assert ask(None, stderr, code=1) == audit.COULD_NOT_ASK
    assert capsys.readouterr().out.startswith("Could not ask: ")


@pytest.mark.parametrize("stderr", ["", "pip-audit: error: unrecognized arguments: --disable-pip"])
def test_audit_that_fails_for_another_reason_fails_the_check(stderr, ask):
    assert ask(None, stderr, code=2) == 2
