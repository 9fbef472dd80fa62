export { command, printable, quote, type Command } from './command.ts';
export { availableMemory, isRoot, requireSubordinateIds } from './machine.ts';
export { type ProgramNeed, requireProgram } from './require-program.ts';
export { run, type Ran, type RunOptions } from './run.ts';
