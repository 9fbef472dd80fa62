import type { Release } from '../../../../debian/releases.ts';
import { writeFile } from '../../script.ts';

/**
 * DHCP on the first card by ifupdown. It matches names by pattern from 0.8.36 (bullseye) on; before, udev is kept from giving cards other
 * names than eth0, eth1, … (systemd.link(5); for persistent-net rules udev's README.Debian).
 */
export function ifupdownScript(release: Release): string {
  return client + (release.cardPatterns ? interfacesByPattern + waitForCards : kernelNames(release));
}

const client = `client=
for program in /sbin/dhclient /sbin/dhclient3 /usr/sbin/dhcpcd /sbin/dhcpcd /sbin/udhcpc; do
  [ ! -x "$program" ] || client=$program
done
[ -n "$client" ] || problem 'network "dhcp" needs a DHCP client such as the package isc-dhcp-client or dhcpcd-base'
`;

const interfacesByPattern = writeFile(
  '/etc/network/interfaces',
  `source /etc/network/interfaces.d/*

auto lo
iface lo inet loopback

# The first card, whether its name is eth0 or enp1s0.
auto /e*/1=first
iface first inet dhcp`,
);

/**
 * ifupdown waits for udev only where a card of /etc/network/interfaces is there already, so by pattern it would miss one whose driver is not
 * in the ramdisk; and then it waits for all devices. Cards that udev has done with in the ramdisk (its data of them: n and their
 * index) need no waiting, which takes seconds. The limit is below that of the unit, and a slow start is no failed one.
 */
const waitForCards = writeFile(
  '/etc/systemd/system/ifupdown-pre.service.d/wait-for-cards.conf',
  `[Service]
ExecStart=
ExecStart=-/bin/sh -c 'for card in /sys/class/net/e*; do read -r index <$$card/ifindex && [ -e /run/udev/data/n$$index ] || exec udevadm settle --timeout=170; done'`,
);

function kernelNames(release: Release): string {
  const keep = release.persistentNetRules
    ? writeFile('/etc/udev/rules.d/75-persistent-net-generator.rules', '# Cards keep the names that the kernel gives them.')
    : 'mkdir -p /etc/systemd/network\nln -sf /dev/null /etc/systemd/network/99-default.link\n';
  const interfaces = `auto lo
iface lo inet loopback

auto eth0
iface eth0 inet dhcp`;
  return keep + writeFile('/etc/network/interfaces', interfaces);
}
