"""Claude Code itself under the service: what the notes say about its traps, each tried."""
import json, os, shutil, signal

import recipes
from service import SPEC, Service, eventually, expect, marked


class ClaudeCases:
    def __init__(self, program, claude, model, folder):
        self.program, self.claude, self.model, self.folder = program, str(claude), model, folder

    def variables(self, scenario, sandbox=True):
        variables = {"ANTHROPIC_BASE_URL": self.model.url(scenario, f"{scenario}-{os.urandom(4).hex()}"),
                     "ANTHROPIC_API_KEY": "dummy"}
        return {**variables, "IS_SANDBOX": "1"} if sandbox and os.geteuid() == 0 else variables

    def service(self, scenario, *arguments, environment=None, sandbox=True, server=(), retries=0, **further):
        agent = {"name": "main", "provider": "claude", "command": [self.claude, *arguments], "max_concurrent": 8}
        configuration = "\n".join(["parallel:", "  agents:", f"    - {json.dumps(agent)}", "watch:",
                                   f"  failure: {{ max_retries: {retries}, retry_delay_ms: 500 }}", "server:",
                                   *[f"  {line}" for line in server], ""])
        return Service(self.program, self.folder, configuration,
                       environment={**self.variables(scenario, sandbox), **(environment or {})}, **further)

    def recipe(self):
        service = Service(self.program, self.folder, recipes.recipe("claude"),
                          environment=self.variables("claude-work"), path=recipes.path(self.claude))
        expect(service.ending("completed")["limits"]["cost_usd"] == 5, "the recipe's cost limit is not kept")

    def success(self):
        service = self.service("claude-work")
        run = service.ending("completed")
        expect(run["usage"] == {"input_tokens": 200, "output_tokens": 40, "cost_usd": run["usage"]["cost_usd"]}
               and run["usage"]["cost_usd"] > 0, "usage is", run["usage"])
        expect("sonnet" in run["model"], "model is", run["model"])
        expect(len(run["session_id"]) == 36, "session is", run["session_id"])
        header = service.header()
        expect(header["status"] == "completed" and header["model"] == "sonnet", header)
        kinds = [event["kind"] for event in service.events(run)]
        for kind in ["text", "tool_use", "tool_result", "usage", "result"]:
            expect(kind in kinds, kind, "is not among", kinds)
        text = service.text(run)
        expect(text.startswith("I will do the work.\n[Bash] ") and "Done: worked and committed." in text, text)
        transcript = (service.project / f".chant/logs/{SPEC.format(1)}.log").read_text()
        expect(text in transcript, transcript)
        day = service.json("/status")["usage"][0]
        expect(day["runs"] == 1 and day["input_tokens"] == 200, day)
        expect(service.json(f"/specs/{SPEC.format(1)}")["usage"] == run["usage"], "the spec's sum differs")
        expect(not marked(run["id"]), "left behind:", marked(run["id"]))

    def no_commit(self):
        service = self.service("no-commit")
        service.ending("failed", "no-commits")

    def rate_limit_then_success(self):
        service = self.service("claude-errors-work")
        run = service.ending("completed")
        retries = [event["status"] for event in service.events(run) if event["kind"] == "retry"]
        expect(retries == [429, 529, 500], retries)

    def permanent_overload(self):
        service = self.service("always-529", environment={"CLAUDE_CODE_MAX_RETRIES": "1"})
        run = service.ending("failed", "rate-limited")
        expect(run["problem"]["api_status"] == 529 and run["next_run"] is None, run["problem"])

    def permanent_rate_limit(self):
        service = self.service("always-429", environment={"CLAUDE_CODE_MAX_RETRIES": "1"})
        run = service.ending("failed", "rate-limited")
        expect(run["problem"]["api_status"] == 429, run["problem"])

    def retried_by_the_service(self):
        """It gives up after two refusals; the service starts another run, which meets one more and then works."""
        service = self.service("claude-errors-work", environment={"CLAUDE_CODE_MAX_RETRIES": "1"}, retries=3)
        first = service.ending("failed", "rate-limited")
        expect(first["next_run"] is not None, first)
        last = service.settled(first["next_run"])
        expect((last["outcome"], last["attempt"], last["retry_of"]) == ("completed", 2, first["id"]), last)
        expect(last["not_before"] is not None and service.header()["status"] == "completed", last)

    def paused_run(self, service):
        """A run that is paused while its agent uses a tool."""
        run = service.start()
        eventually("the tool runs", lambda: any(b"time.sleep(3600)" in words for _, words in marked(run)))
        status, body = service.ask("POST", f"/specs/{SPEC.format(1)}/pause", {})
        expect(status == 200 and json.loads(body)["status"] == "paused", status, body)
        paused = service.settled(run)
        expect((paused["outcome"], paused["reason"]) == ("paused", "pause"), paused)
        expect(not marked(run), "left behind:", marked(run))
        return paused

    def resumed(self, service):
        status, body = service.ask("POST", f"/specs/{SPEC.format(1)}/resume", {"note": "Go on."})
        expect(status == 202, status, body)
        ended = service.settled(json.loads(body)["id"])
        expect(ended["outcome"] == "completed", ended, service.text(ended)[-1500:])
        return ended

    def pause(self):
        """The session goes on in the kept worktree."""
        service = self.service("claude-pause-work", server=["limits: { stop_grace: 2s }"])
        paused = self.paused_run(service)
        ended = self.resumed(service)
        expect(ended["resumed_from"] == paused["id"] and ended["session_id"] == paused["session_id"], ended)
        expect(ended["worktree"] == paused["worktree"] and not ended["warnings"], ended)

    def lost_session(self):
        """A session whose file is gone is replaced by a new one, with a warning."""
        service = self.service("claude-pause-work", server=["limits: { stop_grace: 2s }"])
        paused = self.paused_run(service)
        shutil.rmtree(service.folder / "home/.claude/projects")
        ended = self.resumed(service)
        expect(ended["session_id"] != paused["session_id"], ended)
        expect([warning["code"] for warning in ended["warnings"]] == ["session-lost"], ended["warnings"])

    def overload_in_the_stream(self):
        service = self.service("overload-in-stream", environment={"CLAUDE_CODE_MAX_RETRIES": "1"})
        run = service.ending("failed", "rate-limited")
        expect(run["problem"]["api_status"] == 529, run["problem"])

    def wrong_key(self):
        """Retried like an overload: only the service's own CLAUDE_CODE_MAX_RETRIES makes an end of it soon."""
        service = self.service("always-401")
        run = service.ending("failed", "agent-error")
        expect(run["problem"]["api_status"] == 401, run["problem"])

    def hang(self):
        service = self.service("stall", server=["limits: { idle: 10s, stop_grace: 2s }"])
        run = service.ending("failed", "idle-limit", within=90)
        expect(not marked(run["id"]), "left behind:", marked(run["id"]))

    def background(self):
        """It stays for what it has put into the background: a limit ends that, and what it did before counts."""
        service = self.service("claude-background", server=["limits: { idle: 10s, stop_grace: 2s }"])
        run = service.ending("completed", within=90)
        expect(run["usage"]["input_tokens"] == 300, run["usage"])
        expect(not marked(run["id"]), "left behind:", marked(run["id"]))

    def further_turn(self):
        """A command that ends in the background begins another turn; the last one's end counts."""
        service = self.service("claude-further-turn")
        run = service.ending("completed")
        results = [event["text"] for event in service.events(run) if event["kind"] == "result"]
        expect(results == ["I wait for it.", "Done."] and run["usage"]["input_tokens"] == 400, results, run["usage"])

    def terminated_in_further_turn(self):
        service = self.service("claude-further-hang")
        run = service.start()
        eventually("the second turn", lambda: service.ask(
            "GET", f"/runs/{run}/log?view=raw&follow=0", accept="application/octet-stream")[1].count('"subtype":"init"') == 2)
        os.kill(service.agent(run), signal.SIGTERM)
        ended = service.settled(run)
        expect((ended["outcome"], ended["reason"]) == ("failed", "agent-unfinished"), ended)
        expect(ended["usage"]["input_tokens"] == 300, ended["usage"])

    def cut_stream(self):
        service = self.service("claude-cut-work")
        run = service.ending("completed")
        expect([event["kind"] for event in service.events(run)].count("retry") == 2, service.events(run))

    def kill(self):
        """The agent is killed in a tool whose shell has a session of its own: nothing is left behind."""
        service = self.service("claude-sleep", server=["limits: { stop_grace: 2s }"])
        run = service.start()
        eventually("the tool runs", lambda: any(b"time.sleep(3600)" in words for _, words in marked(run)))
        os.kill(service.agent(run), signal.SIGKILL)
        ended = service.settled(run)
        expect((ended["outcome"], ended["reason"]) == ("failed", "agent-killed"), ended)
        expect(not marked(run), "left behind:", marked(run))

    def service_killed(self):
        """The agent goes on, and the next service takes it over: what it used is known, its work is merged."""
        service = self.service("claude-paced-work")
        run = service.start()
        eventually("the tool runs", lambda: any(b"sleep 6" in words for _, words in marked(run)))
        service.crash()
        service.begin()
        adopted = [process["adopted"] for process in service.json("/processes")["items"]]
        expect(adopted == [True], "the processes are", adopted)
        ended = service.settled(run)
        expect(ended["outcome"] == "completed", ended)
        expect(ended["usage"]["input_tokens"] == 200, ended["usage"])
        expect(service.text(ended).endswith("Done: worked and committed.\n"), service.text(ended))

    def cancel(self):
        service = self.service("claude-sleep", server=["limits: { stop_grace: 2s }"])
        run = service.start()
        eventually("the tool runs", lambda: any(b"time.sleep(3600)" in words for _, words in marked(run)))
        expect(service.ask("POST", f"/runs/{run}/cancel", {})[0] == 202, "not cancelled")
        ended = service.settled(run)
        expect((ended["outcome"], ended["reason"]) == ("cancelled", "run-cancelled"), ended)
        expect(not marked(run), "left behind:", marked(run))

    def waiting(self, service):
        """A run whose agent waits for the model."""
        run = service.start()
        eventually("the agent waits", lambda: '"init"' in service.ask(
            "GET", f"/runs/{run}/log?view=raw&follow=0", accept="application/octet-stream")[1])
        return run

    def interrupted_from_outside(self):
        """SIGINT makes it end with exit code 0: without a result, or with one that says that it was aborted."""
        service = self.service("hang")
        run = self.waiting(service)
        os.kill(service.agent(run), signal.SIGINT)
        ended = service.settled(run)
        expect(ended["outcome"] == "failed" and ended["reason"] in ["agent-unfinished", "agent-error"], ended)
        expect(ended["exit_code"] == 0, ended["exit_code"])

    def terminated_from_outside(self):
        service = self.service("hang")
        run = self.waiting(service)
        os.kill(service.agent(run), signal.SIGTERM)
        ended = service.settled(run)
        expect((ended["outcome"], ended["reason"]) == ("failed", "agent-unfinished"), ended)
        expect(ended["exit_code"] == 143 and ended["usage"]["cost_usd"] is None, ended)

    def cost_limit(self):
        service = self.service("claude-budget", server=["limits: { cost_usd: 0.01 }"])
        run = service.ending("failed", "cost-limit")
        expect(run["limits"]["cost_usd"] == 0.01 and run["usage"]["cost_usd"] > 0.01, run["usage"])

    def not_permitted(self):
        service = self.service("claude-work", "--permission-mode", "manual")
        run = service.ending("failed", "no-commits")
        expect("Bash" in run["problem"]["permission_denials"], run["problem"])

    def root(self):
        if os.geteuid() != 0:
            print("not run: what root is refused, since this user is not root")
            return
        service = self.service("claude-work", sandbox=False)
        status, body = service.ask("POST", f"/specs/{SPEC.format(1)}/work", {})
        expect(status == 409 and json.loads(body)["type"] == "/problems/agent-refuses-root", status, body)

    def eight_at_once(self):
        service = self.service("claude-work", specs=8)
        runs = [service.settled(run, within=120) for run in [service.start(number) for number in range(1, 9)]]
        expect(all(run["outcome"] == "completed" for run in runs), [(run["outcome"], run["reason"]) for run in runs])
        expect(all(service.header(number)["status"] == "completed" for number in range(1, 9)), "not all completed")
        expect(service.json("/status")["usage"][0]["runs"] == 8, service.json("/status")["usage"])
        expect(not [left for run in runs for left in marked(run["id"])], "something is left behind")

    @property
    def all(self):
        return [self.recipe, self.success, self.no_commit, self.rate_limit_then_success, self.permanent_overload,
                self.overload_in_the_stream, self.permanent_rate_limit, self.retried_by_the_service, self.pause, self.lost_session, self.wrong_key, self.hang, self.background, self.further_turn,
                self.terminated_in_further_turn, self.cut_stream,
                self.kill, self.service_killed, self.cancel, self.interrupted_from_outside, self.terminated_from_outside, self.cost_limit,
                self.not_permitted, self.root, self.eight_at_once]
