import { suggest } from '@nx-debian-image/report';
import { bootLoaderOf, firmwareOf } from '../debian/boot-loader.ts';
import { explainNoKernel, kernelPackage } from '../debian/kernels.ts';
import { releaseOf } from '../debian/releases.ts';
import { cloudForms } from '../disk/forms/names.ts';
import type { Problem } from './problems.ts';
import type { ParsedImage } from './schema.ts';

/** What is wrong between fields that are each right: a language without its locale, a service both on and off. */
export function findContradictions(image: ParsedImage): Problem[] {
  return [
    ...whatDebianLacks(image),
    ...whatTheInstallerLacks(image),
    ...withoutBootLoader(image),
    ...uploadsOfNoDisk(image),
    ...sameNumbers(image),
    ...languageWithoutLocale(image),
    ...undecidedServices(image),
    ...rootAsOther(image),
  ];
}

/** What stands twice in one file. */
export function findRepeated(
  image: Pick<ParsedImage, 'packages' | 'locales' | 'modules' | 'scripts' | 'users' | 'files' | 'profiles' | 'disk' | 'verify'>,
): Problem[] {
  return [
    ...repeated('profiles', image.profiles),
    ...repeated('packages', image.packages),
    ...repeated('locales', image.locales),
    ...repeated(
      'modules',
      image.modules.map((name) => name.replaceAll('-', '_')),
    ),
    ...repeated('scripts', image.scripts),
    ...repeated('disk.bare', image.disk.bare),
    ...repeated(
      'users',
      image.users.map(({ name }) => name),
      '.name',
    ),
    ...repeated(
      'verify.commands',
      image.verify.commands.map(({ name }) => name),
      '.name',
    ),
    ...repeated(
      'files',
      image.files.map(({ source, target }) => (target.endsWith('/') ? `${source} to ${target}` : target)),
      '.target',
    ),
  ];
}

function whatDebianLacks({ release: name, arch, kernel = 'generic', install }: ParsedImage): Problem[] {
  const release = releaseOf(name);
  if (!release.architectures.includes(arch)) {
    return [{ path: 'arch', message: `${name} has no ${arch}; it has ${release.architectures.join(', ')}` }];
  }
  if (!release.chroot && install.method === 'bootstrap') {
    const why = `${name} cannot be made by "bootstrap": its programs crash in a chroot, for today's kernels lack the vsyscall page that they call`;
    return [{ path: 'install.method', message: `${why}; "installer" makes it in a virtual machine` }];
  }
  if ((kernel !== 'cloud' && kernel !== 'generic') || kernelPackage(release, arch, kernel) !== undefined) return [];
  const { why, hint } = explainNoKernel(release, arch, kernel);
  return [{ path: 'kernel', message: `${why}. ${hint}` }];
}

/** The installed system boots by BIOS, which only these architectures have. */
const installerArchitectures: readonly string[] = ['amd64', 'i386'];

function whatTheInstallerLacks({ arch, install }: ParsedImage): Problem[] {
  const { method, installer } = install;
  if (method === 'bootstrap') {
    const message = 'is only for the method "installer"; set install.method, or leave it out';
    return installer === undefined ? [] : [{ path: 'install.installer', message }];
  }
  const { source = '', allowUnverified = false } = installer ?? {};
  const http = {
    path: 'install.installer.source',
    message: 'is an address without https, so nothing verifies it; it needs allowUnverified',
  };
  return [
    ...(installerArchitectures.includes(arch)
      ? []
      : [{ path: 'arch', message: `${arch} is not made by "installer", which makes ${installerArchitectures.join(' and ')}` }]),
    ...(source.startsWith('http://') && !allowUnverified ? [http] : []),
  ];
}

/** An installed disk has the boot loader that the installer put there. */
function withoutBootLoader({ arch, install, disk: { bare, table } }: ParsedImage): Problem[] {
  if (bare.length === 0 || install.method === 'installer' || firmwareOf(arch, table).length > 0) return [];
  const why =
    bootLoaderOf(arch) === undefined
      ? `there is no boot loader for ${arch} here; leave it out, and a cloud starts the kernel itself`
      : `${arch} boots by UEFI, which needs "table": "gpt"`;
  return [{ path: 'disk.bare', message: why }];
}

function uploadsOfNoDisk({ disk: { bare }, upload: { glance, registry } }: ParsedImage): Problem[] {
  if (registry !== undefined && !bare.includes('qcow2')) {
    return [{ path: 'upload.registry', message: 'publishes the bare disk; add "qcow2" to disk.bare' }];
  }
  const { forms = [], bareFormat } = glance ?? {};
  if (bareFormat !== undefined && !bare.includes(bareFormat)) {
    return [{ path: 'upload.glance.bareFormat', message: `"${bareFormat}" is not among disk.bare; add it there` }];
  }
  if (!forms.includes('bare') || cloudForms.some((form) => bare.includes(form))) return [];
  return [{ path: 'upload.glance.forms', message: `"bare" needs a form in disk.bare that a cloud takes: ${cloudForms.join(', ')}` }];
}

function repeated(field: string, values: readonly string[], key = ''): Problem[] {
  const first = new Map<string, number>();
  const problems: Problem[] = [];
  for (const [index, value] of values.entries()) {
    const before = first.get(value);
    if (before === undefined) first.set(value, index);
    else problems.push({ path: `${field}[${index}]${key}`, message: `${JSON.stringify(value)} stands in ${field}[${before}] already` });
  }
  return problems;
}

function sameNumbers({ users }: ParsedImage): Problem[] {
  return users.flatMap(({ uid }, index) => {
    const other = uid === undefined ? undefined : users.slice(0, index).find((user) => user.uid === uid);
    return other === undefined ? [] : [{ path: `users[${index}].uid`, message: `${uid} is that of ${JSON.stringify(other.name)} already` }];
  });
}

function languageWithoutLocale({ lang, locales }: ParsedImage): Problem[] {
  if (lang === undefined || ['C', 'POSIX', 'C.UTF-8'].includes(lang) || locales.includes(lang)) return [];
  const near = suggest(lang, locales);
  return [{ path: 'lang', message: `${JSON.stringify(lang)} is not among locales; ${near ?? 'add it there'}` }];
}

function undecidedServices({ services: { enable, disable, mask } }: ParsedImage): Problem[] {
  const off = new Set([...disable, ...mask]);
  return enable.flatMap((name, index) =>
    off.has(name) ? [{ path: `services.enable[${index}]`, message: `${JSON.stringify(name)} is disabled or masked too; keep one` }] : [],
  );
}

function rootAsOther({ users }: ParsedImage): Problem[] {
  return users.flatMap(({ name, uid }, index) =>
    name === 'root' && uid !== undefined ? [{ path: `users[${index}].uid`, message: 'root is always 0; leave it out' }] : [],
  );
}
