export { describe, Failure, type FailureDetails, type Reason } from './failure.ts';
export { formatBytes, formatDuration } from './format.ts';
export { formatTable } from './table.ts';
export { nearest, suggest } from './nearest.ts';
export { createProgress, silent, type Meter, type Progress, type ProgressOutput } from './progress.ts';
