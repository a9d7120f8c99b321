#!/bin/sh
# Measures the mutation score of the circuit breaker and of the outcome rules: changes each line in turn and counts the
# changes that the tests detect. Tests that race threads are excluded.
# It takes one to two hours; THRIFTBREAKER_MUTATION_CONCURRENCY=n runs n at a time. The report is in artifacts/mutation.
# Options on the command line replace the default: tests/mutation.sh --mutate 'Outcomes/**/*.cs'
set -eu

cd "$(dirname "$0")/Runtime.Tests"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 ThriftBreakerMutation=true
dotnet tool restore

if [ $# -eq 0 ]; then
  set -- --mutate 'Breaker/**/*.cs' --mutate 'Outcomes/**/*.cs'
fi

exec dotnet stryker \
  --project ThriftBreaker.csproj --target-framework net10.0 --test-runner mtp \
  --concurrency "${THRIFTBREAKER_MUTATION_CONCURRENCY:-1}" \
  --threshold-high 95 --threshold-low 90 --break-at 90 \
  --reporter ClearText --reporter Markdown --reporter Json --output ../../artifacts/mutation \
  --skip-version-check "$@"
