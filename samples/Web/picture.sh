#!/usr/bin/env bash
# Takes the pictures of the dashboard that the README shows: starts this sample, breaks a backend, and looks at /breakers with
# Chromium (Debian: apt-get install chromium).
set -euo pipefail
cd "$(dirname "$0")/../.."

THRIFTBREAKER_PICTURES=$PWD/docs dotnet run --project tests/Dashboard.Tests -- -noLogo -method '*.ItsCircuitsAreWorthAPicture'
