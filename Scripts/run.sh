#!/usr/bin/env bash
# Runs nnrepl: installs what it needs, builds it when its sources changed.
#
#   Scripts/run.sh                      the prompt
#   Scripts/run.sh file.nn [args …]     a script
set -euo pipefail
# shellcheck source=Scripts/dependencies.sh
. "$(dirname "$0")/dependencies.sh"

build_command
exec "$command_path" "$@"
