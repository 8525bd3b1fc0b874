#!/usr/bin/env bash
# Sixty seconds of portfolio, in a folder of its own: docs/demo.sh [FOLDER]; without one it is deleted at the end.
set -euo pipefail
parts=$(cd "$(dirname "${BASH_SOURCE[0]}")/demo" && pwd)
if (($#)); then work=$1; else work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; fi

step() { printf '\n\033[1m%s\033[0m\n' "$1"; }
run() { printf '$ %s\n' "$*"; "$@"; }

step "A new portfolio, with one finished project"
portfolio --quiet init "$work/demo" --name "Ada Example" --role "Data scientist"
cd "$work/demo"
run portfolio --quiet build
run portfolio list

step "Built again: nothing to do"
run portfolio build

step "A script from matplotlib's gallery, unchanged, becomes a page"
mkdir projects/gallery
cp "$parts/simple_plot.py" projects/gallery/script.py
printf 'title = "A sine"\nsummary = "From a gallery."\n' > projects/gallery/spec.toml
run portfolio build

step "One number in a CSV changes the headline, the prose and the card"
cp -r "$parts/prices" projects/prices
run portfolio --quiet build
prices() { grep -hoE '<data value="[^"]+">[^<]+</data>' "build/site/$1" | grep -oE '>[0-9.]+' | tr -d '>' | sort -u | tr '\n' ' '; }
echo "card: $(prices index.html); page: $(prices projects/prices/index.html)"
run sed -i 's/3.90/4.90/' projects/prices/data/loaves.csv
run portfolio build
echo "card: $(prices index.html); page: $(prices projects/prices/index.html)"

step "A number typed by hand is caught"
echo "So a loaf costs 3.50 € today." >> projects/prices/writeup.md
echo '$ portfolio check'
(portfolio check 2>&1 || echo "exit code $?") | grep -A 1 -E 'prices/writeup|^exit'
sed -i '$d' projects/prices/writeup.md

step "A script that breaks keeps its last good page"
echo 'raise SystemError("the oven is cold")' >> projects/prices/script.py
run portfolio build || echo "exit code $?"
test -f build/site/projects/prices/index.html && echo "its page is still there"
