import { describe, expect, it } from 'vitest';
import { type HostFacts, judgeAccelerator } from './accelerator.ts';

const good: HostFacts = { architecture: 'x64', flags: ['sse2', 'svm'], kvm: 'opens' };

describe('judgeAccelerator', () => {
  it.each<[string, HostFacts, 'kvm' | 'tcg', RegExp]>([
    ['a processor with svm', good, 'kvm', /svm/],
    ['a processor with vmx', { ...good, flags: ['vmx'] }, 'kvm', /vmx/],
    ['a /dev/kvm that opens without either', { ...good, flags: ['sse2', 'hypervisor'] }, 'tcg', /neither vmx nor svm/],
    ['no /dev/kvm', { ...good, kvm: 'missing' }, 'tcg', /no \/dev\/kvm/],
    ['a closed /dev/kvm', { ...good, kvm: 'denied' }, 'tcg', /group kvm/],
    ['another architecture', { ...good, architecture: 'arm64' }, 'tcg', /not the architecture/],
  ])('%s', (_, host, name, why) => {
    const accelerator = judgeAccelerator('amd64', host);
    expect(accelerator.name).toBe(name);
    expect(accelerator.why).toMatch(why);
  });

  it('asks an arm64 processor for no flags', () => {
    expect(judgeAccelerator('arm64', { architecture: 'arm64', flags: [], kvm: 'opens' }).name).toBe('kvm');
  });
});
