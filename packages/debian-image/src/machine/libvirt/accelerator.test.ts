import { expect, it } from 'vitest';
import { judgeLibvirtAccelerator } from './accelerator.ts';

const facts = { connect: 'qemu:///system', domain: 'kvm', architecture: 'x86_64', features: ['vme', 'svm'] };

it.each([
  [facts, 'kvm', 'KVM: qemu:///system offers it and its processor has svm'],
  [{ ...facts, architecture: 'aarch64', features: [] }, 'kvm', 'KVM: qemu:///system offers it'],
  [{ ...facts, features: ['vme', 'hypervisor'] }, 'tcg', 'neither vmx nor svm'],
  [{ ...facts, domain: 'qemu' }, 'tcg', 'qemu:///system offers no KVM'],
])('judges %j', (host, name, why) => {
  expect(judgeLibvirtAccelerator(host)).toEqual({ name, why: expect.stringContaining(why) });
});
