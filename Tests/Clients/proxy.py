"""nginx before the service, as docs/operations.md configures it; it serves the page of the browser test too."""

import os
import socket
import subprocess

from service import eventually, free_port


class Proxy:
    def __init__(self, service):
        pages = os.path.dirname(os.path.abspath(__file__))
        self.port = free_port()
        with open(os.path.join(pages, "nginx.conf")) as file:
            text = file.read()
        values = {"FOLDER": service.folder, "PORT": self.port, "PAGES": pages, "SERVICE": service.port}
        for name, value in values.items():
            text = text.replace(f"@{name}@", str(value))
        path = os.path.join(service.folder, "nginx.conf")
        with open(path, "w") as file:
            file.write(text)
        self.process = subprocess.Popen(["nginx", "-c", path, "-e", os.path.join(service.folder, "nginx.log")])
        eventually("nginx listens", self.listens)

    def listens(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    def stop(self):
        self.process.terminate()
        self.process.wait()
