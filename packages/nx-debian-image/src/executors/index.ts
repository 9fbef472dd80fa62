export { default as configure } from './configure.ts';
export { default as convert } from './convert.ts';
export { default as extract } from './extract.ts';
export { default as install } from './install.ts';
export { default as shell } from './shell.ts';
export { default as shrink } from './shrink.ts';
export { default as upload } from './upload.ts';
