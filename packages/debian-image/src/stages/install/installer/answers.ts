import { suitesOf } from '../../../debian/archive/sources.ts';
import type { Mirror } from '../../../debian/mirror/choose.ts';
import type { Release } from '../../../debian/releases.ts';
import type { Image } from '../../../image/index.ts';
import { plannedPackages } from '../plan.ts';
import { securityHost } from './security-host.ts';
import { type Answer, set } from './answer.ts';

export interface PreseedPlan {
  readonly image: Image;
  readonly release: Release;
  /** As the installer reaches it. */
  readonly mirror: Pick<Mirror, 'main' | 'security'>;
  readonly proxy?: string | undefined;
}

/** What an unattended installation in this program's machine cannot do without. */
export const unattended = 'this program, which needs it so';

/** Questions whose answer configure overrides by what image.json says. */
export const decidedLater: readonly Answer[] = [
  ...['root-password', 'root-password-again', 'user-fullname', 'username', 'user-password', 'user-password-again'].map((name) =>
    set(`passwd/${name}`, 'string', '', 'users'),
  ),
  ...['user-password-crypted', 'user-uid', 'user-default-groups'].map((name) => set(`passwd/${name}`, 'string', '', 'users')),
];

/** The answers that image.json leads to, and those that an installation without a person needs. */
export function plannedAnswers(plan: PreseedPlan): Answer[] {
  return [...localisation(plan), ...network(), ...mirror(plan), ...accounts, ...clock(plan), ...disk(plan), ...system(plan), ...ending];
}

/** The installer itself speaks English, for its console is read by this program. */
function localisation({ image, release }: PreseedPlan): Answer[] {
  const keymap = release.version <= 6 ? 'console-keymaps-at/keymap' : 'keyboard-configuration/xkb-keymap';
  return [
    set('debian-installer/locale', 'string', 'en_US.UTF-8', 'lang'),
    set('debian-installer/language', 'string', 'en', unattended),
    set('debian-installer/country', 'string', 'US'),
    set('localechooser/supported-locales', 'multiselect', image.locales.join(', '), 'locales'),
    set(keymap, 'select', 'us'),
  ];
}

function network(): Answer[] {
  return [
    set('netcfg/choose_interface', 'select', 'auto', unattended),
    set('netcfg/get_hostname', 'string', 'debian', 'hostname'),
    set('netcfg/get_domain', 'string', ''),
    set('hw-detect/load_firmware', 'boolean', 'false'),
  ];
}

function mirror({ image, release, mirror: { main, security }, proxy }: PreseedPlan): Answer[] {
  const { protocol, host, pathname } = new URL(main);
  const kind = protocol.slice(0, -1);
  const field = 'install.mirror';
  const pockets = suitesOf(release, { main, security }, [], image.install.pockets).flatMap(({ suite }) => {
    if (suite === release.securitySuite) return ['security'];
    if (suite === release.updatesSuite) return ['updates'];
    return suite.endsWith('-backports') ? ['backports'] : [];
  });
  const components = release.components.map((name) =>
    set(`apt-setup/${name}`, 'boolean', String(image.install.components.some((wanted) => wanted === name)), 'install.components'),
  );
  return [
    set('mirror/country', 'string', 'manual', field),
    set('mirror/protocol', 'string', kind, field),
    set(`mirror/${kind}/hostname`, 'string', host, field),
    set(`mirror/${kind}/directory`, 'string', pathname, field),
    set(`mirror/${kind}/proxy`, 'string', proxy ?? '', field),
    set('mirror/suite', 'string', release.name, 'release'),
    ...components,
    set('apt-setup/services-select', 'multiselect', pockets.join(', '), 'install.pockets'),
    ...(pockets.includes('security') ? [set('apt-setup/security_host', 'string', securityHost(security, release), field)] : []),
    set('apt-setup/enable-source-repositories', 'boolean', 'false'),
  ];
}

/** No password gives "*", and configure makes the accounts of image.json. "!" would say the same, but the installer asks again there. */
const accounts: readonly Answer[] = [
  set('passwd/root-login', 'boolean', 'true', 'users'),
  set('passwd/root-password-crypted', 'password', '*', 'users'),
  set('passwd/make-user', 'boolean', 'false', 'users'),
];

function clock({ image }: PreseedPlan): Answer[] {
  return [
    set('clock-setup/utc', 'boolean', 'true'),
    set('time/zone', 'string', image.timezone, 'timezone'),
    set('clock-setup/ntp', 'boolean', 'false'),
  ];
}

function disk({ release }: PreseedPlan): Answer[] {
  // -1 for no limit is of partman-auto since jessie
  const most = release.version <= 7 ? '1000000000' : '-1';
  const root = '$primary{ } $bootable{ } method{ format } format{ } use_filesystem{ } filesystem{ ext4 } mountpoint{ / }';
  return [
    set('partman-auto/disk', 'string', '/dev/vda', unattended),
    set('partman-auto/method', 'string', 'regular', unattended),
    set('partman-auto/expert_recipe', 'string', `root :: 1000 50 ${most} ext4 ${root} .`),
    set('partman-auto/choose_recipe', 'select', 'root'),
    set('partman-basicfilesystems/no_swap', 'boolean', 'false'),
    set('partman-partitioning/default_label', 'string', 'msdos'),
    set('partman-partitioning/confirm_write_new_label', 'boolean', 'true', unattended),
    set('partman/confirm_write_new_label', 'boolean', 'true', unattended),
    set('partman/choose_partition', 'select', 'finish', unattended),
    set('partman/confirm', 'boolean', 'true', unattended),
    set('partman/confirm_nooverwrite', 'boolean', 'true', unattended),
    set('partman/mount_style', 'select', 'uuid'),
  ];
}

function system({ image, release }: PreseedPlan): Answer[] {
  const packages = plannedPackages(image, release);
  const kernel = packages.find((name) => name.startsWith('linux-image-')) ?? '';
  const tasks = ['standard', ...(image.packages.includes('openssh-server') ? ['ssh-server'] : [])];
  const { recommends, installer } = image.install;
  return [
    set('base-installer/install-recommends', 'boolean', String(recommends), 'install.recommends'),
    set('base-installer/kernel/image', 'select', kernel, 'kernel'),
    { owner: 'tasksel', question: 'tasksel/first', type: 'multiselect', value: tasks.join(', ') },
    set('pkgsel/include', 'string', packages.join(' '), 'packages'),
    set('pkgsel/upgrade', 'select', 'safe-upgrade'),
    set('pkgsel/update-policy', 'select', 'none'),
    set('pkgsel/updatedb', 'boolean', 'false'),
    { owner: 'popularity-contest', question: 'popularity-contest/participate', type: 'boolean', value: 'false' },
    set('grub-installer/only_debian', 'boolean', 'true'),
    set('grub-installer/with_other_os', 'boolean', 'true'),
    set('grub-installer/bootdev', 'string', '/dev/vda', unattended),
    // the installed kernel's own command line, for whoever starts the whole disk
    set('debian-installer/add-kernel-opts', 'string', 'console=tty0 console=ttyS0,115200'),
    ...(installer?.allowUnverified === true ? [set('debian-installer/allow_unauthenticated', 'boolean', 'true')] : []),
  ];
}

const ending: readonly Answer[] = [
  set('finish-install/keep-consoles', 'boolean', 'true'),
  set('finish-install/reboot_in_progress', 'note', '', unattended),
  set('cdrom-detect/eject', 'boolean', 'false'),
  set('debian-installer/exit/poweroff', 'boolean', 'true', unattended),
];
