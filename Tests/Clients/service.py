"""A service on a small project of its own, for clients of other makes; it can be restarted on the same port."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def eventually(what, fact, within=30):
    """Waits for a fact, and gives it."""
    end = time.monotonic() + within
    while True:
        value = fact()
        if value:
            return value
        if time.monotonic() > end:
            raise SystemExit(f"not within {within} s: {what}")
        time.sleep(0.02)


class Service:
    # Prints 300 numbered lines in about three seconds, then does what a diligent agent does.
    agent = """#!/bin/sh
i=0
while [ $i -lt 300 ]; do echo "number $i"; i=$((i+1)); [ $((i % 10)) -ne 0 ] || sleep 0.1; done
echo work >done.txt
sed -i 's/- \\[ \\]/- [x]/' "$CHANT_SPEC_FILE"
git add -A && git commit -qm work
"""

    def __init__(self, program, folder):
        self.program, self.folder, self.port = program, folder, free_port()
        self.project = os.path.join(folder, "project")
        subprocess.run([program, "init", self.make_repository()], check=True, stdout=subprocess.DEVNULL)
        agent = os.path.join(folder, "agent.sh")
        with open(agent, "w") as file:
            file.write(self.agent)
        os.chmod(agent, 0o755)
        with open(os.path.join(self.project, ".chant", "config.md"), "w") as file:
            file.write("---\nproject: { name: clients }\ndefaults: { provider: command, main_branch: main }\n"
                       f"parallel:\n  agents:\n    - {{ name: steady, command: [{agent}] }}\n---\n")
        self.git("add", "-A")
        self.git("commit", "-qm", "begin")
        self.start()

    def make_repository(self):
        os.makedirs(self.project)
        subprocess.run(["git", "init", "-q", "-b", "main", self.project], check=True)
        for key, value in (("user.name", "Client"), ("user.email", "client@example.org")):
            self.git("config", key, value)
        return self.project

    def git(self, *words):
        subprocess.run(["git", "-C", self.project, *words], check=True)

    def start(self):
        ready = os.path.join(self.folder, "port")
        self.log = open(os.path.join(self.folder, "service.log"), "ab")
        self.process = subprocess.Popen(
            [self.program, "serve", "--project", self.project, "--listen", f"127.0.0.1:{self.port}",
             "--state-dir", os.path.join(self.folder, "state"), "--port-file", ready],
            stdout=subprocess.DEVNULL, stderr=self.log)
        eventually("the service is ready", lambda: self.process.poll() is None and os.path.exists(ready))

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(30) != 0:
            raise SystemExit(f"the service ended with {self.process.returncode}")

    def restart(self, kills):
        """Ends the service, by a crash or properly, and starts it anew; its clients find out by themselves."""
        if kills:
            self.crash()
        else:
            self.stop()
        self.start()

    def crash(self):
        self.process.kill()
        self.process.wait()
        try:
            os.remove(os.path.join(self.folder, "port"))
        except FileNotFoundError:
            pass

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    def call(self, method, path, body=None):
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.address + path, data=data, method=method,
                                         headers={"Content-Type": "application/json"} if data else {})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def make_spec(self, title):
        """Makes a spec, which is an event too."""
        return self.call("POST", "/specs", {"title": title})["id"]
