"""Every hostile sample is refused with its sentence and nothing crashes; every good one is taken."""

import io
import os
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from lutong.gateways.examination import Examiner, SealedFile, Verdict
from lutong.gateways.examination.clamav import Clamd, ScannerDown
from lutong.gateways.examination.inspection import inspect_file
from lutong.gateways.examination.tests.samples import BENIGN, HOSTILE, active_pdf, mp4, pdf, picture
from lutong.gateways.examination.verdict import codes, refusal
from lutong.gateways.objectstore.keys import KeyRing
from lutong.gateways.objectstore.local import LocalStore
from lutong.gateways.objectstore.vault import Vault
from lutong.gateways.sandbox import Crashed, Sandbox

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.fixture(scope="module")
def examiner() -> Iterator[Examiner]:
    made = Examiner()
    yield made
    made.close()


def sealed(home: Path, data: bytes) -> SealedFile:
    store = LocalStore(home)
    vault = Vault(store, KeyRing({"k": b"k" * 32}))
    stored = vault.put(data)
    key = vault.keys.unwrap(stored.sealed_key, stored.object_key)
    return SealedFile(home / stored.object_key, stored.object_key, key, stored.size)


def verdict_on(examiner: Examiner, home: Path, data: bytes, name: str = "a.pdf") -> Verdict:
    return examiner.examine(sealed(home, data), name)


def test_every_hostile_file_is_refused_with_its_own_reason(examiner: Examiner, tmp_path: Path) -> None:
    assert len(HOSTILE) >= 60
    wrong = {}
    for name, (make, expected) in HOSTILE.items():
        verdict = verdict_on(examiner, tmp_path, make(), name)
        got = verdict.refusal.code if verdict.refusal else "accepted"
        if got != expected and (expected is not None or got in ("accepted", "unreadable")):
            wrong[name] = got
    assert wrong == {}


def test_every_good_file_is_taken_with_its_pages(examiner: Examiner, tmp_path: Path) -> None:
    wrong = {}
    for name, (make, pages) in BENIGN.items():
        verdict = verdict_on(examiner, tmp_path, make(), name)
        if verdict.refusal or verdict.pages != pages:
            wrong[name] = (verdict.refusal, verdict.pages)
    assert wrong == {}


