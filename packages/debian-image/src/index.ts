export { type StageRequest, storeFolder } from './pipeline/open-build.ts';
export { runStage } from './pipeline/run-stage.ts';
export { openShell } from './pipeline/shell.ts';
export { imageFileName, readImage, stageFields, type Image, type ImageSource, type Neighbours, type Stage } from './image/index.ts';
