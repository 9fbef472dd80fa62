import { builtInOptions } from '../../../debian/built-in-modules.ts';
import type { Image } from '../../../image/index.ts';
import type { ConfigureFacts } from '../facts.ts';
import { type Step, words } from '../script.ts';

/** Loads kernel modules at boot and puts them into the initial ramdisk. Built-in ones are passed over, unknown ones end the step. */
export function modulesStep({ modules }: Image, { release, ramdisk }: ConfigureFacts): Step | undefined {
  if (modules.length === 0) return undefined;
  const names = modules.map((name) => name.replaceAll('-', '_'));
  const options = Object.entries(builtInOptions).map(([name, option]) => `    ${name}) option=CONFIG_${option} ;;`);
  return {
    name: 'modules',
    title: `kernel modules ${modules.join(', ')}`,
    script: String.raw`kernel=$(ls /lib/modules 2>/dev/null | sort -V | tail -n 1)
[ -n "$kernel" ] || problem 'modules need a kernel, and none is in the image'
module_names() { sed 's|.*/||; s|\.ko.*$||' | tr - _; }
built_in=$(cat "/lib/modules/$kernel/modules.builtin" 2>/dev/null | module_names)
loadable=$(find "/lib/modules/$kernel/" -name '*.ko' -o -name '*.ko.?z' -o -name '*.ko.zst' | module_names)
has() { printf '%s\n' "$1" | grep -qx "$2"; }
option_is_built_in() {
  case $1 in
${options.join('\n')}
    *) return 1 ;;
  esac
  grep -qx "$option=y" "/boot/config-$kernel" 2>/dev/null
}
load=
for name in ${words(names)}; do
  if has "$loadable" "$name"; then
    load="$load $name"
  elif has "$built_in" "$name" || option_is_built_in "$name"; then
    note "$name is built into this kernel; nothing to load"
  else
    printf '%s\n' "$loadable" "$built_in" | unknown module "$name"
  fi
done
[ -n "$load" ] || exit 0
${ramdisk === 'dracut' ? dracut : initramfsTools}${release.init === 'systemd' ? systemd : sysvinit}`,
  };
}

const add = (file: string): string => `for name in $load; do
  grep -qx "$name" ${file} 2>/dev/null || printf '%s\\n' "$name" >> ${file}
done
`;
const initramfsTools = add('/etc/initramfs-tools/modules');
const dracut = `printf 'add_drivers+="%s "\\n' "$load" | write /etc/dracut.conf.d/modules.conf\n`;
const systemd = `printf '%s\\n' $load | write /etc/modules-load.d/image.conf`;
const sysvinit = add('/etc/modules').trimEnd();
