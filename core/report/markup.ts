const ENTITIES: { [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it stands in markup, between tags and in attributes. Characters that XML forbids are left out. */
export function escaped(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get in
      .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      .replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!)
  );
}

/** Text that is markup already. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

type Value = Markup | string | number | null | readonly Markup[];

/** A template of markup: what is put in is escaped unless it is markup itself; null is nothing. */
export function markup(parts: TemplateStringsArray, ...values: Value[]): Markup {
  const text = parts.map((part, i) => part + (i < values.length ? inserted(values[i]!) : ''));
  return new Markup(text.join(''));
}

function inserted(value: Value): string {
  if (value === null) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map(String).join('');
  return escaped(String(value));
}
