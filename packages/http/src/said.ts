const mostLines = 12;
const longestLine = 300;

/** The words of a server as they are told: no control characters, no empty lines, at most twelve of 300 characters. */
export function shortened(words: string): string {
  return words
    .split('\n')
    .map((line) => line.replaceAll(/\p{Cc}/gu, '').trim())
    .filter((line) => line !== '')
    .slice(0, mostLines)
    .map((line) => line.slice(0, longestLine))
    .join('\n');
}
