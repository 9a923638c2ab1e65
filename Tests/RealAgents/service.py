"""A project, the built service on it, and the scripted model: what the cases with real agents work with."""
import json, os, shutil, signal, subprocess, sys, tempfile, time, urllib.error, urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
SPEC = "2026-01-05-{:03}-aaa"


class Failed(Exception):
    pass


def expect(fact, *shown):
    if not fact:
        raise Failed(" ".join(str(part) for part in shown))


def eventually(what, ask, within=120):
    end = time.monotonic() + within
    while True:
        value = ask()
        if value:
            return value
        if time.monotonic() > end:
            raise Failed(f"not within {within} s: {what}")
        time.sleep(0.05)


class Model:
    """The scripted model, for all cases."""

    def __init__(self, folder):
        port_file = folder / "model-port"
        self.process = subprocess.Popen(
            [sys.executable, HERE / "llm-mock/llm_mock.py", HERE / "llm-mock/scenarios", "--port-file", port_file],
            stdout=subprocess.DEVNULL,
        )
        eventually("the model's port", port_file.exists)
        self.port = int(port_file.read_text())

    def url(self, scenario, session):
        return f"http://127.0.0.1:{self.port}/s/{scenario}/{session}"

    def close(self):
        self.process.terminate()
        self.process.wait()


class Service:
    """A project of its own, and the service on it."""

    open = []

    def __init__(self, program, folder, configuration, *, specs=1, environment=None, files=None, model="sonnet",
                 text="Work.", path="/usr/local/bin:/usr/bin:/bin"):
        Service.open.append(self)
        self.folder = Path(tempfile.mkdtemp(prefix="case-", dir=folder))
        self.project = self.folder / "project"
        (self.folder / "home").mkdir()
        (self.project / ".chant/specs").mkdir(parents=True)
        (self.project / ".chant/config.md").write_text(
            f"---\nproject:\n  name: real\ndefaults:\n  main_branch: main\n  model: {model}\n{configuration}---\n")
        (self.project / ".chant/.gitignore").write_text(".locks/\nlogs/\n*.md.tmp\n")
        for name, content in {"README.md": "A project.\n", **(files or {})}.items():
            (self.project / name).parent.mkdir(exist_ok=True)
            (self.project / name).write_text(content)
            if content.startswith("#!"):
                (self.project / name).chmod(0o755)
        for number in range(1, specs + 1):
            (self.project / f".chant/specs/{SPEC.format(number)}.md").write_text(
                f"---\ntype: code\nstatus: pending\n---\n\n# Spec {number}\n\n{text}\n\n"
                "## Acceptance Criteria\n\n- [ ] The work is done\n")
        self.git("init", "-q", "-b", "main")
        self.git("config", "user.name", "Real Agents")
        self.git("config", "user.email", "real@example.com")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "Begin")
        self.program, self.environment = program, {
            "HOME": str(self.folder / "home"), "PATH": path, "LANG": "C.UTF-8", **(environment or {})}
        self.begin()

    def begin(self):
        """Starts the service; after `crash` on the same state."""
        port_file = self.folder / "port"
        port_file.unlink(missing_ok=True)
        with open(self.folder / "service.log", "ab") as log:
            self.process = subprocess.Popen(
                [self.program, "serve", "--project", self.project, "--listen", "127.0.0.1:0", "--state-dir",
                 self.folder / "state", "--worktrees-dir", self.folder / "worktrees", "--port-file", port_file,
                 "--workers", "8"],
                env=self.environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        eventually("the service's port", lambda: port_file.exists() or self.process.poll() is not None)
        expect(self.process.poll() is None, "the service ended:", (self.folder / "service.log").read_text()[-2000:])
        self.port = int(port_file.read_text())
        eventually("the service is ready", lambda: self.ask("GET", "/health/ready")[0] == 200)

    def crash(self):
        self.process.kill()
        self.process.wait()

    def agent(self, run):
        """The process of a run's agent."""
        return eventually("the agent is there", lambda: [
            process["pid"] for process in self.json("/processes")["items"] if process["run_id"] == run])[0]

    def git(self, *words):
        return subprocess.run(["git", *words], cwd=self.project, check=True, capture_output=True, text=True).stdout

    def ask(self, method, path, body=None, accept="application/json"):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=data, method=method)
        request.add_header("Accept", accept)
        if data is not None:
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def json(self, path):
        return json.loads(self.ask("GET", path)[1])

    def start(self, number=1, **options):
        status, body = self.ask("POST", f"/specs/{SPEC.format(number)}/work", options)
        expect(status == 202, "not accepted:", status, body)
        return json.loads(body)["id"]

    def settled(self, run, within=120):
        def look():
            found = self.json(f"/runs/{run}")
            return found if found["state"] == "settled" else None
        return eventually(f"run {run} settles", look, within)

    def ending(self, outcome, reason=None, within=120, **options):
        """Works the first spec and says how that must end."""
        run = self.settled(self.start(**options), within)
        expect((run["outcome"], run["reason"]) == (outcome, reason), "ended as", run["outcome"], run["reason"],
               json.dumps(run["problem"]), self.text(run)[-1500:])
        return run

    def text(self, run):
        return self.ask("GET", f"/runs/{run['id']}/log?follow=0", accept="text/plain")[1]

    def events(self, run):
        status, body = self.ask("GET", f"/runs/{run['id']}/log?view=events&follow=0", accept="application/x-ndjson")
        expect(status == 200, "no events:", status, body)
        return [json.loads(line) for line in body.splitlines()]

    def header(self, number=1):
        text = (self.project / f".chant/specs/{SPEC.format(number)}.md").read_text().split("\n---")[0]
        return dict(line.split(": ", 1) for line in text.splitlines() if ": " in line)

    def close(self):
        Service.open.remove(self)
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                code = self.process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                raise Failed("the service did not stop")
            expect(code == 0, "the service ended with", code)
        shutil.rmtree(self.folder, ignore_errors=True)


def marked(run):
    """The processes of a run that are alive, its supervisor included."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                environment = (entry / "environ").read_bytes()
                if f"CHANT_RUN_ID={run}\0".encode() in environment + b"\0":
                    found.append((int(entry.name), (entry / "cmdline").read_bytes().replace(b"\0", b" ")[:120]))
            except OSError:
                pass
    return found
