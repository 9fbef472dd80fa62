export { command, printable, quote, type Command } from './command.ts';
export { run, type Ran, type RunOptions } from './run.ts';
