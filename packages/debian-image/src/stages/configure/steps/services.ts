import type { Image } from '../../../image/index.ts';
import type { ConfigureFacts } from '../facts.ts';
import { type Step, words } from '../script.ts';

/** Decides what starts at boot: with systemctl, which works on files alone in a chroot, or with update-rc.d up to wheezy. */
export function servicesStep({ services }: Image, { release }: ConfigureFacts): Step | undefined {
  const { enable, disable, mask } = services;
  const loops = release.init === 'systemd' ? systemd(enable, disable, mask) : sysvinit(enable, [...disable, ...mask]);
  if (loops === '') return undefined;
  return { name: 'services', title: 'services', script: (release.init === 'systemd' ? unitNames : scriptNames) + loops };
}

const unitNames = `units() { find /etc/systemd/system /lib/systemd/system /usr/lib/systemd/system -name '*.*' 2>/dev/null | sed 's|.*/||'; ls /etc/init.d | sed 's|$|.service|'; }
known() {
  case $1 in
    *.service | *.socket | *.timer | *.target | *.path | *.mount) unit=$1 ;;
    *) unit=$1.service ;;
  esac
  template=$(printf '%s\\n' "$unit" | sed 's|@.*\\.|@.|')
  units | grep -qxF "$template" || units | sed 's|\\.service$||' | unknown service "$1"
}
`;

const scriptNames = `known() {
  script=$(printf '%s\\n' "$1" | sed 's|\\.service$||')
  [ -x "/etc/init.d/$script" ] || ls /etc/init.d | unknown service "$1"
}
`;

function loop(names: readonly string[], check: string, action: string): string {
  return names.length === 0 ? '' : `for name in ${words(names)}; do\n${check}  ${action}\ndone\n`;
}

function systemd(enable: readonly string[], disable: readonly string[], mask: readonly string[]): string {
  const check = '  known "$name"\n';
  return (
    loop(enable, check, 'systemctl enable "$unit"') +
    loop(disable, check, 'systemctl disable "$unit"') +
    loop(mask, '', 'systemctl mask "$name"')
  );
}

function sysvinit(enable: readonly string[], disable: readonly string[]): string {
  const check = '  known "$name"\n';
  return (
    loop(enable, check, 'update-rc.d "$script" defaults; update-rc.d "$script" enable') +
    loop(disable, check, 'update-rc.d "$script" disable')
  );
}
