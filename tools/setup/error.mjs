/** What keeps the set-up from going on, with what to do about it; shown without a stack. */
export class SetupError extends Error {}
