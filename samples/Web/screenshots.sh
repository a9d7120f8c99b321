#!/usr/bin/env bash
# Takes the screenshots of the dashboard in the README: starts this sample, breaks a backend, and opens /breakers in
# Chromium (Debian: apt-get install chromium).
set -euo pipefail
cd "$(dirname "$0")/../.."

THRIFTBREAKER_SCREENSHOTS=$PWD/docs dotnet run --project tests/Dashboard.Tests -- -noLogo -method '*.DashboardScreenshotsAreTaken'
