import { shortened } from '@nx-debian-image/http';

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/**
 * The words of an error body: the message of Keystone's JSON (`{"error": {"message"}}`) or of Glance's (`{"message"}`), the text
 * below the heading of Glance's HTML, else the text itself. Empty where nothing was said.
 */
export function saidIn(body: string): string {
  const text = body.trim();
  const message = text.startsWith('{') ? messageOf(text) : undefined;
  const words = message ?? (/<(html|body|h1)\b/i.test(text) ? textOfHtml(text) : text);
  // Glance ends its words with <br />, in JSON too.
  return shortened(words.replaceAll(/<br\s*\/?>/gi, '\n'));
}

function messageOf(text: string): string | undefined {
  try {
    const parsed = JSON.parse(text) as { error?: { message?: unknown }; message?: unknown };
    const message = parsed.error?.message ?? parsed.message;
    return typeof message === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
}

function textOfHtml(html: string): string {
  return html
    .replace(/^[\s\S]*<\/h1>/i, '')
    .replaceAll(/<br\s*\/?>/gi, '\n')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/&(#x[\da-f]+|#\d+|\w+);/gi, (whole, name: string) => {
      if (name.startsWith('#')) return String.fromCodePoint(Number(`0${name.slice(1)}`));
      return entities[name.toLowerCase()] ?? whole;
    })
    .replaceAll(/^ +/gm, '')
    .trim();
}
