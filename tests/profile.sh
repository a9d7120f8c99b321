#!/bin/sh
# Where the time of one benchmark goes: samples its process with perf (Debian: linux-perf) and prints the share of each method, with
# and without what it calls. The benchmark is named by its class and its method:
#   tests/profile.sh FaultedCalls.ThriftBreaker
set -eu

benchmark=$1
cd "$(dirname "$0")/Benchmarks"
samples=$(mktemp)
trap 'rm -f "$samples"' EXIT

dotnet build -c Release -v quiet -nologo

# Names of compiled methods; their code where perf looks for it.
export DOTNET_PerfMapEnabled=1 DOTNET_EnableWriteXorExecute=0
perf record --quiet --call-graph fp --freq 997 --output "$samples" \
  dotnet bin/Release/net10.0/ThriftBreaker.Benchmarks.dll --profile "$benchmark"
perf report --input "$samples" --stdio --call-graph none --children --sort symbol --percent-limit 0.5 2>/dev/null |
  sed -e '/^#/d' -e '/ 0x0/d' -e 's/\[[A-Za-z.]*\] //g' -e 's/ *- *- *$//'
