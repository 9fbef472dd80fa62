import { createProgress } from '@nx-debian-image/report';
import { runCommandLine } from './run.ts';

process.exitCode = await runCommandLine(process.argv.slice(2), {
  folder: process.cwd(),
  environment: process.env,
  output: process.stdout,
  errors: process.stderr,
  progress: createProgress(process.stderr),
});
