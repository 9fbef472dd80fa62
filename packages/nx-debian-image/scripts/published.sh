#!/bin/sh
# Prints what an upload noted of the catalog while the catalog still has it, and else something new each time, so that upload runs.
# usage: published.sh FILE
sha256sum --check --status "$1" 2>/dev/null && exec cat "$1"
date +%s%N
