export { serialConsole, type ConfigureFacts } from './facts.ts';
export { planFiles, planScripts, type FileEntry, type StagedFile } from './files.ts';
export { explainMarkers, parseMarker, type Marker } from './markers.ts';
export { planConfigure } from './plan.ts';
export { renderScript, type ConfigureScript, type Step } from './script.ts';
export { rootLabel } from './steps/fstab.ts';
export { divertInitramfs, restoreInitramfs } from './steps/initramfs.ts';
