import { quote } from '../../host/index.ts';

/** One part of configuring. `script` is POSIX sh, run in a subshell with `set -eu` and the words of `prelude`. */
export interface Step {
  /** One word, for programs. */
  readonly name: string;
  /** What is being done, for people. */
  readonly title: string;
  readonly script: string;
}

/** The configuring of an image as steps in order. */
export interface ConfigureScript {
  readonly steps: readonly Step[];
}

/** What every step may use; see markers.ts for the lines that begin with `::`. Runs in the dash of squeeze as well as today's. */
const prelude = String.raw`#!/bin/sh
# Configures a Debian tree from inside. Its one argument is the folder with the files and scripts to put in.
set -eu
stage=$1
umask 022
unset LANG LANGUAGE LC_MESSAGES
export LC_ALL=C HOME=/root DEBIAN_FRONTEND=noninteractive SYSTEMD_OFFLINE=1
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
cd /

current=
step() { current=$1; printf '::step %s %s\n' "$1" "$2"; }
note() { printf '::note %s\n' "$1"; }
problem() { printf '::problem %s\n' "$1"; exit 1; }
# unknown KIND NAME: what there is instead comes from standard input, a name on each line.
unknown() { printf '::unknown-%s %s\n' "$1" "$2"; sort -u | sed 's/^/::candidate /'; exit 1; }
# write PATH: standard input into a file; its folder is made where it is missing.
write() { mkdir -p "$(dirname "$1")"; cat > "$1"; }
failed() { status=$?; [ "$status" = 0 ] || printf '::failed %s %s\n' "$status" "$current"; exit "$status"; }
trap failed EXIT
`;

/** The whole program, to be called as `sh SCRIPT FOLDER`. It stops at the first step that fails, with its status. */
export function renderScript({ steps }: ConfigureScript): string {
  const parts = steps.map(({ name, title, script }) => `step ${name} ${quote(title)}\n(\n${script.trimEnd()}\n)\n`);
  return [prelude, ...parts].join('\n');
}

/** A file written by the script, its lines taken as they are; `mode` only where it is not 0644. */
export function writeFile(path: string, content: string, mode?: string): string {
  const text = content.endsWith('\n') ? content : `${content}\n`;
  const change = mode === undefined ? '' : `chmod ${mode} ${quote(path)}\n`;
  return `write ${quote(path)} <<'END_OF_FILE'\n${text}END_OF_FILE\n${change}`;
}

/** A list of words, quoted for the shell. */
export function words(list: readonly string[]): string {
  return list.map(quote).join(' ');
}
