const mostLines = 12;
const longestLine = 300;

/** The words of an error body: codes and messages as OCI registries write them (`{"errors": [...]}`), else the text; at most twelve lines. */
export function saidIn(body: string): string {
  return (messagesOf(body) ?? body.split('\n'))
    .map((line) => line.replaceAll(/<[^>]*>|\p{Cc}/gu, '').trim())
    .filter((line) => line !== '')
    .slice(0, mostLines)
    .map((line) => line.slice(0, longestLine))
    .join('\n');
}

function messagesOf(body: string): string[] | undefined {
  try {
    const { errors } = JSON.parse(body) as { errors?: unknown };
    if (!Array.isArray(errors)) return undefined;
    return errors.map((error: { code?: unknown; message?: unknown }) => [error?.code, error?.message].filter(Boolean).join(': '));
  } catch {
    return undefined;
  }
}
