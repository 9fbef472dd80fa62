import { Failure } from '@nx-debian-image/report';

/** What a file system's bytes say that cannot be, as a Failure `invalid`. */
export function damaged(what: string): Failure {
  return new Failure('invalid', `the root file system cannot be read: ${what}`, {
    hint: 'e2fsck finds and mends such damage; a disk that was not shut down cleanly is often the cause.',
  });
}

/** What an honest file system may have and this program does not read, as a Failure `invalid`. */
export function unsupported(what: string): Failure {
  return new Failure('invalid', `the root file system ${what}, which is not supported`, {
    hint: 'Make the disk with the ext4 that debian-installer makes by itself.',
  });
}
