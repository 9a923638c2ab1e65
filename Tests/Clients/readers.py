"""httpx-sse and sseclient-py read a log while the agent writes it, leave and come back: usage: readers.py PROGRAM [nginx]

Every line once and in order, from either client, straight and, with `nginx`, through nginx; and a line is there long
before the run ends, so nothing on the way holds it back.
"""

import sys
import tempfile
import threading

import httpx
import httpx_sse
import requests
import sseclient

from proxy import Proxy
from service import Service


def by_httpx(url, last, leave_after):
    headers = {"Last-Event-ID": last} if last else {}
    with httpx.Client(timeout=30) as client:
        with httpx_sse.connect_sse(client, "GET", url, headers=headers) as source:
            if source.response.status_code == 204:
                return None
            for count, event in enumerate(source.iter_sse()):
                if count == leave_after:
                    return True
                yield_event(event.event, event.id, event.data)
    return True


def by_sseclient(url, last, leave_after):
    headers = {"Accept": "text/event-stream", **({"Last-Event-ID": last} if last else {})}
    with requests.get(url, headers=headers, stream=True, timeout=30) as answer:
        if answer.status_code == 204:
            return None
        for count, event in enumerate(sseclient.SSEClient(answer).events()):
            if count == leave_after:
                return True
            yield_event(event.event, event.id, event.data)
    return True


def yield_event(name, identifier, data):
    state = threading.current_thread().state
    state["last"] = identifier
    if name == "log":
        state["lines"].append(data)
    if name == "end":
        state["ends"] += 1


def follow(read, url):
    """Reads 37 events at a time until the log's end was answered with 204."""
    state = threading.current_thread().state
    while read(url, state["last"], 37):
        state["visits"] += 1


class Reader(threading.Thread):
    def __init__(self, name, read, url):
        super().__init__(name=name, target=follow, args=(read, url))
        self.state = {"last": None, "lines": [], "ends": 0, "visits": 0}

    def check(self):
        self.join(90)
        assert not self.is_alive(), f"{self.name} does not come to an end"
        lines = self.state["lines"]
        assert lines == [f"number {n}" for n in range(300)], f"{self.name}: {lines[:3]} … {lines[-3:]}, {len(lines)}"
        assert self.state["ends"] == 1 and self.state["visits"] > 5
        print(f"{self.name}: 300 lines in {self.state['visits']} visits, each once and in order, then 204")


def main():
    with tempfile.TemporaryDirectory() as folder:
        service = Service(sys.argv[1], folder)
        sites = {"straight": service.address}
        proxy = Proxy(service) if "nginx" in sys.argv[2:] else None
        if proxy:
            sites["through nginx"] = proxy.address + "/api"
        try:
            spec = service.make_spec("talks")
            run = service.call("POST", f"/specs/{spec}/work", {"criteria": "ignore"})["id"]
            readers = [
                Reader(f"{name}, {way}", read, f"{site}/specs/{spec}/log")
                for way, site in sites.items()
                for name, read in (("httpx-sse", by_httpx), ("sseclient-py", by_sseclient))
            ]
            for reader in readers:
                reader.start()
            early = {}
            for way, site in sites.items():
                with httpx.stream("GET", f"{site}/specs/{spec}/log", headers={"Accept": "text/event-stream"}) as answer:
                    next(line for line in answer.iter_lines() if line.startswith("data: number 5"))
                    early[way] = service.call("GET", f"/runs/{run}")["state"]
            assert set(early.values()) <= {"preparing", "running"}, f"lines were held back: {early}"
            for reader in readers:
                reader.check()
        finally:
            if proxy:
                proxy.stop()
            service.stop()


main()
