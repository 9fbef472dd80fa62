import { expect, it } from 'vitest';
import { questions } from './questions.ts';

const asked = questions({
  disk: 3 * 2 ** 30,
  memory: 2 ** 30,
  locales: ['fr_FR.UTF-8'],
  packages: ['vim', 'curl'],
  modules: ['virtio-balloon', 'acpiphp', 'ext4'],
});

it.each<[string, string, boolean, RegExp]>([
  ['root grown', 'Filesystem 1024-blocks Used\n/dev/vda 3061336 425000 2500000 15% /\n', true, /^2.92 of 3.00 GiB$/],
  ['root grown', 'Filesystem 1024-blocks Used\n/dev/vda 991512 425000 500000 45% /\n', false, /^0.95 of/],
  ['memory', '988008\n', true, /^965 of 1024 MiB$/],
  ['memory', '', false, /^0 of/],
  ['host keys', 'ssh-rsa AAAA\nssh-ed25519 BBBB\n', true, /^ssh-rsa ssh-ed25519$/],
  ['host keys', '', false, /none/],
  ['modules', 'virtio_balloon\next4\nCONFIG_HOTPLUG_PCI_ACPI=y\n', true, /all 3/],
  ['modules', 'virtio_balloon\next4\n', false, /^missing: acpiphp$/],
  ['machine-id', '7be19eae0bcfcbd6a7b433708be2ef02\n', true, /^7be/],
  ['machine-id', '\n', false, /empty/],
  ['machine-id', 'no systemd\n', true, /no systemd/],
  ['locales', 'C\nC.utf8\nfr_FR.utf8\n', true, /all 1/],
  ['locales', 'C\nPOSIX\n', false, /missing: fr_FR.UTF-8/],
  ['packages', 'curl\nvim\n', true, /all 2/],
  ['packages', 'curl\nvim-common\n', false, /missing: vim/],
  ['start finished', 'running\n', true, /running/],
  ['start finished', 'degraded\n', true, /degraded/],
  ['start finished', 'no systemd\n', true, /no systemd/],
  ['start finished', 'starting\n', false, /starting/],
  ['start finished', '', false, /unknown/],
  ['failed units', '', true, /none/],
  ['failed units', 'ssh.service loaded failed failed OpenBSD\n', false, /ssh.service/],
  ['address by DHCP', '2: enp0s2    inet 10.0.2.15/24 brd 10.0.2.255 scope global', true, /10.0.2.15/],
  ['address by DHCP', '', false, /none/],
  ['name server by DHCP', 'nameserver 10.0.2.3\n', true, /10.0.2.3/],
  ['name server by DHCP', 'nameserver 192.0.2.1\n', false, /192.0.2.1/],
])('%s of %j: %s', (name, answer, ok, value) => {
  const check = asked.find((question) => question.name === name)?.judge(answer);
  expect(check).toMatchObject({ ok });
  expect(check?.value).toMatch(value);
});
