import { readFileSync } from 'node:fs';

/**
 * A Debian package that something here needs. It counts as there when its program is on PATH or its file exists, whoever put it there.
 * @typedef {{ package: string, program?: string, file?: string, for: string }} Need
 */

const modules = '/usr/lib/python3/dist-packages';

const file = new URL('../../packages/debian-image/debian-packages.json', import.meta.url);

/** @type {{ building: readonly Need[], machines: readonly Need[] }} */
const ofImages = JSON.parse(readFileSync(file, 'utf8'));

/** What building an image needs. */
export const forBuilding = ofImages.building;

/** What the tests need beside that. @type {readonly Need[]} */
export const forTesting = [
  ...ofImages.machines,
  { package: 'git', program: 'git', for: 'makes test workspaces' },
  { package: 'qemu-system-x86', program: 'qemu-system-x86_64', for: 'boots images' },
  { package: 'ovmf', file: '/usr/share/OVMF/OVMF_CODE_4M.secboot.fd', for: 'starts disks by UEFI and Secure Boot' },
  { package: 'qemu-system-arm', program: 'qemu-system-aarch64', for: 'boots disks and images of arm64' },
  { package: 'qemu-efi-aarch64', file: '/usr/share/AAVMF/AAVMF_VARS.ms.fd', for: 'starts them by UEFI and Secure Boot' },
  { package: 'libvirt-daemon', program: 'libvirtd', for: 'a real virtualisation host to install on' },
  { package: 'libvirt-daemon-driver-qemu', program: 'virt-qemu-run', for: 'lets that host start QEMU' },
  { package: 'libvirt-clients', program: 'virsh', for: 'asks a virtualisation host' },
  { package: 'openssh-server', program: 'sshd', for: 'leads to a virtualisation host by ssh' },
  { package: 'netcat-openbsd', program: 'nc.openbsd', for: 'joins ssh and the socket of libvirt' },
  { package: 'fdisk', program: 'sfdisk', for: 'looks into partition tables' },
  { package: 'gnupg', program: 'gpg', for: 'signs a small archive' },
  { package: 'openssl', program: 'openssl', for: 'makes certificates' },
  { package: 'libcap2-bin', program: 'setcap', for: 'gives capabilities to files' },
  { package: 'busybox-static', program: 'busybox', for: 'makes tiny root file systems' },
  { package: 'lxd-client', program: 'lxc', for: 'reads a catalog as its users do' },
  { package: 'docker-registry', program: 'docker-registry', for: 'a real registry to push to' },
  { package: 'skopeo', program: 'skopeo', for: 'reads a registry as its users do' },
  { package: 'python3-glance', file: `${modules}/glance/__init__.py`, for: 'a real Glance to upload to' },
  { package: 'python3-keystone', file: `${modules}/keystone/__init__.py`, for: 'a real Keystone to log in to' },
  { package: 'python3-openstackclient', program: 'openstack', for: 'looks into Glance as its users do' },
];

/** What proving images of other architectures needs beside that (`npm run proof`). @type {readonly Need[]} */
export const forProving = [
  { package: 'qemu-user-static', file: '/usr/lib/binfmt.d/qemu-aarch64.conf', for: 'runs programs of arm64 while an image is made' },
];
