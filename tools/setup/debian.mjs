import { spawnSync } from 'node:child_process';
import { SetupError } from './error.mjs';
import { findMissing, findProgram } from './find.mjs';
import { longWork } from './long-work.mjs';

// Only what is missing is installed, and nothing that is there is upgraded.
const install = ['install', '--yes', '--quiet', '--no-install-recommends', '--no-upgrade'];

// systemctl(1) starts nothing with SYSTEMD_OFFLINE: of servers only the programs are wanted.
const environment = ['DEBIAN_FRONTEND=noninteractive', 'SYSTEMD_OFFLINE=1'];

/** Installs the Debian packages that are missing, where this user may do so; else one message says which, and how. */
export async function setUpDebian(needs, { say = console.log, uid = process.getuid?.() } = {}) {
  const missing = findMissing(needs);
  if (missing.length === 0) return;
  const names = missing.map((need) => need.package);
  const list = missing.map((need) => `  ${need.package}: ${need.for}`).join('\n');
  if (!findProgram('apt-get')) throw new SetupError(`These Debian packages are missing, and there is no apt-get to install them:\n${list}`);
  const asRoot = rootPrefix(uid);
  if (asRoot === undefined) {
    throw new SetupError(
      `These Debian packages are missing:\n${list}\nInstall them with:\n  sudo apt-get install --no-install-recommends ${names.join(' ')}`,
    );
  }
  const apt = (title, args) => {
    const [program, ...rest] = [...asRoot, 'env', ...environment, 'apt-get', ...args];
    return longWork(title, program, rest, { say });
  };
  let result = await apt(`Installing ${names.join(', ')}`, [...install, ...names]);
  if (result.status !== 0) {
    // The package lists may be absent, as in a fresh container, or too old for the mirror.
    await apt('Fetching package lists', ['update', '--quiet']);
    result = await apt(`Installing ${names.join(', ')}`, [...install, ...names]);
  }
  const still = findMissing(needs);
  if (result.status === 0 && still.length === 0) return;
  const lastWords = result.output
    .split('\n')
    .slice(-10)
    .map((line) => `  | ${line}`)
    .join('\n');
  throw new SetupError(
    `apt-get could not install ${(still.length > 0 ? still.map((need) => need.package) : names).join(', ')}:\n${lastWords}`,
  );
}

/** What goes before a command to run it as root: nothing as root, sudo where it asks no password, undefined where neither is so. */
function rootPrefix(uid) {
  if (uid === 0) return [];
  if (!findProgram('sudo')) return undefined;
  return spawnSync('sudo', ['--non-interactive', 'true'], { stdio: 'ignore' }).status === 0 ? ['sudo', '--non-interactive'] : undefined;
}
