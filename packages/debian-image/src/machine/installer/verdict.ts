import { Failure } from '@nx-debian-image/report';

/** What is seen of an installation at one moment; times in seconds. */
export interface InstallationSight {
  readonly spoken: boolean;
  readonly panicked: boolean;
  readonly poweredOff: boolean;
  /** See `InstallerConsole`. */
  readonly question: string | undefined;
  readonly lastLines: readonly string[];
  readonly waited: number;
  /** Since the console last said something. */
  readonly silent: number;
  readonly ended: boolean;
}

export interface InstallationLimits {
  readonly seconds: number;
}

/** A question that stays for so long is one that nobody has answered beforehand. */
const questionSeconds = 20;

/** Even a machine in software on a busy host says something of its kernel by then. */
const firstWordSeconds = 120;

/** The words of the installer's own messages about files that it cannot have. */
const downloadWords = /mirror|download|retriev|fetch|archive|network/i;
const failureWords = /fail|error|bad|not (?:be )?(?:found|available|accessible)|cannot|could not|couldn't|unable/i;

/**
 * Whether an installation is done: true, false (wait on), or the Failure that it has become: `invalid` for a question without an answer,
 * `unreachable` for a download that failed, `command-failed` for a guest that cannot go on, `timeout` for one that is silent or slow.
 */
export function judgeInstallation(sight: InstallationSight, limits: InstallationLimits): boolean | Failure {
  const said = sight.lastLines.join('\n');
  if (sight.panicked) {
    return new Failure('command-failed', "the installer's kernel panicked", {
      said,
      hint: 'Too little memory is the usual cause: install.installer.memory.',
    });
  }
  if (sight.ended && sight.poweredOff) return true;
  if (sight.ended) return new Failure('command-failed', 'the virtual machine ended before the installation was done', { said });
  if (sight.question !== undefined && sight.silent >= questionSeconds) return asked(sight.question);
  if (!sight.spoken && sight.waited >= firstWordSeconds) {
    return new Failure('timeout', `the installer said nothing within ${firstWordSeconds} s`, {
      hint: 'Is its kernel one for this architecture, with a driver for the serial console?',
    });
  }
  if (sight.waited < limits.seconds) return false;
  return new Failure('timeout', `the installation was not done within ${Math.round(limits.seconds / 60)} min`, {
    said,
    hint: 'install.installer.timeLimit of image.json allows more; without KVM a busy machine may need it.',
  });
}

function asked(question: string): Failure {
  if (downloadWords.test(question) && failureWords.test(question)) {
    return new Failure('unreachable', 'the installer could not fetch something it needs', {
      said: question,
      hint: 'Does the mirror have the whole release, with the installer’s own packages (debian-installer/binary-*) for its kernel?',
    });
  }
  return new Failure('invalid', 'the installer asks something that nobody answers', {
    said: question,
    hint: 'Answer it by a line in install.installer.preseed of image.json.',
  });
}
