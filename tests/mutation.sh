#!/bin/sh
# The mutation score of the breaker and of the outcome rules: breaks every line in turn and counts how many breaks the tests see,
# without those that race threads.
# It takes an hour or two; THRIFTBREAKER_MUTATION_CONCURRENCY=n runs n at a time. The report ends up in artifacts/mutation.
# More options go on the command line: tests/mutation.sh --mutate 'Outcomes/**/*.cs'
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