def test_truncation_anywhere_is_an_answer_and_never_a_crash() -> None:
    for name, (make, _) in BENIGN.items():
        whole = make()
        for cut in range(0, len(whole), max(1, len(whole) // 12)):
            answer = inspect_file(io.BytesIO(whole[:cut]), cut)
            assert "refused" in answer or "media_type" in answer, (name, cut)


def test_flipped_bytes_are_an_answer_and_never_a_crash(examiner: Examiner, tmp_path: Path) -> None:
    for name, (make, _) in BENIGN.items():
        raw = bytearray(make())
        for at in range(0, len(raw), max(1, len(raw) // 25)):
            raw[at] ^= 0x41
        verdict = verdict_on(examiner, tmp_path, bytes(raw), name)
        assert verdict.refusal or verdict.media_type, name


def test_a_wrong_extension_is_told_and_the_file_taken(examiner: Examiner, tmp_path: Path) -> None:
    verdict = verdict_on(examiner, tmp_path, picture(), "授权委托书.pdf")
    assert verdict.media_type == "image/jpeg"
    assert verdict.warnings == ("扩展名是 .pdf，内容其实是 JPEG 图片。",)
    assert (verdict.width, verdict.height) == (300, 200)
    assert "没有扩展名" in verdict_on(examiner, tmp_path, picture(), "扫描件").warnings[0]


@pytest.mark.parametrize("kind", ["open", "launch", "names", "file"])
def test_active_content_is_told(examiner: Examiner, tmp_path: Path, kind: str) -> None:
    assert "脚本、自动动作或附件" in verdict_on(examiner, tmp_path, active_pdf(kind)).warnings[0]
    assert verdict_on(examiner, tmp_path, pdf()).warnings == ()


def test_a_password_is_refused_in_the_prototypes_words(examiner: Examiner, tmp_path: Path) -> None:
    verdict = verdict_on(examiner, tmp_path, HOSTILE["locked.pdf"][0]())
    assert verdict.refusal is not None
    assert verdict.refusal.sentence == "文件设有打开密码，法院无法阅看和归卷。"
    assert verdict.refusal.way_out.startswith("请用 PDF 或办公软件去除密码后重新选择")


def test_every_refusal_has_a_sentence_and_a_way_out() -> None:
    for code in codes():
        told = refusal(code, name="x", limit="9")
        assert told.sentence.endswith("。")
        assert told.way_out.endswith("。")


def test_a_tampered_upload_is_never_parsed(examiner: Examiner, tmp_path: Path) -> None:
    source = sealed(tmp_path, pdf())
    raw = bytearray(source.path.read_bytes())
    raw[100] ^= 1
    source.path.write_bytes(raw)
    verdict = examiner.examine(source, "a.pdf")
    assert verdict.refusal is not None
    assert verdict.refusal.code == "unreadable"


# ---- the sandbox itself; these functions run inside it


def hog_memory(arguments: object, descriptors: object) -> tuple[int, list[bytes]]:
    return len(bytearray(2 << 30)), []


def spin(arguments: object, descriptors: object) -> tuple[None, list[bytes]]:
    while True:
        pass


def die(arguments: object, descriptors: object) -> tuple[None, list[bytes]]:
    os.abort()


def reach_out(arguments: dict[str, int], descriptors: object) -> tuple[str, list[bytes]]:
    try:
        socket.create_connection(("127.0.0.1", arguments["port"]), 2).close()
    except OSError:
        return "no network", []
    return "connected", []


def write_file(arguments: dict[str, str], descriptors: object) -> tuple[None, list[bytes]]:
    Path(arguments["path"]).write_bytes(b"x" * 10)
    return None, []


def environment(arguments: object, descriptors: object) -> tuple[list[str], list[bytes]]:
    return sorted(os.environ), [b"blob"]


HERE = __name__


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(HERE)
    yield made
    made.close()


@pytest.mark.parametrize("function", ["hog_memory", "spin", "die"])
def test_a_parser_that_runs_wild_is_ended(sandbox: Sandbox, function: str) -> None:
    with pytest.raises(Crashed):
        sandbox.call(f"{HERE}:{function}", {}, seconds=1)
    assert sandbox.call(f"{HERE}:environment", {}).blobs == [b"blob"], "and the next call works"


def test_the_sandbox_has_no_network_no_disk_and_no_secrets(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LUTONG_FILE_KEYS", "secret")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert reach_out({"port": port}, None)[0] == "connected", "the control: the door is open"
        inside = sandbox.call(f"{HERE}:reach_out", {"port": port}).value
    if os.geteuid() == 0:
        assert inside == "no network"
    with pytest.raises(Crashed):
        sandbox.call(f"{HERE}:write_file", {"path": str(tmp_path / "x")})
    assert (tmp_path / "x").stat().st_size == 0 if (tmp_path / "x").exists() else True
    assert not [name for name in sandbox.call(f"{HERE}:environment", {}).value if "LUTONG" in name]


def test_a_killed_zygote_is_replaced(sandbox: Sandbox) -> None:
    sandbox.call(f"{HERE}:environment", {})
    assert sandbox._zygote is not None
    sandbox._zygote.kill()
    sandbox._zygote.wait()
    assert sandbox.call(f"{HERE}:environment", {}).value


# ---- the malware scanner


def test_a_scanner_that_is_down_leaves_the_file_waiting(tmp_path: Path) -> None:
    address = str(tmp_path / "nobody.sock")
    strict, lenient = Examiner(clamd=address), Examiner(clamd=address, accept_unscanned=True)
    try:
        source = sealed(tmp_path, pdf())
        assert strict.examine(source, "a.pdf").pending
        verdict = lenient.examine(source, "a.pdf")
        assert not verdict.pending
        assert verdict.warnings == ("病毒扫描服务暂不可用，文件未经扫描。",)
    finally:
        strict.close()
        lenient.close()


def test_a_scanner_that_talks_nonsense_counts_as_down() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            line, _ = server.accept()
            line.recv(100)
            line.sendall(b"UNKNOWN COMMAND\0")
            line.close()

        threading.Thread(target=answer).start()
        with pytest.raises(ScannerDown):
            Clamd(f"127.0.0.1:{server.getsockname()[1]}", timeout=5).scan(io.BytesIO(b"x"))


@pytest.mark.needs_apt
def test_a_real_clamd_finds_the_test_virus(tmp_path: Path) -> None:
    clamd = next((p for p in ("/usr/sbin/clamd", "/usr/bin/clamd") if Path(p).exists()), None)
    if clamd is None:
        pytest.skip("clamd is not installed (Debian package clamav-daemon)")
    database = tmp_path / "db"
    database.mkdir()
    (database / "t.ndb").write_text(f"Test.Eicar:0:*:{EICAR.hex()}\n")
    # Unix socket paths are short.
    address = f"/tmp/lutong-clamd-{os.getpid()}.sock"
    config = tmp_path / "clamd.conf"
    config.write_text(
        f"DatabaseDirectory {database}\nLocalSocket {address}\nForeground yes\nStreamMaxLength 1M\nUser root\n"
        if os.geteuid() == 0
        else f"DatabaseDirectory {database}\nLocalSocket {address}\nForeground yes\nStreamMaxLength 1M\n"
    )
    process = subprocess.Popen([clamd, "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    examiner = Examiner(clamd=address)
    try:
        for _ in range(100):
            if Path(address).exists():
                break
            threading.Event().wait(0.1)
        infected = verdict_on(examiner, tmp_path, mp4() + EICAR, "a.mp4")
        assert infected.refusal is not None
        assert infected.refusal.code == "malware"
        assert "Test.Eicar" in infected.refusal.sentence
        clean = verdict_on(examiner, tmp_path, pdf())
        assert clean.refusal is None
        assert clean.warnings == ()
        large = verdict_on(examiner, tmp_path, picture("PNG", (1500, 1500)), "a.png")
        assert large.warnings == ("文件超过病毒扫描的大小上限，未经扫描。",)
    finally:
        process.kill()
        process.wait()
        examiner.close()
        Path(address).unlink(missing_ok=True)
