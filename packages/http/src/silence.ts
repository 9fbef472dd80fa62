/** The server was silent for longer than the limits of the transport allow. */
export class SilenceError extends Error {
  override readonly name = 'SilenceError';
}
