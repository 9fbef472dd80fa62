/** What a running guest should turn out to be. */
export interface Expectation {
  /** The flavour's disk in bytes; undefined where the root file system does not grow. */
  readonly disk: number | undefined;
  /** The flavour's memory in bytes. */
  readonly memory: number;
  readonly locales: readonly string[];
  readonly packages: readonly string[];
  readonly modules: readonly string[];
}
