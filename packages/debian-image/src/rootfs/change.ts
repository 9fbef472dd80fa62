import type { Command } from '../host/index.ts';
import { inNamespaces, type NamespaceOptions, workMount } from './namespace.ts';
import { assetsFolder, layerTar, mountTree, treeEnvironment, treeFolder, unmountTree, unpackTree } from './tree.ts';

export interface ChangeOptions {
  /** Its `scratch` has a folder `assets`, which the tree sees as `assetsFolder`. */
  readonly namespace: NamespaceOptions;
  /** The script, by its name in `assets`; run by sh in the tree, with the folder of the assets as its argument. */
  readonly script: string;
  /** Seconds since 1970; no file of the layer is younger. */
  readonly epoch: number;
}

/** The line on standard error that says how the script ended: `::ended STATUS`. */
export const endedLine = /^::ended (\d+)$/;

/**
 * Runs a script in the tree that comes as a tar on standard input; what changed leaves as a tar on standard output, with whiteouts
 * as OCI layers have them. What the script says goes to standard error. It exits with 0 even where the script failed, so that
 * the tree as it stood can be kept; `endedLine` tells.
 *
 * A change is found by its time: whatever the script makes, writes, renames or touches gets a change time (ctime) later than a mark
 * made after unpacking, which no program can set back. So no overlay file system is needed, which older kernels forbid plain users.
 */
export function planChange({ namespace, script, epoch }: ChangeOptions): Command {
  return inNamespaces(namespace, inside, [`@${epoch}`, `${assetsFolder}/${script}`, ...treeEnvironment(epoch)]);
}

// A list has a line `INODE TYPE PATH` for each name: another inode under the same name is a change of which only the name's folder tells.
// Paths are sorted with / as the smallest character, so that what is in a folder follows it at once.
const inside = `epoch=$1 script=$2
shift 2
${unpackTree}
cd ${workMount}
list() { (cd ${treeFolder} && find . -xdev -mindepth 1 -path ./dev -prune -o "$@" -printf '%i %y %P\\n') | LC_ALL=C sort; }
list >before
: >mark
sleep 0.02
${mountTree}
policy=${treeFolder}/usr/sbin/policy-rc.d
had_policy=no
if [ -e "$policy" ]; then had_policy=yes; else printf '#!/bin/sh\\nexit 101\\n' >"$policy" && chmod 755 "$policy"; fi
status=0
chroot ${treeFolder} env -i "$@" /bin/sh "$script" ${assetsFolder} </dev/null >&2 || status=$?
# whatever it left running would go on changing the tree
[ $$ != 1 ] || kill -KILL -1 2>/dev/null || :
[ $had_policy = yes ] || rm -f "$policy"
${unmountTree}
echo "::ended $status" >&2
cd ${workMount}
if [ -n "$(find tree -xdev -name '*
*' -print -quit)" ]; then
  echo "a file name in the tree has a line break in it, which layers cannot keep" >&2
  exit 1
fi
list >after
{ LC_ALL=C comm -13 before after; list -cnewer ${workMount}/mark; } |
  cut -d ' ' -f 3- | tr / '\\001' | LC_ALL=C sort -u | tr '\\001' / >changed
LC_ALL=C awk '{ path = $0; sub(/^[0-9]+ . /, "", path) }
  NR == FNR { type[path] = $2; next }
  path in type { next }
  { folder = path; if (!sub(/\\/[^\\/]*$/, "", folder) || (folder in type && type[folder] == "d")) print path }' after before |
  tr / '\\001' | LC_ALL=C sort | tr '\\001' / >gone
mkdir whiteouts
LC_ALL=C sed 's|[^/]*$|.wh.&|' gone >marks
cd whiteouts
LC_ALL=C sed 's|[^/]*$||; s|^|./|' ../gone | uniq | tr '\\n' '\\0' | xargs --null --no-run-if-empty mkdir --parents
LC_ALL=C sed 's|^|./|' ../marks | tr '\\n' '\\0' | xargs --null --no-run-if-empty touch
cd ..
exec ${layerTar} --no-recursion --verbatim-files-from --no-unquote \\
  --directory ${treeFolder} . --files-from changed --directory ${workMount}/whiteouts --files-from ${workMount}/marks`;
