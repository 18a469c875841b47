"""Post the plan of a workspace to a webhook, for example of a chat room or of a review tool.

    python -m reconciler.examples.post_plan plans https://hooks.example.com/plans

Nothing is sent to 3Commas but reads.
"""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request

import reconciler

# A webhook that takes longer than this, in seconds, is not waited for.
TIMEOUT_S = 10.0


def describe_plan(plan: reconciler.Plan) -> dict[str, object]:
    """Describe a plan as a message: a title, the text that the command prints, and the plan itself as JSON.

    Args:
        plan: The plan.
    """
    counts = f"{len(plan.operations)} to do, {len(plan.blocked)} blocked"
    return {
        "title": f"{plan.context.workspace} on {plan.context.target}: {counts}",
        "text": reconciler.render_plan(plan),
        "is_empty": plan.is_empty,
        "plan": json.loads(reconciler.write_plan(plan)),
    }


def post(url: str, message: dict[str, object]) -> int:
    """Post a message as JSON.

    Args:
        url: An address that begins with http:// or https://.
        message: The message.

    Returns:
        The HTTP status code.

    Raises:
        ValueError: The address begins with something else.
        OSError: The webhook cannot be reached or refuses the message.
    """
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"{url}: expected an address that begins with http:// or https://")
    request = urllib.request.Request(  # noqa: S310 - only http and https, see above
        url, json.dumps(message).encode(), {"Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310 - as above
        return int(answer.status)


def main(arguments: list[str]) -> int:
    """Plan a workspace and post the plan.

    Args:
        arguments: The folder of the workspace and the address of the webhook.

    Returns:
        0 if the plan was posted, 1 if it could not be made or posted, 64 for other arguments.
    """
    if len(arguments) != 2:
        sys.stderr.write("usage: post_plan WORKSPACE URL\n")
        return 64
    folder, url = arguments
    try:
        with reconciler.open_workspace(folder) as workspace:
            plan = workspace.plan()
        post(url, describe_plan(plan))
    except (reconciler.ReconcilerError, OSError, ValueError) as error:
        sys.stderr.write(f"Error: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
