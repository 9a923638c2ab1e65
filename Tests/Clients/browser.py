"""EventSource of a real browser, three pages at once, through nginx: usage: browser.py PROGRAM CHROMIUM

The service is restarted under them, once properly and once by a crash: each page gets each event once and in order.
Then a page reads a log to its end, comes back by itself, gets 204, and stops.
"""

import json
import sys
import tempfile

from playwright.sync_api import sync_playwright

from proxy import Proxy
from service import Service, eventually


def sequence(page):
    return [int(event[1]) for event in page.evaluate("window.seen")]


def three_pages(browser, service, site):
    first = service.make_spec("first")
    pages = [browser.new_page() for _ in range(3)]
    for page in pages:
        page.goto(f"{site}/page.html?types=spec.changed,service.started,service.stopping&stream=/api/events?after=0")
    for number in range(30):
        if number in (10, 20):
            service.restart(kills=number == 20)
        last = service.make_spec(f"spec {number}")
        # Some come while the pages are connected, some before they are back.
        if number % 10 == 5:
            for page in pages:
                eventually("the page is connected", lambda: page.evaluate("window.source.readyState") == 1)
    has_last = lambda page: any(last in event[2] for event in page.evaluate("window.seen"))
    for page in pages:
        eventually("the last event", lambda: has_last(page))
        numbers = sequence(page)
        assert numbers == list(range(1, len(numbers) + 1)), f"not each once and in order: {numbers}"
        assert page.evaluate("window.opened") >= 3, "the page has not come back twice"
        made = [json.loads(event[2]).get("spec_id") for event in page.evaluate("window.seen")]
        assert made.count(first) == 1 and made.count(last) == 1
        page.close()
    print(f"three pages, two restarts: {len(numbers)} events each, each once and in order")


def end_of_log(browser, service, site):
    spec = service.make_spec("talks")
    service.call("POST", f"/specs/{spec}/work", {"criteria": "ignore"})
    page = browser.new_page()
    answers = []
    page.on("response", lambda answer: answers.append(answer.status) if answer.url.endswith("/log") and "page" not in answer.url else None)
    page.goto(f"{site}/page.html?types=log&stream=/api/specs/{spec}/log")
    eventually("the log's end", lambda: page.evaluate("window.ended"), within=60)
    eventually("the browser stops", lambda: page.evaluate("window.source.readyState") == 2)
    lines = [event[2] for event in page.evaluate("window.seen") if event[0] == "log"]
    assert lines == [f"number {n}" for n in range(300)], f"lines: {lines[:3]} … {lines[-3:]}"
    assert answers == [200, 204], f"answers: {answers}"
    page.close()
    print("a log: 300 lines, event end, then 204, and the browser has stopped")


def main():
    program, chromium = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        service = Service(program, folder)
        proxy = Proxy(service)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        try:
            three_pages(browser, service, proxy.address)
            end_of_log(browser, service, proxy.address)
        finally:
            browser.close()
            proxy.stop()
            service.stop()


main()
