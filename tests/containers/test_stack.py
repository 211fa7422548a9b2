"""The image and compose.yaml, for real. Run by `bin/test --containers`, which sees to an engine."""

import gzip
import io
import json
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from .stack import SERVICES, Member, Stack, docker, until

OWN_BYTES = 160_000_000  # of the image beside its base: packages, code, static files
IN_IMAGE = {".venv", "LICENSE", "locale", "manage.py", "static", "tavusweb", "templates"}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    stack = Stack(tmp_path_factory.mktemp("checkout"))
    stack.fill()
    try:
        stack.compose("up", "--detach", "--build")
        until(stack.is_healthy)
        yield stack
    except BaseException:
        print(subprocess.run(["docker", "ps", "--all"], capture_output=True, text=True, check=False).stdout)
        print(stack.compose("logs", "--tail", "30"))
        raise
    finally:
        stack.compose("down", "--volumes", "--rmi", "local", "--timeout", "30")


@pytest.fixture(scope="module")
def owner(stack: Stack) -> Member:
    until(stack.is_ready)
    return Member(stack)


def test_no_layer_of_the_image_holds_a_secret(stack: Stack, tmp_path: Path) -> None:
    docker("save", "--output", str(tmp_path / "image.tar"), stack.image())

    needles = [value.encode() for value in (*stack.secrets.values(), stack.planted)]
    names, searched = set(), 0
    with tarfile.open(tmp_path / "image.tar") as image:
        for part in image:
            content = file.read() if (file := image.extractfile(part)) else b""
            assert not [needle for needle in needles if needle in content], part.name
            if content[:2] == b"\x1f\x8b":
                content = gzip.decompress(content)
                assert not [needle for needle in needles if needle in content], part.name
            if content[257:262] == b"ustar":  # a layer: whole and plain, so the search above read every file in it
                searched += 1
                with tarfile.open(fileobj=io.BytesIO(content)) as layer:
                    names |= {name.removeprefix("./") for name in layer.getnames()}

    assert searched >= 2
    ours = {name.split("/")[2] for name in names if name.startswith("srv/tavusweb/")}
    assert ours == IN_IMAGE
    assert not [name for name in names if name.startswith("srv/tavusweb/") and name.endswith(".env")]


def test_image_adds_little_to_its_base(stack: Stack) -> None:
    history = docker("history", "--human=false", "--no-trunc", "--format", "{{.Size}} {{.CreatedBy}}", stack.image())

    base, ours = [], []
    for line in history.splitlines():
        (base if base or "PYTHONUNBUFFERED" in line else ours).append(int(line.split()[0]))

    assert base
    assert 1_000_000 < sum(ours) < OWN_BYTES


def test_it_runs_without_root_on_a_file_system_that_takes_no_change(stack: Stack) -> None:
    for service in ("web", "worker", "prepare"):
        for container in stack.containers(service):
            assert container["Config"]["User"] == "10001"
            assert container["HostConfig"]["ReadonlyRootfs"]
            assert container["HostConfig"]["CapDrop"] == ["ALL"]
    web = stack.containers("web")[0]["Id"]
    wish = ["docker", "exec", web, "sh", "-c", "id -u; touch /srv/static/x || touch /srv/tavusweb/x || touch /etc/x"]
    done = subprocess.run(wish, capture_output=True, text=True, check=False)

    assert done.stdout == "10001\n"
    assert done.stderr.count("Read-only file system") == 3


def test_only_the_proxy_is_published_and_on_loopback(stack: Stack) -> None:
    published = {
        service: [
            (each["HostIp"], each["HostPort"])
            for container in stack.containers(service)
            for ports in container["NetworkSettings"]["Ports"].values()
            for each in ports or []
        ]
        for service in SERVICES
    }

    assert published.pop("proxy") == [("127.0.0.1", str(stack.port))]
    assert not any(published.values())


def test_every_check_of_health_grants_a_first_start_time(stack: Stack) -> None:
    checks = {service: stack.containers(service)[0]["Config"]["Healthcheck"] for service in SERVICES}

    assert all(check["StartPeriod"] >= 30e9 for check in checks.values()), json.dumps(checks)


def test_owner_password_reaches_only_the_container_that_needs_it(stack: Stack) -> None:
    holders = {
        service
        for service in (*SERVICES, "prepare")
        for container in stack.containers(service)
        if any(stack.secrets["OWNER_PASSWORD"] in line for line in container["Config"]["Env"])
    }

    assert holders == {"prepare"}


def test_a_video_is_made_and_shared_with_a_stranger(stack: Stack, owner: Member) -> None:
    video = owner.make("Seen by a stranger")
    until(lambda: owner.has_ready(video))

    page = httpx.get(owner.share(video), timeout=30)

    assert page.status_code == 200
    assert "Seen by a stranger" in page.text
    assert "<iframe" in page.text


@pytest.mark.parametrize("service", SERVICES)
def test_each_container_that_is_killed_comes_back_and_loses_nothing(stack: Stack, owner: Member, service: str) -> None:
    before = owner.make(f"Asked for before {service} was killed")
    for number in range(SERVICES[service]):
        killed = stack.containers(service)[number]
        stack.kill(killed)
        until(
            lambda at=killed["State"]["StartedAt"], n=number: stack.containers(service)[n]["State"]["StartedAt"] != at
        )
    until(lambda: stack.is_healthy() and stack.is_ready())

    after = owner.make(f"Asked for after {service} was killed")

    until(lambda: owner.has_ready(before) and owner.has_ready(after))


def test_nothing_is_left_after_it_is_taken_down(stack: Stack) -> None:
    assert stack.objects("container")

    stack.compose("down", "--volumes", "--timeout", "30")

    assert {kind: stack.objects(kind) for kind in ("container", "volume", "network")} == {
        "container": [],
        "volume": [],
        "network": [],
    }
