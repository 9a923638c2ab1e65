#!/usr/bin/env python3
"""Drives real coding agents through the built service, against a scripted model: no key, no network but for PyPI.

    real_agents.py CHANT_SERVER AGENT [--program PATH] [CASE …]

AGENT is claude, codex, aider or mini; it is installed from PyPI into a scratch environment, or taken from --program.
Exit code 77: it could not be installed here; the last line says why.
"""
import argparse, os, subprocess, sys, tempfile, time, traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from claude_cases import ClaudeCases
from other_cases import AiderCases, CodexCases, MiniCases
from service import Failed, Model, Service

PACKAGES = {
    # agent: (packages, the program in the environment, seconds that the installation may take, its cases)
    "claude": (["claude-agent-sdk"], "lib/python3*/site-packages/claude_agent_sdk/_bundled/claude", 180, ClaudeCases),
    "codex": (["openai-codex-cli-bin"], "lib/python3*/site-packages/codex_cli_bin/bin/codex", 180, CodexCases),
    "aider": (["aider-chat"], "bin/aider", 300, AiderCases),
    "mini": (["mini-swe-agent", "mcp"], "bin/mini", 300, MiniCases),
}
BUILD = Path(__file__).resolve().parent.parent.parent / ".build"


def install(agent, folder):
    packages, pattern, limit, _ = PACKAGES[agent]
    place = folder / "environment"
    begin = time.monotonic()
    try:
        subprocess.run([sys.executable, "-m", "venv", place], check=True, capture_output=True, timeout=60)
        subprocess.run([place / "bin/pip", "install", "-q", "--no-compile", "--disable-pip-version-check", *packages],
                       check=True, capture_output=True, timeout=limit)
    except (subprocess.SubprocessError, OSError) as error:
        said = (getattr(error, "stderr", None) or b"").decode(errors="replace").strip().splitlines()
        print(f"{agent} could not be installed from PyPI ({' '.join(packages)}): {said[-1] if said else error}")
        sys.exit(77)
    found = sorted(place.glob(pattern))
    if not found:
        print(f"{agent} was installed, but {pattern} is not there")
        sys.exit(77)
    print(f"installed {agent} in {time.monotonic() - begin:.0f} s", flush=True)
    return found[0]


def passes(case):
    begin = time.monotonic()
    try:
        case()
        for service in list(Service.open):
            service.close()
    except Exception as error:
        shown = str(error) if isinstance(error, Failed) else traceback.format_exc()
        print(f"{case.__name__}: FAILED after {time.monotonic() - begin:.1f} s: {shown}", flush=True)
        for service in list(Service.open):
            print((service.folder / "service.log").read_text()[-1500:], flush=True)
            service.close()
        return False
    print(f"{case.__name__}: passed in {time.monotonic() - begin:.1f} s", flush=True)
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("server")
    parser.add_argument("agent", choices=PACKAGES)
    parser.add_argument("--program")
    parser.add_argument("cases", nargs="*")
    options = parser.parse_intermixed_args()
    # Not below the temporary folder: Codex's sandbox does not start where its home lies there.
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="real-agents-", dir=BUILD) as scratch:
        folder = Path(os.path.realpath(scratch))
        program = Path(options.program).resolve() if options.program else install(options.agent, folder)
        model = Model(folder)
        try:
            cases = PACKAGES[options.agent][3](Path(options.server).resolve(), program, model, folder).all
            chosen = [case for case in cases if not options.cases or case.__name__ in options.cases]
            failed = [case for case in chosen if not passes(case)]
        finally:
            model.close()
    sys.exit(1 if failed or not chosen else 0)


if __name__ == "__main__":
    main()
