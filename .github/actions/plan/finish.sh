#!/usr/bin/env bash
# End the job as the plan ended, after everything was shown.
#
# EXIT_CODE: what the plan ended with; empty if it did not come so far.
set -euo pipefail
exit "${EXIT_CODE:-1}"
