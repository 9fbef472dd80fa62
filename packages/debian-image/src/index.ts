export { keyInFile, usualKeyFile } from './exchange/index.ts';
export { printedBy } from './host/runtime-input.ts';
export { type StageRequest, storeFolder } from './pipeline/open-build.ts';
export { reproduce } from './pipeline/reproduce.ts';
export { runStage } from './pipeline/run-stage.ts';
export { openShell } from './pipeline/shell.ts';
export { collectStore, type StoreRequest, storeUsage } from './pipeline/store/commands.ts';
export { imageFileName, readImage, stageFields, type Image, type ImageSource, type Neighbours, type Stage } from './image/index.ts';
