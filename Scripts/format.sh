#!/usr/bin/env bash
# Formats the Swift sources as .swift-format says; with --check, only says what is not so.
set -euo pipefail
# shellcheck source=Scripts/dependencies.sh
. "$(dirname "$0")/dependencies.sh"

require_swift
cd "$root"
if [ "${1:-}" = --check ]; then
  swift format lint --strict --parallel --recursive Package.swift Sources Tests
else
  swift format --in-place --parallel --recursive Package.swift Sources Tests
fi
