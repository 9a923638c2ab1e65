"""Codex, aider and mini-swe-agent through the provider `command`, by the recipes of docs/agents.md."""
from service import Service, expect

TASK = "Your task is in the file {prompt_file}. Read all of it, and do everything that it says."


def codex(program, agent, model, folder):
    home = folder / "codex-home"
    home.mkdir(exist_ok=True)
    (home / "config.toml").write_text(
        'model = "mock-model"\nmodel_provider = "mock"\n[model_providers.mock]\nname = "mock"\n'
        f'base_url = "{model.url("codex-work", "S1")}/v1"\nenv_key = "OPENAI_API_KEY"\nwire_api = "responses"\n'
        "[analytics]\nenabled = false\n")
    command = [str(agent), "exec", "--dangerously-bypass-approvals-and-sandbox", TASK]
    service = Service(program, folder, {"name": "codex", "provider": "command", "command": command},
                      environment={"CODEX_HOME": str(home), "OPENAI_API_KEY": "dummy"})
    service.ending("completed", within=90)


def aider(program, agent, model, folder):
    command = [str(agent), "--model", "openai/{model}", "--edit-format", "diff", "--yes-always", "--no-check-update",
               "--no-show-release-notes", "--no-show-model-warnings", "--analytics-disable", "--no-gitignore",
               "--no-pretty", "--map-tokens", "0", "--chat-history-file", "/dev/null", "--input-history-file",
               "/dev/null", "--message-file", "{prompt_file}", "calc.py"]
    service = Service(program, folder, {"name": "aider", "provider": "command", "command": command},
                      environment={"OPENAI_API_KEY": "dummy",
                                   "OPENAI_API_BASE": model.url("aider-edit-commit", "S1") + "/v1"},
                      server=['agent_env: { set: { LITELLM_LOCAL_MODEL_COST_MAP: "True" } }'],
                      files={"calc.py": "def add(a, b):\n    return a - b\n"}, model="mock-model")
    # It edits the files that it was given, and the spec's boxes are in none of them.
    run = service.ending("completed", within=120, criteria="ignore")
    expect("return a + b" in service.git("show", "main:calc.py"), service.git("show", "main:calc.py"))
    expect(not [w for w in run["warnings"] if any(".aider.chat" in path for path in w["paths"])], run["warnings"])


def mini(program, agent, model, folder):
    command = [str(agent), "-y", "--exit-immediately", "-m", "openai/{model}", "-t", TASK, "-o", "/dev/null"]
    variables = {"MSWEA_CONFIGURED": "true", "MSWEA_COST_TRACKING": "ignore_errors", "MSWEA_SILENT_STARTUP": "1",
                 "MSWEA_MODEL_RETRY_STOP_AFTER_ATTEMPT": "2", "LITELLM_LOCAL_MODEL_COST_MAP": "True"}
    pairs = ", ".join(f'{name}: "{value}"' for name, value in variables.items())
    service = Service(program, folder, {"name": "mini", "provider": "command", "command": command},
                      environment={"OPENAI_API_KEY": "dummy", "OPENAI_API_BASE": model.url("mini-work", "S1") + "/v1"},
                      server=[f"agent_env: {{ set: {{ {pairs} }} }}"], model="mock-model")
    service.ending("completed", within=120)
