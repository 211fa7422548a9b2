"""Secrets are found anywhere in a file, without known false positives."""

from pathlib import Path

import pytest

from tools.check_secrets import main

SECRETS = {
    "AWS key": "AKIA" + "ABCDEFGHIJKLMNOP",
    "password in an address": "https://me:" + "hush@videos.example.com",
    "private key": "-----BEGIN " + "RSA PRIVATE KEY-----",
    "GitHub token": "ghp_" + "a1B2" * 9,
    "Stripe key": "sk_" + "live_" + "a1B2" * 6,
}


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS.keys())
@pytest.mark.parametrize("where", ["{}", "first\n\n  key = '{}'\nlast\n"], ids=["alone", "among lines"])
def test_secret_is_found(where: str, secret: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "settings.py"
    file.write_text(where.format(secret))

    assert main([str(file)]) == 1
    assert "settings.py" in capsys.readouterr().out


@pytest.mark.parametrize(
    "text", ["", "password = 'maria-pass-1'", f"at = '{SECRETS['AWS key']}'  # pragma: allowlist secret"]
)
def test_harmless_text_passes(text: str, tmp_path: Path) -> None:
    file = tmp_path / "settings.py"
    file.write_text(text)

    assert main([str(file)]) == 0


def test_binary_file_is_scanned_too(tmp_path: Path) -> None:
    file = tmp_path / "clip.mp4"
    file.write_bytes(b"\x00\xff" * 100)

    assert main([str(file)]) == 0
