import { z } from 'zod';
import { parseSize, sizePattern } from './sizes.ts';

/** Text of a pattern; `what` says in a message and in the documentation what is expected, and ends with an example. */
export function text(pattern: RegExp, what: string): z.ZodString {
  return z.string(what).regex(pattern, what);
}

/** A list in which nothing may stand twice is checked by `findDuplicates`; here only the items' shape. */
export function list<Item extends z.ZodType>(item: Item): z.ZodDefault<z.ZodArray<Item>> {
  return z.array(item, 'a list in [ ]').default([]);
}

/** Debian Policy 5.6.1. */
export const packageName = text(/^[a-z0-9][a-z0-9+.-]+$/, 'a Debian package name such as "openssh-server"');

export const kernelPackage = text(/^linux-image-[a-z0-9+.-]+$/, '"cloud", "generic" or a kernel package such as "linux-image-rt-amd64"');

/** As /usr/share/i18n/SUPPORTED names them. */
export const localeName = text(/^[a-z]{2,3}(?:_[A-Z]{2})?(?:\.[A-Za-z0-9-]+)?(?:@[a-z]+)?$/, 'a locale such as "fr_FR.UTF-8"');

export const language = text(
  /^(?:C|POSIX|C\.UTF-8|[a-z]{2,3}(?:_[A-Z]{2})?(?:\.[A-Za-z0-9-]+)?(?:@[a-z]+)?)$/,
  'one of the locales, "C.UTF-8" or "C"',
);

export const timezone = text(/^[A-Za-z0-9+_-]+(?:\/[A-Za-z0-9+_-]+)*$/, 'a time zone such as "Europe/Paris"');

/** One label of RFC 1123, in lower case. */
export const hostname = text(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'a host name such as "debian"');

export const moduleName = text(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, 'a kernel module such as "virtio_balloon"');

/** The name of a folder with an image.json, as Nx takes it for a project too. */
export const imageName = text(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'the name of an image such as "bookworm-amd64"');

/** The name of a folder with a profile.json. */
export const profileName = text(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'the name of a profile such as "slim"');

/** What adduser of Debian accepts by default, useradd's length. */
export const userName = text(/^[a-z_][a-z0-9_-]{0,31}$/, 'a user or group name such as "admin"');

export const absolutePath = text(/^\/(?:[^\0\n:]*)$/, 'an absolute path such as "/usr/bin"');

/** Below the image's folder: no `..`, so that Nx sees every file that an image is made of. */
export const relativePath = text(
  /^(?!\/)(?!(?:.*\/)?\.\.(?:\/|$))[^\0\n]+$/,
  'a path below the image\'s folder such as "scripts/motd.sh", without ".."',
);

export const octalMode = text(/^0?[0-7]{3}$|^[0-7]{4}$/, 'a mode in octal digits, as text, such as "0644"');

/** crypt(5): sha512crypt, 86 characters of hash. A yescrypt hash would not work before bullseye. */
export const password = text(
  /^(?:locked|\$6\$(?:rounds=\d+\$)?[./0-9A-Za-z]{1,16}\$[./0-9A-Za-z]{86})$/,
  '"locked" or a hash made by `openssl passwd -6`, which begins with "$6$"',
);

/** sshd(8), AUTHORIZED_KEYS FILE FORMAT, without options. */
export const publicKey = text(
  /^(?:ssh-(?:ed25519|rsa|dss)|ecdsa-sha2-nistp(?:256|384|521)|sk-(?:ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com) [A-Za-z0-9+/]+=*(?: [^\n]*)?$/,
  'a line of a public key file such as "ssh-ed25519 AAAA… you@example.org"',
);

export const serviceName = text(/^[A-Za-z0-9@:._-]+$/, 'a service such as "ssh" or "ssh.service"');

const aSize = 'a size such as "16MiB", "5GiB" or a number of bytes';

/** A size; comes out as bytes. */
export const size = z.union([z.int(aSize).nonnegative(aSize), text(sizePattern, aSize)], aSize).transform((value, context) => {
  const bytes = parseSize(value);
  if (bytes === undefined)
    context.issues.push({ code: 'custom', input: value, message: 'a size of a whole number of bytes such as "16MiB"' });
  return bytes ?? 0;
});

/** How many versions to keep. */
export const keep = z.int('a whole number from 1 on').min(1, 'a whole number from 1 on');

export const flag = z.boolean('true or false');
