export { compareBuilds } from './diff.ts';
export { lockImage } from './lock.ts';
export { listOutdated } from './outdated.ts';
