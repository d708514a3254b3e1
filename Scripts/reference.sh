#!/bin/sh
# Writes the reference in Grammar.md anew, from the rows of operations, builtins and keywords, and of the prompt's
# commands.
set -eu
cd "$(dirname "$0")/.."
NNREPL_RECORD=1 swift test --filter "ReferenceTests|CommandReferenceTests"
