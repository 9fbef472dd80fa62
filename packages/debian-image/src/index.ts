export { runStage, type StageRequest, storeFolder } from './pipeline/run-stage.ts';
export { imageFileName, readImage, stageFields, type Image, type ImageSource, type Stage } from './image/index.ts';
