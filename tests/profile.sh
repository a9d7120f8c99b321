#!/bin/sh
# Profiles one benchmark: samples its process with perf (Debian: linux-perf) and prints the share of each method, with and
# without its callees. The argument is the class and the method of the benchmark:
#   tests/profile.sh FaultedCalls.ThriftBreaker
set -eu

project=Benchmarks
if [ $# -eq 2 ]; then project=$1; shift; fi
benchmark=$1
cd "$(dirname "$0")/$project"
samples=$(mktemp)
trap 'rm -f "$samples"' EXIT

dotnet build -c Release -v quiet -nologo

# The perf map has the names of compiled methods; without write-xor-execute, perf finds their code.
export DOTNET_PerfMapEnabled=1 DOTNET_EnableWriteXorExecute=0
perf record --quiet --call-graph fp --freq 997 --output "$samples" \
  dotnet "bin/Release/net10.0/ThriftBreaker.$project.dll" --profile "$benchmark"
# Tiered compilation compiles a method more than once: its shares are added.
perf report --input "$samples" --stdio --call-graph none --children --sort symbol --percent-limit 0.02 2>/dev/null |
  sed -e '/^#/d' -e '/ 0x0/d' -e 's/\[[A-Za-z.]*\] //g' -e 's/ *- *- *$//' -e 's/\[[A-Za-z0-9]*Tier[A-Za-z0-9]*\]//' |
  awk 'NF > 2 { with = $1; without = $2; $1 = $2 = ""; all[$0] += with; self[$0] += without }
    END { for (name in all) if (all[name] >= 0.5) printf "%6.2f%% %6.2f%% %s\n", all[name], self[name], name }' |
  sort -rn
