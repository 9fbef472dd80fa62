import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { canonicalJson, inFolder } from '@nx-debian-image/artifact-store';
import type { StageRequest } from '../open-build.ts';

/** How a person or a program wants to be told. */
export interface ReportOptions {
  /** JSON in place of the table. */
  readonly json?: boolean;
  /** A file that gets the JSON, relative to the workspace: Nx writes lines of its own around what is printed. */
  readonly file?: string;
}

/** Tells a result: as JSON where that is asked for, else in the words of `table`; into a file too where one is named. */
export async function writeReport({ options, workspaceRoot, progress }: StageRequest, result: unknown, table: () => string): Promise<void> {
  const { json = false, file } = options as ReportOptions;
  const text = canonicalJson(result);
  if (file !== undefined) {
    const path = resolve(workspaceRoot, file);
    await inFolder(path, () => writeFile(path, text));
  }
  progress.step(json ? text.trimEnd() : table());
}
