import { quote } from '../../../host/index.ts';
import type { FileEntry } from '../files.ts';
import type { Step } from '../script.ts';

/** Puts the staged files into the tree: now, since their owners may be users that an earlier step has made. */
export function filesStep(files: readonly FileEntry[]): Step | undefined {
  if (files.length === 0) return undefined;
  const count = files.filter(({ kind }) => kind !== 'folder').length;
  return { name: 'files', title: `putting in ${count} ${count === 1 ? 'file' : 'files'}`, script: functions + files.map(line).join('\n') };
}

// install(1) replaces what stands at the target, and follows a parent folder that is a link, as /lib is in a merged tree.
const functions = `owner_known() {
  grep -q "^$1:" /etc/passwd || cut -d : -f 1 /etc/passwd | unknown user "$1"
  group=$2
  [ -n "$group" ] || group=$(id -gn "$1")
  grep -q "^$group:" /etc/group || cut -d : -f 1 /etc/group | unknown group "$group"
}
# file OWNER GROUP MODE STAGED TARGET
file() {
  owner_known "$1" "$2"
  [ ! -d "$5" ] || problem "files: $5 is a folder in the image; a target that ends with / puts the file into it"
  mkdir -p "$(dirname "$5")"
  install -T -o "$1" -g "$group" -m "$3" "$stage/$4" "$5"
}
# folder OWNER GROUP MODE TARGET: one that is there keeps its owner and mode.
folder() {
  owner_known "$1" "$2"
  [ -d "$4" ] || install -d -o "$1" -g "$group" -m "$3" "$4"
}
# link OWNER GROUP TEXT TARGET
link() {
  owner_known "$1" "$2"
  mkdir -p "$(dirname "$4")"
  ln -sfn "$3" "$4"
  chown -h "$1:$group" "$4"
}
`;

function line({ kind, owner, group, mode, target, staged, linkTo }: FileEntry): string {
  const who = `${owner} ${group ?? "''"}`;
  const octal = mode.toString(8).padStart(4, '0');
  if (kind === 'folder') return `folder ${who} ${octal} ${quote(target)}`;
  if (kind === 'link') return `link ${who} ${quote(linkTo ?? '')} ${quote(target)}`;
  return `file ${who} ${octal} ${staged?.path ?? ''} ${quote(target)}`;
}
