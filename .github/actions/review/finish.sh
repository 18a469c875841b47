#!/usr/bin/env bash
# End the job as the command ended, after everything was shown.
#
# EXIT_CODE: what it ended with; empty if it did not come so far.
set -euo pipefail
exit "${EXIT_CODE:-1}"
