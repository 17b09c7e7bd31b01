#!/bin/sh
# What Playwright starts as Firefox.
exec "$BRIDGE_PYTHON" "$(dirname "$0")/firefox_bridge.py" "$@"
