"""Write the comment about a plan into its merge request on GitLab, by the same rules as on GitHub.

usage: python gitlab_comment.py PLAN [LABEL]

The token is in REVIEW_TOKEN: one of the project, with the scope `api`. What fails here is a warning.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from plan.comment import main as write_comment


def main(arguments: list[str]) -> int:
    """Hand the arguments over as the inputs that the script of the action reads."""
    if not arguments:
        sys.stderr.write("usage: python gitlab_comment.py PLAN [LABEL]\n")
        return 64
    os.environ["INPUT_PLAN_PATH"] = arguments[0]
    os.environ["INPUT_LABEL"] = arguments[1] if len(arguments) > 1 else ""
    os.environ.setdefault("INPUT_ARTIFACT_URL", _find_artifact())
    return write_comment()


def _find_artifact() -> str:
    job = os.environ.get("CI_JOB_URL", "")
    return f"{job}/artifacts/browse" if job else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
