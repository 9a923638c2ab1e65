"""What a process costs: processor time, memory; and the load generator's answers."""

import json
import subprocess
import time
from pathlib import Path


def processes(pid):
    """The process and its children (nginx has workers)."""
    found = [pid]
    for other in found:
        for task in Path(f"/proc/{other}/task").iterdir():
            found += [int(child) for child in (task / "children").read_text().split()]
    return found


def cpu_seconds(pid):
    """Processor time so far, exact to the scheduler's accounting: ended threads included, ticks not involved."""
    # The clock id of another process, as clock_getcpuclockid(3) makes it: CPUCLOCK_SCHED is 2.
    return sum(time.clock_gettime((~process << 3) | 2) for process in processes(pid))


def resident_bytes(pid):
    total = 0
    for process in processes(pid):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1]) * 1024
    return total


def settled_memory(pid):
    """Memory once it no longer grows."""
    last = resident_bytes(pid)
    for _ in range(20):
        time.sleep(0.3)
        size = resident_bytes(pid)
        if size <= last * 1.01:
            return size
        last = size
    return last


class Load:
    """The load generator of load/load.c."""

    def __init__(self, program):
        self.program = str(program)

    def requests(self, port, path, connections, seconds, status):
        """Closed-loop GETs; what the generator counted."""
        command = [self.program, "json", port, path, connections, seconds, status]
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(done.stderr.strip())
        counted = json.loads(done.stdout)
        if counted["wrong_status"] or not counted["requests"]:
            raise RuntimeError(f"GET {path} on port {port} was not answered with {status}: {counted}")
        return counted

    def streams(self, port, path, clients):
        return Streams(self.program, port, path, clients)


class Streams:
    """Open streams, until the block is left."""

    def __init__(self, program, port, path, clients):
        command = [program, "streams", str(port), path, str(clients)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.answer()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(self.process.stderr.read().strip() or "the load generator ended")
        return json.loads(line)

    def begin(self, seconds, drain):
        """Counts what is published from now on, for `seconds`; `answer` waits for the result."""
        self.process.stdin.write(f"measure {seconds} {drain}\n")
        self.process.stdin.flush()
