import type { Image } from '../../../image/index.ts';
import { type Step, words } from '../script.ts';

/** Installs packages that are not there. Normally none: the install stage has done it; a machine made by an installer may lack some. */
export function packagesStep({ packages, install }: Image): Step | undefined {
  if (packages.length === 0) return undefined;
  const recommends = install.recommends ? '--install-recommends' : '--no-install-recommends';
  return {
    name: 'packages',
    title: 'looking for missing packages',
    script: `missing=
for package in ${words(packages)}; do
  case $(dpkg-query -W -f '\${Status}' "$package" 2>/dev/null || :) in
    *' ok installed') ;;
    *) missing="$missing $package" ;;
  esac
done
[ -n "$missing" ] || exit 0
note "installing$missing"
# Services of new packages must not start here: https://people.debian.org/~hmh/invokerc.d-policyrc.d-specification.txt
policy=/usr/sbin/policy-rc.d
ours=
[ -e "$policy" ] || { printf '#!/bin/sh\\nexit 101\\n' > "$policy"; chmod 755 "$policy"; ours=yes; }
apt-get update
apt-get install -y ${recommends} $missing
[ -z "$ours" ] || rm "$policy"`,
  };
}
