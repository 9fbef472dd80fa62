import type { Progress } from '@nx-debian-image/report';
import { type Marker, parseMarker } from './markers.ts';

/** The lines of a failing step that are kept. */
const saidLines = 15;

/** What was heard of a script. */
export interface Heard {
  readonly onLine: (line: string) => void;
  readonly markers: readonly Marker[];
  /** The last lines that the last step's programs said. */
  readonly said: readonly string[];
}

/** Hears the lines of a script and tells its steps and notes as they come. */
export function listen(progress: Progress): Heard {
  const markers: Marker[] = [];
  const said: string[] = [];
  const onLine = (line: string): void => {
    const marker = parseMarker(line);
    if (marker === undefined) said.push(line);
    else markers.push(marker);
    if (marker?.kind === 'step') {
      said.length = 0;
      progress.step(marker.title);
    }
    if (marker?.kind === 'note') progress.note(marker.text);
    if (said.length > saidLines) said.shift();
  };
  return { onLine, markers, said };
}
