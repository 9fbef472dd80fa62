import { expect, it } from 'vitest';
import { type DomainParts, domainXml } from './domain.ts';

const parts: DomainParts = {
  name: 'debian-image-web',
  architecture: 'amd64',
  release: 'trixie',
  accelerator: 'tcg',
  memory: 2 ** 30,
  processors: 2,
  disk: '/pool/a & b.qcow2',
  kernel: '/pool/linux',
  ramdisk: '/pool/initrd',
  commandLine: 'console=ttyS0 quoted="<it\'s>"',
  network: 'default',
  clockOffset: -86_400,
};

it('is a machine like that of QEMU here', () => {
  const xml = domainXml(parts);
  for (const line of [
    "<domain type='qemu'>",
    "<memory unit='b'>1073741824</memory>",
    "<type arch='x86_64' machine='q35'>hvm</type>",
    '<cmdline>console=ttyS0 quoted=&#34;&#60;it&#39;s&#62;&#34;</cmdline>',
    "<cpu mode='maximum'><feature policy='disable' name='la57'/><feature policy='disable' name='svm'/></cpu>",
    "<clock offset='variable' adjustment='-86400' basis='utc'/>",
    "<source file='/pool/a &#38; b.qcow2'/>",
    "<interface type='network'><source network='default'/><model type='virtio'/></interface>",
  ]) {
    expect(xml).toContain(line);
  }
});

it('differs with KVM, for an old release, on the network of QEMU itself', () => {
  const xml = domainXml({ ...parts, accelerator: 'kvm', architecture: 'i386', release: 'squeeze', network: 'user' });
  expect(xml).toContain("<domain type='kvm'>");
  expect(xml).toContain("<cpu mode='host-passthrough'/>");
  expect(xml).toContain("<type arch='i686' machine='pc'>hvm</type>");
  expect(xml).toContain("<interface type='user'><model type='virtio'/></interface>");
  expect(xml).not.toContain('tb-cache');
});
