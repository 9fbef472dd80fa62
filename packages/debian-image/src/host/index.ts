export { command, printable, quote, type Command } from './command.ts';
export { availableMemory, isRoot, requireSubordinateIds } from './machine.ts';
export { run, type Ran, type RunOptions } from './run.ts';
