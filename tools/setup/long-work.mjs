import { spawn } from 'node:child_process';

const intervalMs = 5000;

/**
 * Runs a program that takes a while: says what for, then every five seconds where it stands, and what it said only where it fails.
 * Gives its exit status; output as text with it.
 */
export function longWork(title, program, args, { env = process.env, cwd, say = console.log } = {}) {
  return new Promise((resolve) => {
    say(title);
    const begin = Date.now();
    const lines = [];
    const child = spawn(program, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const hear = (chunk) =>
      lines.push(
        ...chunk
          .toString()
          .split('\n')
          .filter((line) => line.trim() !== ''),
      );
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    const timer = setInterval(
      () => say(`  ${Math.round((Date.now() - begin) / 1000)} s: ${(lines.at(-1) ?? 'at work').slice(0, 100)}`),
      intervalMs,
    );
    const end = (status) => {
      clearInterval(timer);
      resolve({ status, output: lines.join('\n') });
    };
    child.on('error', (error) => {
      lines.push(error.message);
      end(127);
    });
    child.on('close', (status) => end(status ?? 1));
  });
}
