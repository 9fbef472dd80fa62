import { Failure } from '@nx-debian-image/report';
import { command } from './command.ts';
import { run } from './run.ts';

const timeoutSeconds = 60;

/**
 * Starts a credential helper of docker, `docker-credential-NAME get`, with the name of a registry on its standard input (`AskHelper` of
 * openRepository). It has all variables but our own (`DEBIAN_IMAGE_*`), for it may ask a cloud or a key ring of the session; so a failure
 * tells none of them, nor what it said. Its status 1 is for who asks.
 */
export async function askCredentialHelper(
  environment: NodeJS.ProcessEnv,
  program: string,
  registry: string,
): Promise<{ readonly stdout: string; readonly status: number }> {
  const given = Object.entries(environment).filter(([name]) => !name.startsWith('DEBIAN_IMAGE_'));
  const env = Object.fromEntries(given.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  const asking = run(command(program, ['get'], { env }), { doing: `asking ${program}`, input: registry, accept: [0, 1], timeoutSeconds });
  return asking.catch((error: unknown) => {
    if (!(error instanceof Failure)) throw error;
    const { reason, message, hint } = error;
    throw new Failure(reason, message, { where: `${program} get`, ...(hint === undefined ? {} : { hint }) });
  });
}
