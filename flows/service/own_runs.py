"""What the service runs: its own flows, in its own root, whatever the server says that a deployment has become.

Who may write to the API could else have a worker run any program: by the pull steps, the entry point, the command or the
environment of a deployment, a work pool or a run.
"""

import shlex
import sys
import warnings
from pathlib import Path
from typing import Any

from anyio.abc import TaskStatus
from prefect import Flow
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.responses import DeploymentResponse
from prefect.runner import Runner
from prefect.runner import runner as runner_module
from prefect.runner._flow_run_executor import ProcessStarter
from prefect.runner._starter_engine import EngineCommandStarter
from prefect.states import Failed
from prefect.workers import process as process_module
from prefect.workers.process import ProcessJobConfiguration, ProcessWorker, ProcessWorkerResult

from flows.domain.text import Text
from flows.service.environment import SERVED_ROOT, worker_root

ENTRY_POINTS = {"weekly": "flows.weekly.weekly", "rerun": "flows.rerun.rerun"}
# Fields of a deployment that bring other code, or say where and how it runs. Ours have none of them.
_FOREIGN = ("pull_steps", "job_variables", "storage_document_id", "infrastructure_document_id")


def find_change(root: Path, run: FlowRun, deployment: DeploymentResponse | None) -> str:
    """The name of the first thing that makes a run none of this root; empty if it is one."""
    if not deployment or deployment.entrypoint != ENTRY_POINTS.get(deployment.name, ""):
        return "entrypoint"
    if changed := next((name for name in _FOREIGN if getattr(deployment, name)), ""):
        return changed
    if run.job_variables:
        return "job_variables"
    return "" if Path(str(run.parameters.get("root"))).resolve() == root else "root"


async def refuse_foreign(client: PrefectClient, root: Path, run: FlowRun) -> bool:
    """End a run that is none of this root as failed, and say why; whether it was one."""
    deployment = await client.read_deployment(run.deployment_id) if run.deployment_id else None
    if not (change := find_change(root, run, deployment)):
        return False
    sentence = Text(
        "not run: {change} of the run or its deployment is not as this service has set it. Whoever changed it knows the "
        "secret: if it was nobody here, give the service another one; then start it again, which sets its deployments right.",
        change=change,
    )
    await client.set_flow_run_state(run.id, Failed(message=f"{sentence.zh} {sentence.en}"), force=True)
    return True


async def _without_hooks(_run: FlowRun, **_: object) -> Flow[..., Any]:
    """In place of the flow that Prefect would load as the deployment says, to see whether it has hooks. Ours have none."""
    return Flow(lambda: None, name="without-hooks")


class OwnRunner(Runner):
    """Runs what `bulletin up` serves."""

    root: Path  # the only one that it runs in

    async def __aenter__(self) -> "OwnRunner":
        vars(runner_module)["load_flow_from_flow_run"] = _without_hooks
        await super().__aenter__()
        poller, propose_pending = self._scheduled_run_poller, self._state_proposer.propose_pending

        async def propose_own(run: FlowRun) -> bool:
            return not await refuse_foreign(self._client, self.root, run) and await propose_pending(run)

        vars(self._state_proposer)["propose_pending"] = propose_own
        poller._resolve_starter = self._start_own
        return self

    def _start_own(self, flow_run: FlowRun) -> ProcessStarter:
        assert flow_run.deployment_id
        name = str(self._deployment_registry.get_deployment_name(flow_run.deployment_id))
        return EngineCommandStarter(
            tmp_dir=self._tmp_dir,
            entrypoint=ENTRY_POINTS[name],
            env={SERVED_ROOT: str(self.root)},
            deployment_name=name,
            heartbeat_seconds=None if self._heartbeat_seconds is None else int(self._heartbeat_seconds),
            control_channel=self._control_channel,
        )


with warnings.catch_warnings(action="ignore"):  # that it takes the place of Prefect's own: so it should

    class OwnWorker(ProcessWorker):
        """Prefect's worker of the type `process`, for the flows of BULLETIN_ROOT. What the work pool says of command, folder
        and environment is not used."""

        type = "process"

        async def _propose_pending_state(self, flow_run: FlowRun) -> bool:
            is_foreign = await refuse_foreign(self.client, worker_root(), flow_run)
            return not is_foreign and await super()._propose_pending_state(flow_run)

        async def run(
            self,
            flow_run: FlowRun,
            configuration: ProcessJobConfiguration,
            task_status: TaskStatus[int] | None = None,
        ) -> ProcessWorkerResult:
            vars(process_module)["load_flow_from_flow_run"] = _without_hooks
            deployment = configuration._related_objects["deployment"]
            configuration.command = f"{shlex.quote(sys.executable)} -m prefect.engine"
            configuration._command_configured = True
            configuration.working_dir, configuration.stream_output = None, True
            configuration.env = {
                "PREFECT__FLOW_ENTRYPOINT": ENTRY_POINTS[deployment.name],
                SERVED_ROOT: str(worker_root()),
            }
            return await super().run(flow_run, configuration, task_status)
