"""Get the plan of the merge request that was merged as the commit of this pipeline, on GitLab.

usage: python gitlab_plan.py FILE [JOB]

It is the artefact `plan.json` of the newest job with this name (by default `plan`) for the last commit of the merge
request. A pipeline of a fork does not count: whoever owns the fork decides what is in it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from review.hosts import TOKEN_VARIABLE, make_gitlab_client
from review.http_json import ApiError, JsonClient

_PAGE = 100


def main(arguments: list[str], environment: Mapping[str, str] = os.environ) -> int:
    """Write the plan into a file; exit code 10 if there is none that was reviewed."""
    if not arguments:
        sys.stderr.write("usage: python gitlab_plan.py FILE [JOB]\n")
        return 64
    client = make_gitlab_client(environment, environment.get(TOKEN_VARIABLE, ""))
    job = arguments[1] if len(arguments) > 1 else "plan"
    try:
        found = find_plan(client, environment.get("CI_PROJECT_ID", ""), environment.get("CI_COMMIT_SHA", ""), job)
    except ApiError as error:
        sys.stderr.write(f"No plan to apply: the service refuses: {error}.\n")
        return 1
    if found is None:
        sys.stderr.write(
            "No plan to apply: this commit is not the merge of a merge request with a plan. Nothing was sent.\n"
        )
        return 10
    Path(arguments[0]).write_text(json.dumps(found, indent=2) + "\n", "utf-8")
    return 0


def find_plan(client: JsonClient, project: str, commit: str, job: str) -> object | None:
    """Find the plan of the merge request that was merged as a commit; None if there is none.

    Args:
        client: Sends the requests.
        project: Id of the project.
        commit: The commit.
        job: Name of the job that has stored the plan.

    Raises:
        ApiError: The service refuses.
    """
    path = f"/projects/{project}"
    merged = [
        each
        for each in _list(client, f"{path}/repository/commits/{commit}/merge_requests")
        if each.get("state") == "merged" and str(each.get("source_project_id")) == str(each.get("target_project_id"))
    ]
    for request in merged:
        pipelines = _list(client, f"{path}/merge_requests/{request.get('iid')}/pipelines")
        for pipeline in (each for each in pipelines if each.get("sha") == request.get("sha")):
            jobs = _list(client, f"{path}/pipelines/{pipeline.get('id')}/jobs")
            newest = max((int(str(each["id"])) for each in jobs if each.get("name") == job), default=None)
            if newest is not None:
                return client.send("GET", f"{path}/jobs/{newest}/artifacts/plan.json").content
    return None


def _list(client: JsonClient, path: str) -> list[Mapping[str, object]]:
    listed = client.send("GET", f"{path}?per_page={_PAGE}").content
    return [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
