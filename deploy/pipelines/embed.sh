#!/bin/sh
# Writes sh/sluice-gate.sh into the files that carry a copy of it, between their marks.
set -eu
cd "$(dirname "$0")"
for file in gitlab/templates/gate/template.yml circleci/orb.yml; do
  awk '
    /^ *# begin of sh\/sluice-gate\.sh$/ {
      print
      indent = $0
      sub(/#.*/, "", indent)
      while ((getline line < "sh/sluice-gate.sh") > 0) print (line == "" ? "" : indent line)
      copied = 1
      skipping = 1
    }
    /^ *# end of sh\/sluice-gate\.sh$/ { skipping = 0 }
    !skipping { print }
    END { exit copied && !skipping ? 0 : 1 }' "$file" >"$file.new"
  cat "$file.new" >"$file"
  rm "$file.new"
done
