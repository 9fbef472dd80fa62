import { Failure } from '@nx-debian-image/report';
import { explainMarkers, type Marker } from './markers.ts';

export interface FailedScript {
  readonly status: number;
  readonly markers: readonly Marker[];
  readonly said: readonly string[];
  /** How to look at the tree as it stood: a sentence. */
  readonly look: string;
  /** What to do where no space was left: a sentence. */
  readonly room: string;
}

/** The failure for a script that ended with a status other than 0: what its markers say, else the step with its last lines. */
export function scriptFailure({ status, markers, said, look, room }: FailedScript): Failure {
  const explained = explainMarkers(markers);
  if (explained) return explained;
  const step = markers.findLast((marker) => marker.kind === 'step');
  const words = said.join('\n');
  if (/No space left on device/i.test(words)) {
    return new Failure('no-space', `${step?.title ?? 'configuring'}: no space left`, {
      said: words,
      hint: room,
    });
  }
  return new Failure('command-failed', `${step?.title ?? 'configuring'} failed with status ${status}`, {
    where: `the step ${step?.name ?? '?'} of configure`,
    said: words,
    hint: look,
  });
}
