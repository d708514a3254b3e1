#!/usr/bin/env bash
# Installs what nnrepl needs, builds it with its tests, and runs them all.
#
#   Scripts/test.sh                     all tests
#   Scripts/test.sh --filter Parser     as `swift test` takes them
set -euo pipefail
# shellcheck source=Scripts/dependencies.sh
. "$(dirname "$0")/dependencies.sh"

install_dependencies
# A crash under test must not wait for somebody to look at it.
export SWIFT_BACKTRACE=enable=no
swift build "${build_options[@]}" --build-tests
swift test "${build_options[@]}" --skip-build "$@"
