/** The releases that an image can be made of, oldest first: the names of debian/releases.ts as literal types. */
export const releaseNames = ['squeeze', 'wheezy', 'jessie', 'stretch', 'buster', 'bullseye', 'bookworm', 'trixie', 'forky', 'sid'] as const;

export type ReleaseName = (typeof releaseNames)[number];

/** Architectures as dpkg names them (https://wiki.debian.org/SupportedArchitectures). */
export const architectures = ['amd64', 'arm64', 'armhf', 'armel', 'i386', 'ppc64el', 's390x', 'riscv64', 'loong64'] as const;

export type Architecture = (typeof architectures)[number];
