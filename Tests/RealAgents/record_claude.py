#!/usr/bin/env python3
"""Records what the real Claude Code writes, case by case, against the scripted model (llm-mock).

    record_claude.py PATH/TO/claude OUT_FOLDER

Writes OUT_FOLDER/<case>.jsonl (standard output, byte for byte) and prints the exit codes. The folder in which the
program works has the same name on every machine, so that recordings can be compared.
"""
import json, os, shutil, signal, subprocess, sys, time
from pathlib import Path

HERE = Path(__file__).parent
PLACE = Path("/tmp/chant-recording")
CASES = {
    # case: (scenario, further arguments, environment, seconds until a signal, signal)
    "success": ("claude-write-commit", [], {}, None, None),
    "no-commit": ("no-commit", [], {}, None, None),
    "retries-then-success": ("claude-errors", [], {}, None, None),
    "rate-limit": ("always-429", [], {"CLAUDE_CODE_MAX_RETRIES": "1"}, None, None),
    "overload": ("always-529", [], {"CLAUDE_CODE_MAX_RETRIES": "1"}, None, None),
    "bad-request": ("always-400", [], {}, None, None),
    "unauthorized": ("always-401", [], {"CLAUDE_CODE_MAX_RETRIES": "1"}, None, None),
    "cut": ("cut", [], {}, None, None),
    "tool-error": ("claude-tool-error", [], {}, None, None),
    "budget": ("claude-budget", ["--max-budget-usd", "0.01"], {}, None, None),
    "denied": ("claude-write-commit", ["--permission-mode", "manual"], {}, None, None),
    "terminated": ("hang", [], {}, 4, signal.SIGTERM),
    "interrupted": ("hang", [], {}, 4, signal.SIGINT),
    "interrupted-in-tool": ("claude-sleep", [], {}, 5, signal.SIGINT),
}


def git(*words):
    subprocess.run(["git", *words], cwd=PLACE / "work", check=True, stdout=subprocess.DEVNULL)


def record(claude, port, case, out):
    scenario, arguments, extra, delay, number = CASES[case]
    shutil.rmtree(PLACE / "work", ignore_errors=True)
    (PLACE / "work").mkdir(parents=True)
    git("init", "-q", "-b", "work")
    git("config", "user.name", "Recorder")
    git("config", "user.email", "recorder@example.com")
    git("commit", "-q", "--allow-empty", "-m", "Begin")
    (PLACE / "prompt.md").write_text("Do what the spec says.\n")
    environment = {
        "HOME": str(PLACE / "home"), "PATH": "/usr/local/bin:/usr/bin:/bin", "IS_SANDBOX": "1",
        "ANTHROPIC_BASE_URL": f"http://127.0.0.1:{port}/s/{scenario}/{case}", "ANTHROPIC_API_KEY": "dummy",
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1", **extra,
    }
    mode = [] if "--permission-mode" in arguments else ["--permission-mode", "bypassPermissions"]
    command = [claude, "-p", f'Do the task in the file @"{PLACE}/prompt.md".', "--output-format", "stream-json",
               "--verbose", "--model", "sonnet", *mode, *arguments]
    with open(out / f"{case}.jsonl", "wb") as output, open(PLACE / "err.log", "wb") as error:
        child = subprocess.Popen(command, cwd=PLACE / "work", env=environment, stdin=subprocess.DEVNULL, stdout=output,
                                 stderr=error)
        if delay is not None:
            time.sleep(delay)
            child.send_signal(number)
        code = child.wait(timeout=120)
    return code, (PLACE / "err.log").read_text().strip()


def main():
    claude, out = sys.argv[1], Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    (PLACE / "home").mkdir(parents=True, exist_ok=True)
    port_file = PLACE / "port"
    port_file.unlink(missing_ok=True)
    mock = subprocess.Popen([sys.executable, HERE / "llm-mock/llm_mock.py", HERE / "llm-mock/scenarios",
                             "--port-file", port_file], stdout=subprocess.DEVNULL)
    try:
        while not port_file.exists():
            time.sleep(0.05)
        port = port_file.read_text().strip()
        codes = {}
        for case in sys.argv[3:] or CASES:
            code, error = record(claude, port, case, out)
            codes[case] = code
            print(case, code, error[:200], flush=True)
        if not sys.argv[3:]:
            (out / "exit-codes.json").write_text(json.dumps(codes, indent=2, sort_keys=True) + "\n")
    finally:
        mock.terminate()
        mock.wait()


if __name__ == "__main__":
    main()
