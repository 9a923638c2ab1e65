"""Codex, aider and mini-swe-agent through the provider `command`, by the recipes of docs/agents.md."""
import os, signal

import recipes
from service import Service, eventually, expect, marked


class OtherCases:
    def __init__(self, program, agent, model, folder):
        self.program, self.agent, self.model, self.folder = program, agent, model, folder

    def service(self, recipe, variables, **further):
        return Service(self.program, self.folder, recipes.recipe(recipe), environment=variables,
                       path=recipes.path(self.agent), model="mock-model", **further)

    def api(self, scenario):
        return self.model.url(scenario, f"{scenario}-{os.urandom(4).hex()}") + "/v1"


class CodexCases(OtherCases):
    def codex(self, scenario, recipe="codex", **further):
        home = self.folder / f"codex-{os.urandom(4).hex()}"
        home.mkdir()
        (home / "config.toml").write_text(
            'model = "mock-model"\nmodel_provider = "mock"\n[model_providers.mock]\nname = "mock"\n'
            f'base_url = "{self.api(scenario)}"\nenv_key = "OPENAI_API_KEY"\nwire_api = "responses"\n'
            "[analytics]\nenabled = false\n")
        return self.service(recipe, {"CODEX_HOME": str(home), "OPENAI_API_KEY": "dummy"}, **further)

    def success(self):
        self.codex("codex-work").ending("completed")

    def sandboxed(self):
        name = "agents/codex-sandboxed"
        service = self.codex("codex-work", "codex-sandboxed", files={name: recipes.script(name)})
        service.ending("completed")

    def sandboxed_without_git(self):
        """It works, cannot commit, and ends with exit code 0."""
        name = "agents/codex-sandboxed"
        program = [line for line in recipes.script(name).splitlines(True) if "writable_roots" not in line]
        service = self.codex("codex-work", "codex-sandboxed", files={name: "".join(program)})
        run = service.settled(service.start())
        expect(run["outcome"] in ["failed", "needs_attention"], run["outcome"], service.text(run))
        expect(run["reason"] in ["no-commits", "uncommitted-changes"] and run["exit_code"] == 0, run)

    def rate_limit(self):
        """It tells of the limit in its output only; the service tries again later."""
        run = self.codex("always-429").ending("failed", "rate-limited")
        expect(run["exit_code"] == 1 and run["next_run"] is not None, run)

    def kill(self):
        """The command that it runs would outlive it."""
        service = self.codex("codex-sleep")
        run = service.start()
        eventually("the tool runs", lambda: any(b"time.sleep(3600)" in words for _, words in marked(run)))
        os.kill(service.agent(run), signal.SIGKILL)
        ended = service.settled(run)
        expect((ended["outcome"], ended["reason"]) == ("failed", "agent-killed"), ended)
        expect(not marked(run), "left behind:", marked(run))

    @property
    def all(self):
        return [self.success, self.sandboxed, self.sandboxed_without_git, self.rate_limit, self.kill]


class AiderCases(OtherCases):
    def aider(self, scenario):
        return self.service("aider", {"OPENAI_API_KEY": "dummy", "OPENAI_API_BASE": self.api(scenario)},
                            files={"calc.py": "def add(a, b):\n    return a - b\n"}, text="Mend calc.py .")

    def success(self):
        service = self.aider("aider-edit-commit")
        run = service.ending("completed", within=120)
        expect("return a + b" in service.git("show", "main:calc.py"), service.git("show", "main:calc.py"))
        expect([warning["code"] for warning in run["warnings"]] == ["criteria-ticked"], run["warnings"])

    def refused(self):
        """It ends with exit code 0."""
        run = self.aider("always-400").ending("failed", "no-commits", within=120)
        expect(run["exit_code"] == 0, run)

    @property
    def all(self):
        return [self.success, self.refused]


class MiniCases(OtherCases):
    def mini(self, scenario):
        return self.service("mini-swe-agent", {"OPENAI_API_KEY": "dummy", "OPENAI_API_BASE": self.api(scenario)})

    def success(self):
        self.mini("mini-work").ending("completed", within=120)

    def refused(self):
        run = self.mini("always-400").ending("failed", "agent-exit", within=120)
        expect(run["exit_code"] == 1, run)

    @property
    def all(self):
        return [self.success, self.refused]
