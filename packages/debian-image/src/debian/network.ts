/** What gives network cards their addresses, by its name in Debian. */
export type NetworkManager = 'ifupdown' | 'systemd-networkd';

interface Networked {
  readonly networkManager: NetworkManager;
  readonly dhcpClient: string;
}

/** That of an image: ifupdown where it names it among its packages, else that of the release. */
function networkManager(release: Networked, packages: readonly string[]): NetworkManager {
  return packages.includes('ifupdown') ? 'ifupdown' : release.networkManager;
}

/** The packages that DHCP needs. systemd-networkd is a part of systemd; its name servers reach programs by systemd-resolved. */
export function networkPackages(release: Networked, packages: readonly string[]): string[] {
  return networkManager(release, packages) === 'ifupdown' ? ['ifupdown', release.dhcpClient] : ['systemd-resolved'];
}
