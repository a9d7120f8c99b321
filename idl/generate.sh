#!/usr/bin/env bash
# Renews idl/gen-netstd, the committed C# of the contracts in this folder.
# Needs the Apache Thrift compiler 0.17 (Debian: apt-get install thrift-compiler): later ones no longer know the option
# "net6", and write different code.
set -euo pipefail
cd "$(dirname "$0")"

command -v thrift >/dev/null || { echo "idl/generate.sh: no 'thrift' on the PATH; on Debian: apt-get install thrift-compiler" >&2; exit 1; }
version=$(thrift --version)
case $version in
  *' 0.17.'*) ;;
  *) echo "idl/generate.sh: needs the Thrift compiler 0.17, found: $version" >&2; exit 1 ;;
esac

fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
for contract in *.thrift; do
  thrift -strict --gen netstd:net6,no_deepcopy -out "$fresh" "$contract"
done

# Only now, when all has gone well, out with the old.
find gen-netstd -name '*.cs' -delete
cp -r "$fresh/." gen-netstd
