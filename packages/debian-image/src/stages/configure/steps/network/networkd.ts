import { writeFile } from '../../script.ts';

const cards = '/etc/systemd/network/80-dhcp.network';

/**
 * DHCP on all cards by systemd-networkd (systemd.network(5)), beside which the machine goes on starting. A card is known by its address, not by
 * the machine-id, so that an instance made anew gets the address of the one before. Name servers go by way of systemd-resolved.
 */
export const networkdScript = `[ -x /lib/systemd/systemd-networkd ] || problem 'network "dhcp" needs systemd-networkd or the package ifupdown, and neither is in the image'
${writeFile(
  cards,
  `[Match]
Name=en* eth*

[Network]
DHCP=yes

[DHCPv4]
ClientIdentifier=mac`,
)}${writeFile(
  '/etc/systemd/system/systemd-networkd-wait-online.service.d/any.conf',
  `# One card with an address is enough.
[Service]
ExecStart=
ExecStart=/lib/systemd/systemd-networkd-wait-online --any`,
)}systemctl enable systemd-networkd.service
if [ -x /lib/systemd/systemd-resolved ]; then
  systemctl enable systemd-resolved.service
  ln -sf ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf
else
  note 'systemd-networkd does not write /etc/resolv.conf: without the package systemd-resolved no host names are found'
fi
`;

/** Undoes it for an image with ifupdown that starts from one without. */
export const noNetworkd = `if [ -e ${cards} ]; then
  rm ${cards}
  systemctl disable systemd-networkd.service
fi
`;
