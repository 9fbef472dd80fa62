import { describe as group, expect, it } from 'vitest';
import { describe } from '@nx-debian-image/report';
import { securityBeside } from '../../../debian/mirror/choose.ts';
import { releaseOf } from '../../../debian/releases.ts';
import { imageSchema, type ImageSource, resolveImage } from '../../../image/index.ts';
import type { PreseedPlan } from './answers.ts';
import { planPreseed } from './preseed.ts';

function planned(source: Omit<ImageSource, 'install'> & { readonly install?: object }, more: Partial<PreseedPlan> = {}): string {
  const install = { ...source.install, method: 'installer' };
  const image = resolveImage(imageSchema.parse({ ...source, install }), '/images/example', 'example');
  const release = releaseOf(image.release);
  const main = release.archived ? 'http://archive.debian.org/debian' : 'http://mirror.example/debian';
  return planPreseed({ image, release, mirror: { main, security: securityBeside(main) }, ...more });
}

it.each(['squeeze', 'wheezy', 'bookworm', 'trixie'] as const)('answers every question of %s', async (release) => {
  const packages = ['openssh-server', 'vim', 'curl', 'parted'];
  await expect(planned({ release, packages, locales: ['fr_FR.UTF-8', 'en_US.UTF-8'] })).toMatchFileSnapshot(`testing/${release}.cfg`);
});

group('the answers', () => {
  it.each<[string, Parameters<typeof planned>, string]>([
    [
      'name a mirror with a port',
      [{ release: 'trixie' }, { mirror: { main: 'http://10.0.2.2:81/d', security: 'http://10.0.2.2:81/debian-security' } }],
      'd-i mirror/http/hostname string 10.0.2.2:81\nd-i mirror/http/directory string /d\n',
    ],
    [
      'name the host of security updates',
      [{ release: 'trixie' }, { mirror: { main: 'http://10.0.2.2:81/d', security: 'http://10.0.2.2:81/debian-security' } }],
      'd-i apt-setup/security_host string 10.0.2.2:81\n',
    ],
    [
      'name its folder too, which the installer of old releases does not',
      [{ release: 'jessie' }],
      'd-i apt-setup/security_host string archive.debian.org/debian-security\n',
    ],
    [
      'ask a mirror by https where it is one',
      [{ release: 'trixie', install: { pockets: [] } }, { mirror: { main: 'https://m.example/debian', security: '' } }],
      'd-i mirror/protocol string https\nd-i mirror/https/hostname string m.example\n',
    ],
    [
      'go through a proxy',
      [{ release: 'trixie' }, { proxy: 'http://10.0.2.2:3128' }],
      'd-i mirror/http/proxy string http://10.0.2.2:3128\n',
    ],
    [
      'say the zone, the locales and the components',
      [{ release: 'trixie', timezone: 'Europe/Paris', install: { components: ['main', 'contrib'] } }],
      'd-i apt-setup/contrib boolean true\nd-i apt-setup/non-free boolean false\n',
    ],
    [
      'leave out updates that are not asked for',
      [{ release: 'trixie', install: { pockets: ['updates'] } }],
      'd-i apt-setup/services-select multiselect updates\n',
    ],
    [
      'verify no less where nobody allows that',
      [{ release: 'trixie', install: { installer: { allowUnverified: true } } }],
      'd-i debian-installer/allow_unauthenticated boolean true\n',
    ],
    [
      'take a line over a default',
      [{ release: 'trixie', install: { installer: { preseed: ['tasksel tasksel/first multiselect'] } } }],
      'tasksel tasksel/first multiselect\n',
    ],
  ])('%s', (_, plan, lines) => {
    expect(planned(...plan)).toContain(lines);
  });

  it('are each said once, with lines of the image last', () => {
    const text = planned({
      release: 'trixie',
      install: { installer: { preseed: ['tasksel tasksel/first multiselect desktop', 'd-i x/y string z  '.trim()] } },
    });
    expect(text).not.toContain('multiselect standard');
    expect(text).toMatch(/tasksel tasksel\/first multiselect desktop\nd-i x\/y string z\n$/);
    const questions = text
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ')[1]);
    expect(new Set(questions).size).toBe(questions.length);
  });
});

it('asks for no verification less unless allowed', () => {
  expect(planned({ release: 'squeeze' })).not.toContain('unauthenticated');
});

group('a line that contradicts image.json', () => {
  const told = (line: string, source: Partial<ImageSource> = {}): string => {
    try {
      return planned({ release: 'trixie', ...source, install: { installer: { preseed: [line] } } });
    } catch (error) {
      return describe(error);
    }
  };

  it.each([
    ['d-i time/zone string Europe/Paris', 'time/zone is decided by timezone', 'set timezone in image.json'],
    ['d-i pkgsel/include string vim', 'pkgsel/include is decided by packages', 'set packages in image.json'],
    ['d-i mirror/suite string sid', 'mirror/suite is decided by release', 'set release in image.json'],
    ['d-i apt-setup/contrib boolean true', 'apt-setup/contrib is decided by install.components', 'set install.components'],
    ['d-i passwd/root-password password secret', 'passwd/root-password is decided by users', 'set users in image.json'],
    ['d-i netcfg/get_hostname string web', 'netcfg/get_hostname is decided by hostname', 'set hostname in image.json'],
    ['d-i partman-auto/disk string /dev/sda', 'partman-auto/disk is decided by this program', 'Leave the line out.'],
  ])('is refused: %s', (line, message, hint) => {
    expect(told(line)).toContain(message);
    expect(told(line)).toContain('at: image.json: install.installer.preseed[0]');
    expect(told(line)).toContain(hint);
  });

  it('is none where it says the same', () => {
    expect(told('d-i  time/zone   string UTC')).toContain('d-i time/zone string UTC\n');
  });

  it('is told apart from one that is no line at all', () => {
    expect(told('partman-auto/disk')).toContain('"partman-auto/disk" is no line of a preseed file');
  });
});

it('says where security updates cannot come from', () => {
  const mirror = { main: 'http://m.example/debian', security: 'http://m.example/security' };
  expect(() => planned({ release: 'trixie' }, { mirror })).toThrow('cannot take security updates from http://m.example/security');
});
