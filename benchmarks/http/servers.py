"""The servers that are compared, each started on a free port of the loopback."""

import http.client
import json
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

here = Path(__file__).resolve().parent
root = here.parent.parent
built = root / ".build-benchmarks"


class Missing(Exception):
    """A server that cannot be had here, and why."""


class Server:
    """A running server; `path(size)` is where it gives a body of that many bytes."""

    streams = True

    def __init__(self, folder):
        self.folder = folder
        self.process = None
        self.port = 0

    def build(self):
        pass

    def command(self):
        raise NotImplementedError

    def start(self):
        self.port = free_port()
        self.output = open(self.folder / f"{type(self).__name__}.log", "w")
        self.process = subprocess.Popen(self.command(), stdout=self.output, stderr=self.output)
        deadline = time.monotonic() + 30
        while not is_open(self.port):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise Missing(f"{self.name} did not start: {Path(self.output.name).read_text()[-300:]}")
            time.sleep(0.05)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def path(self, size):
        return f"/json/{size}"


class PlainC(Server):
    name = "plain C"

    def build(self):
        compile_c(here / "plain-c/server.c", built / "plain-c", "-lmicrohttpd", "-lpthread")

    def command(self):
        return [built / "plain-c", str(self.port)]


class Nginx(Server):
    name = "nginx"
    streams = False

    def __init__(self, folder):
        super().__init__(folder)
        self.sizes = []

    def build(self):
        self.program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
        if not self.program:
            raise Missing("nginx is not installed (Debian: nginx-light)")

    def command(self):
        # A word of nginx's configuration has less than 4096 bytes: larger bodies repeat a variable of 1024.
        locations = f'set $kilobyte "{" " * 1024}";\n' + "".join(
            f'location = /json/{size} {{ return 200 "{self.body(size - 2)}[]"; }}\n' for size in self.sizes)
        configuration = self.folder / "nginx.conf"
        configuration.write_text((here / "nginx.conf").read_text().replace("@PORT@", str(self.port))
                                 .replace("@FOLDER@", str(self.folder)).replace("@LOCATIONS@", locations))
        return [self.program, "-c", configuration, "-p", self.folder]

    @staticmethod
    def body(size):
        return "${kilobyte}" * (size // 1024) + " " * (size % 1024)


class Go(Server):
    name = "Go net/http"

    def build(self):
        if not shutil.which("go"):
            raise Missing("Go is not installed (Debian: golang-go)")
        environment = dict(os.environ, GOFLAGS="-mod=mod", GOCACHE=str(built / "go-cache"))
        run(["go", "build", "-o", built / "go", "server.go"], cwd=here / "go", env=environment)

    def command(self):
        return [built / "go", str(self.port)]


class Hummingbird(Server):
    name = "Hummingbird 2"
    scratch = built / "hummingbird"

    def build(self):
        # Built once: a second look costs minutes where something else has touched the scratch folder's times.
        if (self.scratch / "release/HummingbirdServer").exists():
            return
        print("building Hummingbird 2, once: about four minutes", flush=True)
        done = subprocess.run(["swift", "build", "-c", "release", "--package-path", here / "hummingbird-2",
                               "--scratch-path", self.scratch], capture_output=True, text=True)
        if done.returncode != 0:
            raise Missing(f"Hummingbird 2 could not be built: {(done.stderr or done.stdout).strip()[-300:]}")

    def command(self):
        return [self.scratch / "release/HummingbirdServer", str(self.port)]


class ChantServer(Server):
    """The release build on a project of its own with some hundred specs."""

    name = "chant-server"
    logs = "warning"
    specs = 200

    def __init__(self, folder, program=None):
        super().__init__(folder)
        self.program = program

    def build(self):
        if self.program:
            return
        print("building chant-server, a few minutes the first time", flush=True)
        run(["swift", "build", "-c", "release", "--product", "chant-server"], cwd=root)
        shown = subprocess.run(["swift", "build", "-c", "release", "--show-bin-path"],
                               cwd=root, check=True, capture_output=True, text=True)
        self.program = Path(shown.stdout.strip()) / "chant-server"

    def command(self):
        project = Path(tempfile.mkdtemp(prefix="project-", dir=self.folder))
        run(["git", "init", "-q", "-b", "main", project])
        run(["git", "-C", project, "config", "user.name", "Benchmark"])
        run(["git", "-C", project, "config", "user.email", "benchmark@example.com"])
        run([self.program, "init", project], stdout=subprocess.DEVNULL)
        self.ids = [f"2026-01-{1 + number // 20:02}-{1 + number % 20:03}-abc" for number in range(self.specs)]
        for number, name in enumerate(self.ids):
            (project / f".chant/specs/{name}.md").write_text(spec_text(number, self.ids))
        run(["git", "-C", project, "add", "-A"])
        run(["git", "-C", project, "commit", "-q", "-m", "Begin"])
        state = tempfile.mkdtemp(prefix="state-", dir=self.folder)
        return [self.program, "serve", "--project", project, "--listen", f"127.0.0.1:{self.port}",
                "--state-dir", state, "--log-level", self.logs, "--log-format", "json"]

    def start(self):
        super().start()
        deadline = time.monotonic() + 60
        while self.size("/health/ready", status=200) is None:
            if time.monotonic() > deadline:
                raise Missing("chant-server did not become ready")
            time.sleep(0.1)

    def size(self, path, status):
        """The bytes of an answer; None if it has another status."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return len(body) if answer.status == status else None


class ChantServerLogging(ChantServer):
    """The same with its access log, as it runs by default."""

    name = "chant-server, access log"
    logs = "info"


class Writer:
    """Changes specs through the API, so that as many events come into being; used as a block."""

    def __init__(self, server, rate):
        self.server = server
        self.interval = 1 / rate
        self.late = 0
        self.failed = None
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        self.thread.join()

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        due = time.monotonic()
        number = 0
        while not self.ending.is_set():
            due += self.interval
            wait = due - time.monotonic()
            if wait > 0:
                time.sleep(wait)
            elif wait < -1:
                self.late += 1
                due = time.monotonic()
            name = self.server.ids[number % len(self.server.ids)]
            number += 1
            body = json.dumps({"labels": [f"round-{number}"]})
            connection.request("PATCH", f"/specs/{name}", body, {"Content-Type": "application/merge-patch+json"})
            answer = connection.getresponse()
            text = answer.read()
            if answer.status != 200:
                self.failed = f"PATCH /specs/{name} was answered {answer.status}: {text[:300]}"
                return


def spec_text(number, ids):
    blocker = f"depends_on:\n- {ids[number - 1]}\n" if number % 3 == 0 and number else ""
    return (f"---\ntype: code\nstatus: pending\nlabels: [bench]\ntarget_files:\n- src/file{number}.txt\n{blocker}---\n\n"
            f"# Change number {number}\n\nA spec of ordinary length, with two paragraphs of text that say what is to be\n"
            "done, where, and why it matters.\n\nThe second paragraph names what must not change.\n\n"
            "## Acceptance Criteria\n\n- [ ] The change is there\n- [ ] Its test is there\n- [x] It was agreed upon\n")


def compile_c(source, target, *libraries):
    compiler = os.environ.get("CC") or shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if not compiler:
        raise SystemExit("bench: a C compiler is missing")
    target.parent.mkdir(parents=True, exist_ok=True)
    run([compiler, "-O2", "-Wall", "-o", target, source, *libraries])


def run(command, **options):
    subprocess.run(command, check=True, **options)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_open(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
